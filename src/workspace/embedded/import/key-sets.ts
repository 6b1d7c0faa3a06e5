import type { Importer } from './importer.ts';
import type { RowPlan } from './row-plan.ts';

/** How often each path is in the records though no column takes it, and the paths that are another spelling of one that is read. */
export interface UnknownPaths {
  readonly unknown: ReadonlyMap<string, number>;
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

const SAMPLES = [200, 4096];

/** Names the keys behind the hashes that `appendRows` has counted. */
export async function unknownPaths(
  importer: Importer,
  plan: RowPlan,
  lines: string,
  counts: ReadonlyMap<bigint, number>,
  { caseMatters }: { readonly caseMatters: boolean },
): Promise<UnknownPaths> {
  const names = await keySetNames(importer, plan, lines, counts);
  const reads = new Map(
    plan.paths.map((path) => [
      path
        .slice(0, path[0] === 'properties' ? 2 : 1)
        .join('.')
        .toLowerCase(),
      path.join('.'),
    ]),
  );
  const unknown = new Map<string, number>();
  const aliases = new Map<string, string[]>();
  for (const [keySet, [top = [], below = []]] of names) {
    const count = counts.get(keySet) ?? 0;
    for (const path of [...top.map((key) => [key]), ...below.map((key) => ['properties', key])]) {
      if (plan.knows(path)) continue;
      const text = path.join('.');
      const meant = caseMatters ? undefined : reads.get(text.toLowerCase());
      if (meant === undefined) unknown.set(text, (unknown.get(text) ?? 0) + count);
      else if (!aliases.get(meant)?.includes(text)) aliases.set(meant, [...(aliases.get(meant) ?? []), text]);
    }
  }
  return { unknown, aliases };
}

type Names = readonly (readonly string[])[];

async function keySetNames(
  importer: Importer,
  plan: RowPlan,
  lines: string,
  counts: ReadonlyMap<bigint, number>,
): Promise<Map<bigint, Names>> {
  const found = new Map<bigint, Names>();
  // Most files have a few sets of keys, all of them among the first rows.
  for (const part of [...SAMPLES.map((most) => `SELECT * FROM (${lines}) LIMIT ${most}`), lines]) {
    for (const [keySet, names] of await importer.rows<[bigint, Names]>(plan.keySetsSql(part)))
      if (counts.has(keySet)) found.set(keySet, names);
    if (found.size >= counts.size) break;
  }
  return found;
}

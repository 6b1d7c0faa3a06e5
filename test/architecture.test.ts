import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, textOf } from './support/source-files.ts';

/** What the files of each folder of src/ may import besides their own. Imports go one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  schema: ['core'],
  state: ['core'],
  kql: ['core', 'schema'],
  events: ['core', 'schema'],
  workspace: ['core', 'schema', 'kql', 'events'],
  detectors: ['core', 'events', 'state'],
  scoring: ['core', 'detectors'],
  findings: ['core', 'schema', 'events', 'scoring'],
  rules: ['core', 'schema', 'kql', 'workspace'],
  workbook: ['core', 'schema', 'kql', 'workspace'],
  posture: ['core', 'schema', 'events', 'state', 'findings'],
  pipeline: ['core', 'schema', 'state', 'kql', 'events', 'workspace', 'detectors', 'scoring', 'findings', 'rules', 'posture'],
  simulate: ['core', 'schema', 'events'],
  evaluate: ['core', 'schema', 'kql', 'events', 'workspace', 'scoring', 'findings', 'simulate'],
  server: ['core', 'schema', 'kql', 'workspace', 'workbook'],
};

/** What the files of each folder of src/kql may import of its other folders; files right in src/kql are beside them. */
const KQL_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  runtime: ['text'],
  binder: [],
  tree: ['binder', 'text'],
  functions: ['runtime', 'text', 'tree'],
  aggregates: ['runtime', 'tree'],
  expressions: ['binder', 'text', 'tree', 'functions', 'aggregates'],
  plugins: ['tree'],
  operators: ['text', 'tree', 'functions', 'aggregates', 'expressions', 'plugins'],
};

const sources = filesBelow('src', '.ts');
const folderOf = (path: string) => path.split('/')[1]!;

describe('the folders of src/', () => {
  it('are those of the import table, each with a row and each row with a folder', () => {
    const folders = new Set(sources.map(folderOf));
    // It may import all of them.
    folders.delete('cli');
    expect(Object.keys(MAY_IMPORT).sort()).toEqual([...folders].sort());
    expect(Object.values(MAY_IMPORT).flatMap((row) => row.filter((folder) => !folders.has(folder)))).toEqual([]);
  });

  it('import one way', () => {
    const wrong = sources.flatMap((path) => {
      const own = folderOf(path);
      if (own === 'cli') return [];
      return importsOf(path)
        .filter(({ to }) => to.startsWith('src/') && folderOf(to) !== own && !MAY_IMPORT[own]!.includes(folderOf(to)))
        .map(({ to }) => `${path} -> ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(['kql', 'detectors', 'scoring'])('%s is pure: no clock, file, network or chance', (folder) => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bMath\.random\b|\bfetch\(|\bprocess\.(env|argv|cwd|hrtime)|\bset(Timeout|Interval)\b/;
    // A registry reads its own folder once, when it is loaded.
    const files = sources.filter((path) => folderOf(path) === folder && !path.endsWith('/registry.ts'));
    const wrong = files.filter(
      (path) =>
        impure.test(code(textOf(path))) || importsOf(path).some(({ to }) => /^node:(?!crypto$|buffer$|util$|module$|zlib$)/.test(to)),
    );
    expect(wrong).toEqual([]);
  });

  it('only src/cli reads argv and the environment, and sets exit codes', () => {
    const wrong = sources.filter((path) => folderOf(path) !== 'cli' && /\bprocess\.(env|argv|exit|exitCode)\b/.test(code(textOf(path))));
    expect(wrong).toEqual([]);
  });
});

describe('src/kql', () => {
  const files = sources.filter((path) => folderOf(path) === 'kql');
  /** The folder below src/kql that a file is in; undefined where it is in none. */
  const partOf = (path: string) => /^src\/kql\/([^/]+)\//.exec(path)?.[1];
  const imports = files.flatMap((from) =>
    importsOf(from)
      .filter(({ to }) => to.startsWith('src/kql/'))
      .map(({ to }) => [from, to] as const),
  );

  it('has folders that import one way', () => {
    const wrong = imports.filter(([from, to]) => {
      const [own, other] = [partOf(from), partOf(to)];
      return own !== undefined && other !== undefined && own !== other && !KQL_MAY_IMPORT[own]?.includes(other);
    });
    expect(wrong.map((pair) => pair.join(' -> '))).toEqual([]);
  });

  it('has no ring of imports, of types neither: not of files, nor of its folders and the files beside them', () => {
    expect(ringOf(imports)).toEqual([]);
    const unit = (path: string) => partOf(path) ?? path;
    const between = imports.map(([from, to]) => [unit(from), unit(to)] as const).filter(([from, to]) => from !== to);
    expect(ringOf(between)).toEqual([]);
  });

  it('a ring is found', () => {
    const ring = ringOf([
      ['a', 'b'],
      ['b', 'c'],
      ['b', 'd'],
      ['d', 'b'],
    ]);
    expect(ring).toEqual(['b', 'd', 'b']);
  });
});

describe('start-up', () => {
  it('loads no engine, parser or SDK before a command runs', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { to, typeOnly, lazy } of importsOf(path)) {
        if (typeOnly || lazy) continue;
        if (to.startsWith('src/')) visit(to);
        else if (!to.startsWith('node:')) packages.add(to);
      }
    };
    for (const path of ['src/cli/main.ts', ...filesBelow('src/cli/commands', '.ts')]) visit(path);
    expect([...packages]).toEqual(['commander']);
  });
});

describe('the text of the repository', () => {
  const texts = filesBelow('.').filter((path) => !/package-lock\.json$|\.(gz|parquet|duckdb|png|ico|woff2)$/.test(path));
  // Written with brackets so that this file does not find itself.
  const RULES: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed?: RegExp }[] = [
    { what: 'paths of a machine', pattern: /\/wor[k]\/|\/roo[t]\/|\/hom[e]\/[a-z]+\// },
    { what: 'words of unfinished work', pattern: /\b(TOD[O]|FIXM[E]|XX[X])\b/ },
    { what: 'a folder beside the repository, outside tests', pattern: /\.\.\/share[d]\b/, allowed: /^(test|\.ci)\// },
    { what: 'tests skipped or narrowed', pattern: /\b(it|test|describe)\.(onl[y]|tod[o])\(/ },
  ];
  it.each(RULES)('has no $what', ({ pattern, allowed }) => {
    const wrong = texts.filter((path) => !allowed?.test(path) && pattern.test(textOf(path)));
    expect(wrong).toEqual([]);
  });
});

/** The first way found that leads back to where it starts; empty where there is none. */
function ringOf(edges: readonly (readonly [from: string, to: string])[]): string[] {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (at: string, way: readonly string[]): string[] => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return [];
    for (const to of next.get(at) ?? []) {
      const ring = walk(to, [...way, at]);
      if (ring.length > 0) return ring;
    }
    done.add(at);
    return [];
  };
  return [...next.keys()].map((from) => walk(from, [])).find((ring) => ring.length > 0) ?? [];
}

/** A file's text without its comments, so that a comment may name what code must not use. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

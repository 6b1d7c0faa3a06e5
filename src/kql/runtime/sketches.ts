import { datetimeText, timespanText } from '../../core/ticks.ts';
import type { RuntimeFunction } from './function-row.ts';
import { isNumber, type Json, parseJson } from './json.ts';

/**
 * The intermediate results of hll() and tdigest(). Kusto's own form is not published and may change, so these have one of their
 * own, marked by its first item; a query may count and merge them but not show them.
 *
 * hll: the accuracy that was asked for, then the smallest SKETCH_SIZE hashes of 53 bits. Fewer are all there are, so that the count
 * is exact; else the largest one tells how densely hashes lie (error 1 / sqrt(SKETCH_SIZE), 0.8 %, as Kusto's at its default
 * accuracy). By the documentation of hll_merge sketches of different accuracy cannot be merged.
 */
export const SKETCH_SIZE = 16_384;
export const HLL_MARK = '$hll';
export const DIGEST_MARK = '$tdigest';
const RANGE = 2 ** 53;

interface Sketch {
  readonly accuracy: number;
  readonly hashes: readonly number[];
}

function sketchOf(value: Json | undefined): Sketch {
  if (!Array.isArray(value) || value[0] !== HLL_MARK) throw new Error('what hll() did not give, taken for a sketch, is not supported');
  const [accuracy = 0, ...hashes] = value.slice(1).map((n) => Number(n !== null && isNumber(n) ? n.number : Number.NaN));
  return { accuracy, hashes };
}

/** Sketches in an array; nulls are none. */
function sketches(text: string): Sketch[] {
  const items = parseJson(text);
  const all = (Array.isArray(items) ? items : []).filter((item) => item !== null).map(sketchOf);
  if (all.some((s) => s.accuracy !== all[0]!.accuracy)) throw new Error('merging sketches of hll() of different accuracy is not supported');
  return all;
}

function merged(all: readonly Sketch[]): Sketch {
  const hashes = [...new Set(all.flatMap((s) => s.hashes))].sort((a, b) => a - b).slice(0, SKETCH_SIZE);
  return { accuracy: all[0]!.accuracy, hashes };
}

function count({ hashes }: Sketch): number {
  if (hashes.length < SKETCH_SIZE) return hashes.length;
  return Math.round(((hashes.length - 1) / hashes.at(-1)!) * RANGE);
}

/** How many values all of the sketches hold: exact while none is full, else from the hashes below the lowest limit. */
function common(all: readonly Sketch[]): number {
  const limit = Math.min(...all.map(({ hashes }) => (hashes.length < SKETCH_SIZE ? RANGE : hashes.at(-1)!)));
  const below = all.map(({ hashes }) => new Set(hashes.filter((h) => h < limit)));
  const shared = [...below[0]!].filter((h) => below.every((s) => s.has(h))).length;
  return limit === RANGE ? shared : Math.round((shared / limit) * RANGE);
}

function writeSketch({ accuracy, hashes }: Sketch): string {
  return `["${HLL_MARK}",${[accuracy, ...hashes].join(',')}]`;
}

/** tdigest: values with their weights, in order; of many, as many groups of equal weight, each told by its middle. */
const CENTROIDS = 4096;

interface Digest {
  readonly kind: string;
  readonly points: readonly (readonly [value: string, weight: number])[];
}

function compare(kind: string): (a: readonly [string, number], b: readonly [string, number]) => number {
  if (kind === 'real') return ([a], [b]) => Number(a) - Number(b);
  return ([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0);
}

function digestOf(kind: string, points: readonly (readonly [string, number])[]): Digest {
  const weights = new Map<string, number>();
  for (const [value, weight] of points) weights.set(value, (weights.get(value) ?? 0) + weight);
  const sorted = [...weights].sort(compare(kind));
  if (sorted.length <= 2 * CENTROIDS) return { kind, points: sorted };
  const total = sorted.reduce((sum, [, w]) => sum + w, 0);
  const out: [string, number][] = [sorted[0]!];
  let [sum, before, group] = [0, 0, 0];
  let middle = sorted[1]![0];
  for (const [value, weight] of sorted.slice(1, -1)) {
    if (sum < (group + 0.5) * (total / CENTROIDS)) middle = value;
    sum += weight;
    if (sum >= (group + 1) * (total / CENTROIDS)) {
      out.push([middle, sum - before]);
      [before, group] = [sum, Math.floor(sum / (total / CENTROIDS))];
      middle = value;
    }
  }
  if (sum > before) out.push([middle, sum - before]);
  return { kind, points: [...out, sorted.at(-1)!] };
}

function readDigest(value: Json | undefined): Digest {
  if (!Array.isArray(value) || value[0] !== DIGEST_MARK)
    throw new Error('what tdigest() did not give, taken for a sketch, is not supported');
  const text = (item: Json | undefined) => (item !== null && item !== undefined && isNumber(item) ? item.number : String(item));
  const points = value.slice(2).map((p) => (Array.isArray(p) ? ([text(p[0]), Number(text(p[1]))] as const) : (['0', 0] as const)));
  return { kind: String(value[1]), points };
}

function writeDigest({ kind, points }: Digest): string {
  const cell = (value: string) => (/^-?[\d.]/.test(value) && !/[eE]/.test(value) ? value : JSON.stringify(value));
  return `["${DIGEST_MARK}","${kind}"${points.map(([v, w]) => `,[${cell(v)},${w}]`).join('')}]`;
}

/** The value at which the weights, summed in order, reach the share of their total: what percentile() answers. */
function percentile({ points }: Digest, share: number): string | undefined {
  const target = points.reduce((sum, [, w]) => sum + w, 0) * (share / 100);
  let sum = 0;
  for (const [value, weight] of points) {
    sum += weight;
    if (sum >= target) return value;
  }
  return points.at(-1)?.[0];
}

function dynamicOf(kind: string, value: string | undefined): string {
  if (value === undefined) return 'null';
  if (kind === 'datetime') return JSON.stringify(datetimeText(BigInt(value)));
  if (kind === 'timespan') return JSON.stringify(timespanText(BigInt(value)));
  return kind === 'real' && /^-?\d+$/.test(value) ? `${value}.0` : value;
}

export const sketchFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_hll_merge', takes: ['VARCHAR'], returns: 'VARCHAR', call: (all: string) => mergeOrNull(all) },
  {
    name: 'kqlf_hll_count',
    takes: ['VARCHAR'],
    returns: 'BIGINT',
    call: (text: string) => BigInt(count(sketchOf(parseJson(text)))),
  },
  { name: 'kqlf_hll_common', takes: ['VARCHAR'], returns: 'BIGINT', call: (all: string) => BigInt(common(sketches(all))) },
  {
    name: 'kqlf_tdigest',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (kind: string, values: string, weights: string) => {
      const [texts, counts] = [values.split(','), weights.split(',')];
      return values === ''
        ? null
        : writeDigest(
            digestOf(
              kind,
              texts.map((v, i) => [v, Number(counts[i])] as const),
            ),
          );
    },
  },
  {
    name: 'kqlf_tdigest_merge',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const items = parseJson(text);
      const all = (Array.isArray(items) ? items : []).filter((item) => item !== null).map(readDigest);
      const kind = all[0]?.kind;
      if (kind === undefined) return null;
      if (all.some((d) => d.kind !== kind)) throw new Error('merging digests of values of several types is not supported');
      return writeDigest(
        digestOf(
          kind,
          all.flatMap((d) => d.points),
        ),
      );
    },
  },
  {
    name: 'kqlf_tdigest_percentile',
    takes: ['VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, share: number) => {
      const digest = readDigest(parseJson(text));
      return dynamicOf(digest.kind, percentile(digest, share));
    },
  },
  {
    name: 'kqlf_tdigest_percentiles',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, shares: string) => {
      const digest = readDigest(parseJson(text));
      const wanted = parseJson(shares);
      if (!Array.isArray(wanted)) return null;
      return `[${wanted.map((p) => dynamicOf(digest.kind, percentile(digest, Number(p !== null && isNumber(p) ? p.number : Number.NaN)))).join(',')}]`;
    },
  },
  {
    name: 'kqlf_tdigest_rank',
    takes: ['VARCHAR', 'VARCHAR', 'BOOLEAN'],
    returns: 'DOUBLE',
    call: (text: string, value: string, percent: boolean) => {
      const digest = readDigest(parseJson(text));
      const order = compare(/^-?\d+$/.test(value) ? digest.kind : 'real');
      const rank = digest.points.reduce((sum, p) => sum + (order(p, [value, 1]) <= 0 ? p[1] : 0), 0);
      return percent ? (rank / digest.points.reduce((sum, [, w]) => sum + w, 0)) * 100 : rank;
    },
  },
];

function mergeOrNull(all: string): string | null {
  const found = sketches(all);
  return found.length === 0 ? null : writeSketch(merged(found));
}

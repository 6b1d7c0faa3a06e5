import type { RuntimeFunction } from './function-row.ts';
import { compareJson, isNumber, type Json, parseJson, writeJson } from './json.ts';

/** The arrays inside an array; undefined where one of them is none. */
function arrays(text: string): Json[][] | undefined {
  const all = parseJson(text);
  return Array.isArray(all) && all.every((a) => Array.isArray(a)) ? (all as Json[][]) : undefined;
}

/** A place counted from the end where it is negative, held inside the array. */
function place(at: bigint, length: number): number {
  return Math.max(0, Math.min(length, Number(at < 0n ? at + BigInt(length) : at)));
}

/** True and false by themselves, numbers by being zero; of anything else nothing is chosen. */
function truth(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value !== null && isNumber(value) ? Number(value.number) !== 0 : undefined;
}

function over(text: string, change: (items: Json[]) => Json[]): string | null {
  const items = parseJson(text);
  return Array.isArray(items) ? writeJson(change(items)) : null;
}

function rotated(items: Json[], by: bigint): Json[] {
  if (items.length === 0) return items;
  const n = BigInt(items.length);
  const at = Number(((by % n) + n) % n);
  return [...items.slice(at), ...items.slice(0, at)];
}

function shifted(items: Json[], by: bigint, filler: Json): Json[] {
  return items.map((_, i) => {
    const from = BigInt(i) + by;
    return from >= 0n && from < BigInt(items.length) ? items[Number(from)]! : filler;
  });
}

function cut(items: Json[], places: readonly bigint[]): Json[] {
  const at = places.map((p) => place(p, items.length));
  return [...at, items.length].map((end, i) => items.slice(i === 0 ? 0 : at[i - 1]!, end));
}

function longs(value: Json | undefined): bigint[] | undefined {
  const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const numbers = items.map((v) => (v !== null && isNumber(v) && /^-?\d+$/.test(v.number) ? BigInt(v.number) : undefined));
  return numbers.includes(undefined) ? undefined : (numbers as bigint[]);
}

export const arrayFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_array_iff',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (conditions: string, yes: string, no: string) => {
      const [a, b] = [parseJson(yes) ?? null, parseJson(no) ?? null];
      const pick = (from: Json, i: number) => (Array.isArray(from) ? (from[i] ?? null) : from);
      return over(conditions, (items) =>
        items.map((item, i) => {
          const chosen = truth(item);
          return chosen === undefined ? null : pick(chosen ? a : b, i);
        }),
      );
    },
  },
  {
    name: 'kqlf_array_rotate',
    takes: ['VARCHAR', 'BIGINT'],
    returns: 'VARCHAR',
    call: (text: string, by: bigint) => over(text, (items) => rotated(items, by)),
  },
  {
    name: 'kqlf_array_shift',
    takes: ['VARCHAR', 'BIGINT', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, by: bigint, filler: string) =>
      over(text, (items) => {
        // Without a filler: an empty text among texts, else null.
        if (filler !== '') return shifted(items, by, parseJson(filler) ?? null);
        const texts = items.filter((v) => typeof v === 'string').length;
        if (texts > 0 && texts < items.length) throw new Error('array_shift of texts and other values without a filler is not supported');
        return shifted(items, by, texts > 0 ? '' : null);
      }),
  },
  {
    name: 'kqlf_array_split',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, at: string) => {
      const places = longs(parseJson(at));
      if (places?.some((p, i) => i > 0 && p <= places[i - 1]!)) throw new Error('array_split by indices that do not grow is not supported');
      return places ? over(text, (items) => cut(items, places)) : null;
    },
  },
  {
    name: 'kqlf_zip',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const all = arrays(text);
      if (!all) return null;
      const rows = Array.from({ length: Math.max(0, ...all.map((a) => a.length)) }, (_, i) => all.map((a) => a[i] ?? null));
      return writeJson(rows);
    },
  },
  {
    name: 'kqlf_jaccard',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'DOUBLE',
    call: (left: string, right: string) => {
      const [a, b] = [parseJson(left), parseJson(right)];
      if (!Array.isArray(a) || !Array.isArray(b)) return null;
      const [x, y] = [new Set(a.map(writeJson)), new Set(b.map(writeJson))];
      const all = new Set([...x, ...y]).size;
      return all === 0 ? Number.NaN : [...x].filter((v) => y.has(v)).length / all;
    },
  },
  {
    name: 'kqlf_bag_zip',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (keys: string, values: string) => {
      const [k, v] = [parseJson(keys), parseJson(values)];
      if (!Array.isArray(k)) return null;
      const out = new Map<string, Json>();
      for (const [i, key] of k.entries()) if (typeof key === 'string') out.set(key, Array.isArray(v) ? (v[i] ?? null) : null);
      return writeJson(out);
    },
  },
  {
    name: 'kqlf_bag_has_key',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'BOOLEAN',
    call: (bag: string, key: string) => {
      let value = parseJson(bag);
      if (!(value instanceof Map)) return null;
      // A key that begins with a dollar sign may be meant as it stands.
      const steps = value.has(key) ? [key] : pathOf(key);
      for (const step of steps) {
        if (!(value instanceof Map) || !value.has(step)) return false;
        value = value.get(step);
      }
      return true;
    },
  },
  {
    name: 'kqlf_array_index_of',
    takes: ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT', 'BIGINT'],
    returns: 'BIGINT',
    call: (text: string, wanted: string, start: bigint, length: bigint, nth: bigint) => {
      const items = parseJson(text);
      if (!Array.isArray(items) || nth < 0n || length < -1n) return null;
      if (nth === 0n) throw new Error('array_index_of of occurrence 0 is not supported');
      const value = parseJson(wanted) ?? null;
      const same = (item: Json) =>
        item !== null && value !== null && isNumber(item) && isNumber(value)
          ? Number(item.number) === Number(value.number)
          : writeJson(item) === writeJson(value);
      const from = Math.max(0, Number(start < 0n ? start + BigInt(items.length) : start));
      const to = length < 0n ? items.length : from + Number(length);
      const hits = items.map((item, i) => (i >= from && i < to && same(item) ? i : -1)).filter((i) => i >= 0);
      return BigInt(hits[Number(nth) - 1] ?? -1);
    },
  },
  {
    name: 'kqlf_bag_remove_keys',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (bag: string, keys: string) => {
      const [value, names] = [parseJson(bag), parseJson(keys)];
      if (!(value instanceof Map) || !Array.isArray(names)) return null;
      let out: Json = value;
      for (const name of names) if (typeof name === 'string') out = without(out, pathOf(name));
      return writeJson(out);
    },
  },
  {
    name: 'kqlf_bag_set_key',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (bag: string, key: string, value: string) => {
      const target = parseJson(bag);
      return target instanceof Map ? writeJson(withKey(target, pathOf(key), parseJson(value) ?? null)) : null;
    },
  },
  {
    name: 'kqlf_sort_together',
    takes: ['VARCHAR', 'BOOLEAN', 'BOOLEAN'],
    returns: 'VARCHAR',
    call: (text: string, desc: boolean, nullsLast: boolean) => {
      const all = parseJson(text);
      const [keys, ...rest] = Array.isArray(all) ? all : [];
      if (!Array.isArray(keys)) return Array.isArray(all) ? writeJson(all.map(() => null)) : null;
      const order = keys.map((_, i) => i).sort((a, b) => compareKeys(keys[a]!, keys[b]!, desc, nullsLast));
      const others = rest.map((other): Json => {
        if (!Array.isArray(other) || other.length !== keys.length) return null;
        // Which of two equal keys comes first is not known.
        for (const [i, at] of order.entries())
          if (i > 0 && compareKeys(keys[at]!, keys[order[i - 1]!]!, desc, nullsLast) === 0)
            if (writeJson(other[at]!) !== writeJson(other[order[i - 1]!]!)) throw new Error('array_sort by equal keys is not supported');
        return order.map((at) => other[at]!);
      });
      return writeJson([order.map((at) => keys[at]!), ...others]);
    },
  },
  { name: 'kqlf_treepath', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => writeJson(paths(parseJson(text) ?? null, '')) },
];

/** `$.a.b` says a path, anything else is a key as it stands. */
function pathOf(name: string): string[] {
  if (!name.startsWith('$')) return [name];
  if (!/^(?:\$?\.[A-Za-z_][\w-]*)+$/.test(name)) throw new Error(`the path '${name.slice(0, 80)}' is not supported`);
  return name.slice(2).split('.');
}

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  if (!(value instanceof Map) || key === undefined || !value.has(key)) return value;
  if (rest.length === 0) return new Map([...value].filter(([k]) => k !== key));
  return new Map([...value].map(([k, v]) => [k, k === key ? without(v, rest) : v]));
}

function withKey(value: Json, [key, ...rest]: readonly string[], item: Json): Json {
  const out = new Map(value instanceof Map ? value : []);
  if (key === undefined) return item;
  out.set(key, rest.length === 0 ? item : withKey(out.get(key) ?? null, rest, item));
  return out;
}

/** Every place in a value, as its path is written: `['a']['b'][0]`. */
function paths(value: Json, at: string): Json[] {
  if (Array.isArray(value))
    return value.length === 0
      ? []
      : [`${at}[0]`, ...value.flatMap((v) => paths(v, `${at}[0]`))].filter((p, i, all) => all.indexOf(p) === i);
  if (value instanceof Map) return [...value].flatMap(([k, v]) => [`${at}['${k}']`, ...paths(v, `${at}['${k}']`)]);
  return [];
}

function compareKeys(a: Json, b: Json, desc: boolean, nullsLast: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  return compareJson(a, b, desc);
}

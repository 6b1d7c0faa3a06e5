import { datetimeFromText, inDatetimeRange } from '../text/datetime.ts';
import { timespanFromText } from '../text/timespan.ts';
import type { RuntimeFunction } from './function-row.ts';
import { compareJson, type Json, parseJson, writeJson } from './json.ts';

export type { RuntimeFunction } from './function-row.ts';

export const runtimeFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_datetime',
    takes: ['VARCHAR'],
    returns: 'BIGINT',
    call: (text: string) => {
      const ticks = datetimeFromText(text);
      return ticks !== undefined && inDatetimeRange(ticks) ? ticks : null;
    },
  },
  {
    name: 'kqlf_timespan',
    takes: ['VARCHAR'],
    returns: 'BIGINT',
    // What a row holds is anybody's text: a clock such as 25:61:00 is null there, as whatever cannot be converted is, and ends no query.
    call: (text: string) => (/^\s*[+-]?\d*\.\d+\s*$/.test(text) ? null : (timespanFromText(text) ?? null)),
  },
  {
    name: 'kqlf_parse_json',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      if (text.trim() === '') return null;
      const value = parseJson(text);
      return value === null ? null : value === undefined ? JSON.stringify(text) : writeJson(value);
    },
  },
  {
    name: 'kqlf_sorted_json',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const value = parseJson(text);
      return value === undefined ? null : writeJson(sortKeys(value));
    },
  },
  {
    name: 'kqlf_array_slice',
    takes: ['VARCHAR', 'BIGINT', 'BIGINT'],
    returns: 'VARCHAR',
    call: (text: string, from: bigint, to: bigint) => {
      const value = parseJson(text);
      if (!Array.isArray(value)) return null;
      const place = (n: bigint) => Number(n < 0n ? n + BigInt(value.length) : n);
      return writeJson(value.slice(Math.max(0, place(from)), Math.max(0, place(to) + 1)));
    },
  },
  {
    name: 'kqlf_bag_merge',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (left: string, right: string) => {
      const [a, b] = [parseJson(left), parseJson(right)];
      if (!(a instanceof Map)) return b instanceof Map ? right : null;
      return b instanceof Map ? writeJson(new Map([...a, ...[...b].filter(([key]) => !a.has(key))])) : left;
    },
  },
  {
    name: 'kqlf_make_bag',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const bags = parseJson(text);
      const out = new Map<string, Json>();
      for (const bag of Array.isArray(bags) ? bags : [])
        if (bag instanceof Map) for (const [key, value] of bag) if (!out.has(key)) out.set(key, value);
      return writeJson(out);
    },
  },
  {
    name: 'kqlf_bag_first',
    takes: ['VARCHAR', 'BIGINT'],
    returns: 'VARCHAR',
    call: (text: string, count: bigint) => {
      const bag = parseJson(text);
      return bag instanceof Map ? writeJson(new Map([...bag].slice(0, Math.max(0, Number(count))))) : null;
    },
  },
  {
    name: 'kqlf_array_sort',
    takes: ['VARCHAR', 'BOOLEAN'],
    returns: 'VARCHAR',
    call: (text: string, desc: boolean) => {
      const value = parseJson(text);
      if (!Array.isArray(value)) return null;
      const items = value.filter((v) => v !== null).sort((a, b) => compareJson(a, b, desc));
      return writeJson([...items, ...value.filter((v) => v === null)]);
    },
  },
];

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!(value instanceof Map)) return value;
  return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sortKeys(item)]));
}

import type { RuntimeFunction } from './function-row.ts';
import { isNumber, type Json, parseJson, writeJson } from './json.ts';

const ITEM = '`indexer`';

function unsure(what: string): never {
  throw new Error(`buildschema over ${what} is not supported`);
}

function kindOf(value: Json): string {
  if (value === null) return unsure('a null inside a bag or array');
  if (typeof value === 'boolean') return unsure('booleans');
  if (typeof value === 'string') return 'string';
  if (isNumber(value)) return /^-?\d+$/.test(value.number) ? 'long' : 'double';
  return Array.isArray(value) ? 'array' : 'bag';
}

/** The schema that admits all of the values: a type, a bag of schemas, or a list of several; bags come first in it, as measured. */
function schemaOf(values: readonly Json[]): Json {
  const kinds = [...new Set(values.map(kindOf))];
  if (kinds.length === 0) return unsure('an empty array');
  const simple = kinds.filter((k) => k !== 'array' && k !== 'bag');
  if (kinds.length - simple.length > 1) return unsure('bags and arrays in one place');
  // Whether types stand in the order of their names or of their appearance is not known.
  if (simple.some((k, i) => i > 0 && k < simple[i - 1]!)) return unsure('types that do not appear in the order of their names');
  const out: Json[] = [];
  const bags = values.filter((v): v is Map<string, Json> => v instanceof Map);
  if (bags.length > 0) out.push(bagSchema(bags));
  const arrays = values.filter((v): v is Json[] => Array.isArray(v));
  if (arrays.length > 0) out.push(new Map([[ITEM, schemaOf(arrays.flat())]]));
  out.push(...simple);
  return out.length === 1 ? out[0]! : out;
}

function bagSchema(bags: readonly Map<string, Json>[]): Json {
  const keys = new Set(bags.flatMap((bag) => [...bag.keys()]));
  return new Map([...keys].map((key) => [key, schemaOf(bags.flatMap((bag) => (bag.has(key) ? [bag.get(key)!] : [])))]));
}

export const schemaFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_build_schema',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const values = parseJson(text);
      if (!Array.isArray(values) || values.length === 0) return null;
      if (values.some((v) => !(v instanceof Map))) return unsure('values that are no bags');
      return writeJson(schemaOf(values));
    },
  },
];

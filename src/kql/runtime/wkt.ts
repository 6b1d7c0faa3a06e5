import { isNumber, type Json, parseJson, writeJson } from './json.ts';

const WKT: Readonly<Record<string, readonly [type: string, depth: number]>> = {
  POINT: ['Point', 0],
  LINESTRING: ['LineString', 1],
  MULTIPOINT: ['MultiPoint', 1],
  POLYGON: ['Polygon', 2],
  MULTILINESTRING: ['MultiLineString', 2],
  MULTIPOLYGON: ['MultiPolygon', 3],
};

/** Two numbers. A number can only be read in one way and only begins where none is under way, so that long digits cost no more than their length. */
const PAIR = /(?<![\d.])[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?\s+[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?/g;

/** Well-known text, turned into the brackets of JSON. */
export function fromWkt(text: string): string | null {
  const m = /^\s*([A-Za-z]+)\s*(\(.*\))\s*$/s.exec(text);
  const kind = m && WKT[m[1]!.toUpperCase()];
  if (m?.[1]?.toUpperCase() === 'GEOMETRYCOLLECTION') return collection(m[2]!.slice(1, -1));
  if (!m || !kind) return null;
  const body = kind[0] === 'MultiPoint' ? m[2]!.replace(/\(([^()]+)\)(?=\s*[,)])/g, '$1') : m[2]!;
  const json = body
    .replace(
      PAIR,
      (pair) =>
        `[${pair
          .trim()
          .split(/\s+/)
          .map((n) => String(Number(n)))
          .join(',')}]`,
    )
    .replaceAll('(', '[')
    .replaceAll(')', ']');
  const value = parseJson(kind[0] === 'Point' ? json.replace(/^\[(.*)\]$/s, '$1') : json);
  if (value === undefined || !isNested(value, kind[1])) return null;
  return writeJson(
    new Map<string, Json>([
      ['type', kind[0]],
      ['coordinates', value],
    ]),
  );
}

/** Shapes one behind the other, none of which is a collection itself. */
function collection(text: string): string | null {
  const parts = text.split(/,(?=\s*[A-Za-z])/).map((part) => (/^\s*geometrycollection/i.test(part) ? null : fromWkt(part)));
  return parts.includes(null) ? null : `{"type":"GeometryCollection","geometries":[${parts.join(',')}]}`;
}

function isNested(value: Json, depth: number): boolean {
  if (!Array.isArray(value)) return false;
  if (depth > 0) return value.length > 0 && value.every((v) => isNested(v, depth - 1));
  return value.length === 2 && value.every((v) => v !== null && isNumber(v));
}

import type { RuntimeFunction } from './function-row.ts';
import { geoJson, type Place } from './geo-json.ts';

const LETTERS = '0123456789bcdefghjkmnpqrstuvwxyz';

/** A cell by its column and row, of so many letters. */
interface Cell {
  readonly x: bigint;
  readonly y: bigint;
  readonly letters: number;
}

/** Longitude takes the first bit of each letter pair. */
function bits(letters: number): [x: bigint, y: bigint] {
  return [BigInt(Math.ceil((letters * 5) / 2)), BigInt(Math.floor((letters * 5) / 2))];
}

function cellOf(hash: string): Cell | undefined {
  const values = [...hash.toLowerCase()].map((c) => LETTERS.indexOf(c));
  if (values.length < 1 || values.length > 18 || values.includes(-1)) return undefined;
  let [x, y, even] = [0n, 0n, true];
  for (const value of values)
    for (let bit = 4; bit >= 0; bit--, even = !even) {
      const one = BigInt((value >> bit) & 1);
      if (even) x = (x << 1n) | one;
      else y = (y << 1n) | one;
    }
  return { x, y, letters: values.length };
}

function hashOf({ x, y, letters }: Cell): string {
  let [atX, atY] = bits(letters);
  let out = '';
  for (let i = 0, even = true; i < letters; i++) {
    let value = 0;
    for (let bit = 0; bit < 5; bit++, even = !even) value = value * 2 + Number(even ? (x >> --atX) & 1n : (y >> --atY) & 1n);
    out += LETTERS[value];
  }
  return out;
}

function encode(longitude: number, latitude: number, letters: bigint): string | null {
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90) || letters < 1n || letters > 18n) return null;
  const [bx, by] = bits(Number(letters));
  return hashOf({ x: place(longitude, -180, 180, bx), y: place(latitude, -90, 90, by), letters: Number(letters) });
}

/** By halving, as the definition has it: no rounding of a product can put a point into the next cell. */
function place(value: number, from: number, to: number, count: bigint): bigint {
  let [low, high, out] = [from, to, 0n];
  for (let i = 0n; i < count; i++) {
    const middle = (low + high) / 2;
    out <<= 1n;
    if (value >= middle) {
      out |= 1n;
      low = middle;
    } else high = middle;
  }
  return out;
}

function box({ x, y, letters }: Cell): [west: number, south: number, east: number, north: number] {
  const [bx, by] = bits(letters);
  const [width, height] = [360 / 2 ** Number(bx), 180 / 2 ** Number(by)];
  return [-180 + Number(x) * width, -90 + Number(y) * height, -180 + Number(x + 1n) * width, -90 + Number(y + 1n) * height];
}

/** West, south-west, south, south-east, north-east, east, north, north-west. */
const AROUND: readonly (readonly [bigint, bigint])[] = [
  [-1n, 0n],
  [-1n, -1n],
  [0n, -1n],
  [1n, -1n],
  [1n, 1n],
  [1n, 0n],
  [0n, 1n],
  [-1n, 1n],
];

function neighbours(cell: Cell): string {
  const [bx, by] = bits(cell.letters);
  const hashes = AROUND.map(([dx, dy]) => {
    const y = cell.y + dy;
    if (y < 0n || y >> by > 0n) throw new Error('geo_geohash_neighbors at a pole is not supported');
    return hashOf({ ...cell, x: (cell.x + dx + (1n << bx)) % (1n << bx), y });
  });
  return JSON.stringify(hashes);
}

function over(call: (cell: Cell) => string) {
  return (hash: string): string | null => {
    const cell = cellOf(hash);
    return cell ? call(cell) : null;
  };
}

export const geohashFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_geohash', takes: ['DOUBLE', 'DOUBLE', 'BIGINT'], returns: 'VARCHAR', call: encode },
  {
    name: 'kqlf_geohash_centre',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: over((cell) => {
      const [west, south, east, north] = box(cell);
      return geoJson('Point', [(west + east) / 2, (south + north) / 2]);
    }),
  },
  {
    name: 'kqlf_geohash_polygon',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: over((cell) => {
      const [w, s, e, n] = box(cell);
      const ring: Place[] = [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ];
      return geoJson('Polygon', [ring]);
    }),
  },
  { name: 'kqlf_geohash_neighbors', takes: ['VARCHAR'], returns: 'VARCHAR', call: over(neighbours) },
];

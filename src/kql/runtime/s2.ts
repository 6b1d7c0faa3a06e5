import type { RuntimeFunction } from './function-row.ts';
import { geoJson, geoPoint } from './geo-json.ts';
import { edges, holds, inside, type Polygons, polygons } from './shapes.ts';
import { add, coordinates, cross, dot, norm, type Point, pointAt, ringArea, scaled } from './sphere.ts';

/**
 * Cells of S2 (https://s2geometry.io/devguide/s2cell_hierarchy): the six sides of a cube around the earth, quartered up to 30 times
 * along a Hilbert curve.
 */
interface Cell {
  readonly face: number;
  readonly level: number;
  /** Column and row on the face, in cells of the level. */
  readonly i: number;
  readonly j: number;
}

const DEEPEST = 30;

/** Which quarter (column, row) comes at which place of the curve, by its orientation, and how the curve turns there. */
const QUARTERS = [
  [0, 1, 3, 2],
  [0, 2, 3, 1],
  [3, 2, 0, 1],
  [3, 1, 0, 2],
] as const;
const TURNS = [1, 0, 0, 3] as const;

const ON_FACE: readonly ((p: Point) => [u: number, v: number])[] = [
  ([x, y, z]) => [y / x, z / x],
  ([x, y, z]) => [-x / y, z / y],
  ([x, y, z]) => [-x / z, -y / z],
  ([x, y, z]) => [z / x, y / x],
  ([x, y, z]) => [z / y, -x / y],
  ([x, y, z]) => [-y / z, -x / z],
];
const FROM_FACE: readonly ((u: number, v: number) => Point)[] = [
  (u, v) => [1, u, v],
  (u, v) => [-u, 1, v],
  (u, v) => [-u, -v, 1],
  (u, v) => [-1, -v, -u],
  (u, v) => [v, -1, -u],
  (u, v) => [v, u, -1],
];

function faceOf(p: Point): number {
  const sizes = p.map(Math.abs);
  const axis = sizes[0]! > sizes[1]! ? (sizes[0]! > sizes[2]! ? 0 : 2) : sizes[1]! > sizes[2]! ? 1 : 2;
  return p[axis]! < 0 ? axis + 3 : axis;
}

/** A place on the face, as its share of the side by which cells are cut: nearly of one size all over the face. */
function share(u: number): number {
  return u >= 0 ? 0.5 * Math.sqrt(1 + 3 * u) : 1 - 0.5 * Math.sqrt(1 - 3 * u);
}
function place(s: number): number {
  return s >= 0.5 ? (1 / 3) * (4 * s * s - 1) : (1 / 3) * (1 - 4 * (1 - s) * (1 - s));
}

function cellAt(p: Point, level: number): Cell {
  const face = faceOf(p);
  const at = (u: number) =>
    Math.floor(Math.max(0, Math.min(2 ** DEEPEST - 1, Math.floor(2 ** DEEPEST * share(u)))) / 2 ** (DEEPEST - level));
  const [u, v] = ON_FACE[face]!(p);
  return { face, level, i: at(u), j: at(v) };
}

function token({ face, level, i, j }: Cell): string {
  let id = BigInt(face);
  let turn = face & 1;
  for (let bit = level - 1; bit >= 0; bit--) {
    const quarter = (Math.floor(i / 2 ** bit) & 1) * 2 + (Math.floor(j / 2 ** bit) & 1);
    const at = QUARTERS[turn]!.indexOf(quarter as 0);
    id = id * 4n + BigInt(at);
    turn ^= TURNS[at]!;
  }
  const bits = ((id << 1n) | 1n) << BigInt(2 * (DEEPEST - level));
  return bits.toString(16).padStart(16, '0').replace(/0+$/, '');
}

/** The cell of the deepest level, in 16 letters: these sort as the cells lie on the curve. */
export function leafToken(p: Point): string {
  return token(cellAt(p, DEEPEST));
}

function cellOf(text: string): Cell | undefined {
  if (!/^[0-9a-f]{1,16}$/i.test(text)) return undefined;
  let id = BigInt(`0x${text.padEnd(16, '0')}`);
  const face = Number(id >> 61n);
  let level = DEEPEST;
  while (level >= 0 && (id & 1n) === 0n) {
    if ((id & 3n) !== 0n || id === 0n) return undefined;
    id >>= 2n;
    level--;
  }
  if (face > 5 || level < 0) return undefined;
  id >>= 1n;
  let [i, j, turn] = [0, 0, face & 1];
  for (let bit = level - 1; bit >= 0; bit--) {
    const at = Number((id >> BigInt(2 * bit)) & 3n);
    const quarter = QUARTERS[turn]![at]!;
    i = i * 2 + (quarter >> 1);
    j = j * 2 + (quarter & 1);
    turn ^= TURNS[at]!;
  }
  return { face, level, i, j };
}

function point({ face, level }: Cell, i: number, j: number): Point {
  const p = FROM_FACE[face]!(place(i / 2 ** level), place(j / 2 ** level));
  return scaled(p, 1 / norm(p));
}

function corners(cell: Cell): Point[] {
  const { i, j } = cell;
  return [point(cell, i, j), point(cell, i + 1, j), point(cell, i + 1, j + 1), point(cell, i, j + 1)];
}

/** In the order in which the one answer of the engine that is known has them. */
const AROUND = [
  [1, 1],
  [1, 0],
  [-1, 0],
  [0, -1],
  [-1, 1],
  [1, -1],
  [0, 1],
  [-1, -1],
] as const;

function neighbours(cell: Cell): string {
  const size = 2 ** cell.level;
  const out = (n: number) => n < 0 || n >= size;
  const cells = AROUND.map(([di, dj]) => {
    const [i, j] = [cell.i + di, cell.j + dj];
    if (!out(i) && !out(j)) return { ...cell, i, j };
    if (out(i) && out(j)) throw new Error('geo_s2cell_neighbors at a corner of the cube is not supported');
    // The faces' sides lie on one another: a step over a side is a step along the line from the middle of the earth.
    const along = (n: number) => (2 * (n + 0.5)) / size - 1;
    const over = FROM_FACE[cell.face]!(along(i), along(j));
    const face = faceOf(over);
    const [u, v] = ON_FACE[face]!(over);
    const at = (w: number) => Math.max(0, Math.min(size - 1, Math.floor(((w + 1) / 2) * size)));
    return { face, level: cell.level, i: at(u), j: at(v) };
  });
  return JSON.stringify(cells.map(token));
}

/** S2 takes a cell for so much larger (as a share of half a side) when it asks whether an edge meets it: to touch is to meet. */
const PADDING = 4e-15;
/** How near to the rim of the half of the earth that a face looks at an edge is cut off. */
const RIM = 1e-9;

/** Whether an edge and a cell have a place in common. Edges are straight lines on a face. */
function meetsEdge(cell: Cell, a: Point, b: Point): boolean {
  const axis = cell.face % 3;
  const side = cell.face < 3 ? 1 : -1;
  const [before, behind] = [a[axis]! * side, b[axis]! * side];
  if (before <= RIM && behind <= RIM) return false;
  const cut = (from: Point, to: Point, at: number, far: number): Point =>
    at > RIM ? from : add(from, add(to, from, -1), (RIM - at) / (far - at));
  const ends = [cut(a, b, before, behind), cut(b, a, behind, before)].map(ON_FACE[cell.face]!);
  const rect = [cell.i, cell.j].map((n) => [place(n / 2 ** cell.level) - PADDING, place((n + 1) / 2 ** cell.level) + PADDING] as const);
  for (const [k, [low, high]] of rect.entries())
    if (Math.max(ends[0]![k]!, ends[1]![k]!) < low || Math.min(ends[0]![k]!, ends[1]![k]!) > high) return false;
  const n = cross(a, b);
  const sides = rect[0]!.flatMap((u) => rect[1]!.map((v) => dot(n, FROM_FACE[cell.face]!(u, v))));
  return !(sides.every((d) => d > 0) || sides.every((d) => d < 0));
}

function meets(shapes: Polygons, cell: Cell): boolean {
  const centre = point(cell, cell.i + 0.5, cell.j + 0.5);
  return shapes.some((rings) => rings.some((ring) => edges(ring).some(([a, b]) => meetsEdge(cell, a, b)))) || holds(shapes, centre);
}

const MOST_CELLS = 65_536;
const MOST_WORK = 20_000_000;

function covering(text: string, level: bigint, radius: number): string | null {
  const shapes = polygons(text);
  if (!shapes || level < 0n || level > 30n || radius < 0) return null;
  if (radius !== 0) throw new Error('geo_polygon_to_s2cells with a radius is not supported');
  const area = shapes.reduce((sum, [outer]) => sum + Math.abs(ringArea(outer!)), 0);
  const count = (area / (4 * Math.PI)) * 6 * 4 ** Number(level);
  // The area says how many there are but for a share at the edges: none of many need be made.
  if (count > MOST_CELLS * 4) return null;
  if (count * shapes.flat(2).length > MOST_WORK) throw new Error('geo_polygon_to_s2cells of so many cells and corners is not supported');
  let cells: Cell[] = [0, 1, 2, 3, 4, 5].map((face) => ({ face, level: 0, i: 0, j: 0 }));
  for (let depth = 0; ; depth++) {
    cells = cells.filter((cell) => meets(shapes, cell));
    if (depth === Number(level)) break;
    cells = cells.flatMap((c) => [0, 1, 2, 3].map((q) => ({ ...c, level: depth + 1, i: c.i * 2 + (q >> 1), j: c.j * 2 + (q & 1) })));
  }
  return cells.length > MOST_CELLS ? null : JSON.stringify(cells.map(token).sort());
}

function over(call: (cell: Cell) => string) {
  return (text: string): string | null => {
    const cell = cellOf(text);
    return cell ? call(cell) : null;
  };
}

export const s2Functions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_s2cell',
    takes: ['DOUBLE', 'DOUBLE', 'BIGINT'],
    returns: 'VARCHAR',
    call: (longitude: number, latitude: number, level: bigint) =>
      inside(longitude, latitude) && level >= 0n && level <= 30n ? token(cellAt(pointAt(longitude, latitude), Number(level))) : null,
  },
  {
    name: 'kqlf_s2cell_centre',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: over((cell) => geoPoint(point(cell, cell.i + 0.5, cell.j + 0.5))),
  },
  {
    name: 'kqlf_s2cell_polygon',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: over((cell) => {
      const ring = corners(cell).map(coordinates);
      return geoJson('Polygon', [[...ring, ring[0]!]]);
    }),
  },
  { name: 'kqlf_s2cell_neighbors', takes: ['VARCHAR'], returns: 'VARCHAR', call: over(neighbours) },
  { name: 'kqlf_s2cells', takes: ['VARCHAR', 'BIGINT', 'DOUBLE'], returns: 'VARCHAR', call: covering },
];

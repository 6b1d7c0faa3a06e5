import { isNumber, type Json, parseJson } from './json.ts';
import { coordinates, crosses, type Point, ringArea, ringHolds, vertexAt } from './sphere.ts';

/** Rings (outer, then holes) of each polygon; the closing point is left off. */
export type Polygons = readonly (readonly (readonly Point[])[])[];

export function inside(longitude: number, latitude: number): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

function pointOf(value: Json): Point | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [lng, lat] = value.map((v) => (v !== null && isNumber(v) ? Number(v.number) : Number.NaN));
  if (!inside(lng!, lat!)) return undefined;
  const point = vertexAt(lng!, lat!);
  written.set(point, [lng!, lat!]);
  return point;
}

const written = new WeakMap<Point, readonly [longitude: number, latitude: number]>();

/** The coordinates of a vertex as they were written. */
export function asWritten(p: Point): readonly [longitude: number, latitude: number] {
  return written.get(p) ?? coordinates(p);
}

function all<T>(items: readonly (T | undefined)[]): T[] | undefined {
  return items.includes(undefined) ? undefined : (items as T[]);
}

export function same(a: Point, b: Point): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

function pathOf(value: Json): Point[] | undefined {
  const points = Array.isArray(value) ? all(value.map(pointOf)) : undefined;
  return points && points.length >= 2 && points.every((p, i) => i === 0 || !same(p, points[i - 1]!)) ? points : undefined;
}

/** A ring is closed, of three points at least, and its edges do not cross. */
function ringOf(value: Json): Point[] | undefined {
  const path = pathOf(value);
  if (!path || path.length < 4 || !same(path[0]!, path.at(-1)!)) return undefined;
  const ring = path.slice(0, -1);
  if (new Set(ring.map(String)).size < ring.length) return undefined;
  if (ring.length > 2000) throw new Error('geo functions over a ring of more than 2000 points are not supported');
  for (let i = 0; i < ring.length; i++)
    for (let j = i + 2; j < ring.length; j++)
      if ((j + 1) % ring.length !== i && crosses(ring[i]!, ring[i + 1]!, ring[j]!, ring[(j + 1) % ring.length]!)) return undefined;
  const area = ringArea(ring);
  if (Math.abs(area) > 2) throw new Error('geo functions over a polygon of such a size are not supported');
  return area < 0 ? ring.reverse() : ring;
}

function shape(text: string): { readonly type: Json; readonly places: Json } | undefined {
  const value = parseJson(text);
  if (!(value instanceof Map)) return undefined;
  return { type: value.get('type') ?? null, places: value.get('coordinates') ?? null };
}

export function lines(text: string): Point[][] | undefined {
  const found = shape(text);
  if (found?.type === 'LineString') return all([pathOf(found.places)]);
  return found?.type === 'MultiLineString' && Array.isArray(found.places) && found.places.length > 0
    ? all(found.places.map(pathOf))
    : undefined;
}

/** The polygon read last: a polygon is mostly a constant that meets many points. */
let last: { readonly text: string; readonly found: Polygons | undefined } | undefined;

export function polygons(text: string): Polygons | undefined {
  if (last?.text !== text) last = { text, found: readPolygons(text) };
  return last.found;
}

function readPolygons(text: string): Polygons | undefined {
  const found = shape(text);
  const rings = (value: Json) => (Array.isArray(value) && value.length > 0 ? all(value.map(ringOf)) : undefined);
  if (found?.type === 'Polygon') return all([rings(found.places)]);
  return found?.type === 'MultiPolygon' && Array.isArray(found.places) && found.places.length > 0
    ? all(found.places.map(rings))
    : undefined;
}

export function holds(shapes: Polygons, p: Point): boolean {
  return shapes.some(([outer, ...holes]) => ringHolds(outer!, p) && !holes.some((h) => ringHolds(h, p)));
}

export function edges(ring: readonly Point[]): [Point, Point][] {
  return ring.map((p, i) => [p, ring[(i + 1) % ring.length]!]);
}

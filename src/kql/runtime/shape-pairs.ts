import type { RuntimeFunction } from './function-row.ts';
import { geoLines, geoPoint, geoPolygon, NOTHING } from './geo-json.ts';
import { clipped, type Meetings, meet, meetings, nested, pathEdges, polygonEdges } from './meeting.ts';
import { overlay, plainRings } from './overlay.ts';
import { edges, holds, inside, lines, type Polygons, polygons, same } from './shapes.ts';
import { add, angle, cross, dot, norm, normal, type Point, ringHolds, scaled, vertexAt } from './sphere.ts';

type Lines = readonly (readonly Point[])[];

/** A function of two shapes, null where one of them is none. */
function pair<A, B, R extends boolean | string>(
  name: string,
  readers: readonly [(text: string) => A | undefined, (text: string) => B | undefined],
  returns: 'BOOLEAN' | 'VARCHAR',
  call: (a: A, b: B, name: string) => R | null,
): RuntimeFunction {
  return {
    name: `kqlf_${name}`,
    takes: ['VARCHAR', 'VARCHAR'],
    returns,
    call: (one: string, two: string) => {
      const [a, b] = [readers[0](one), readers[1](two)];
      return a === undefined || b === undefined ? null : call(a, b, name);
    },
  };
}

function single({ kinds, places }: Meetings): Point | undefined {
  return kinds.has('near') || kinds.has('overlap') ? undefined : places.length === 1 ? places[0] : undefined;
}

function apart({ kinds }: Meetings): boolean {
  return [...kinds].every((k) => k === 'apart');
}

function linesMeet(a: Lines, b: Lines, name: string): string {
  const [[one = [], ...more], [two = [], ...others]] = [a, b];
  const isPiece = more.length + others.length === 0 && one.length === 2 && two.length === 2;
  if (isPiece && one.every((p, i) => same(p, two[i]!))) return geoLines(a);
  const found = meetings(a.flatMap(pathEdges), b.flatMap(pathEdges), name);
  if (apart(found)) return NOTHING;
  const place = single(found);
  if (!place) throw new Error(`${name} of lines that overlap or meet in several places is not supported`);
  return geoPoint(place);
}

/** What two rings have in common: nothing, a place where they touch, or one ring; undefined where it is something else. */
function ringsMeet(
  one: readonly Point[],
  other: readonly Point[],
  name: string,
): 'nothing' | Point | { readonly ring: readonly Point[] } | undefined {
  const found = meetings(edges(one), edges(other), name);
  if (apart(found)) {
    const inner = ringHolds(other, one[0]!) ? one : ringHolds(one, other[0]!) ? other : undefined;
    return inner ? { ring: inner } : 'nothing';
  }
  if ([...found.kinds].every((k) => k === 'apart' || k === 'cross')) {
    const common = overlay([one], [other], 'common');
    return common?.length === 1 ? { ring: common[0]! } : undefined;
  }
  const place = single(found);
  const aside = (ring: readonly Point[], of: readonly Point[]) => ring.every((p) => same(p, place!) || !ringHolds(of, p));
  return place && !found.kinds.has('cross') && aside(one, other) && aside(other, one) ? place : undefined;
}

function polygonsMeet(a: Polygons, b: Polygons, name: string): string {
  const [rings, others] = [plainRings(a), plainRings(b)];
  if (!rings || !others) {
    if (apart(meetings(polygonEdges(a), polygonEdges(b), name)) && !nested(a, b)) return NOTHING;
  } else {
    const found = rings.flatMap((one) => others.map((other) => ringsMeet(one, other, name))).filter((f) => f !== 'nothing');
    const points = found.flatMap((f) => (f && !('ring' in f) ? [geoPoint(f)] : []));
    const shapes = found.flatMap((f) => (f && 'ring' in f ? [geoPolygon(f.ring)] : []));
    const all = [...points, ...shapes];
    if (!found.includes(undefined) && points.length <= 1 && shapes.length <= 1)
      return all.length === 1 ? all[0]! : `{"type":"GeometryCollection","geometries":[${all.join(',')}]}`;
  }
  throw new Error(`${name} of polygons that overlap in part is not supported`);
}

/** The place on an edge that is nearest to a point. */
function nearest(p: Point, [a, b]: readonly [Point, Point]): Point {
  const n = normal(a, b);
  const size = norm(n);
  if (size > 0 && dot(cross(n, a), p) > 0 && dot(cross(b, n), p) > 0) {
    const foot = add(p, n, -dot(p, n) / (size * size));
    return scaled(foot, 1 / norm(foot));
  }
  return angle(p, a) <= angle(p, b) ? a : b;
}

function nearestOf(p: Point, all: readonly (readonly [Point, Point])[]): string {
  let best: Point | undefined;
  for (const edge of all) {
    const found = nearest(p, edge);
    if (!best || angle(p, found) < angle(p, best)) best = found;
  }
  return geoPoint(best!);
}

function toPoint(name: string, call: (p: Point, text: string) => string | null): RuntimeFunction {
  return {
    name: `kqlf_${name}`,
    takes: ['DOUBLE', 'DOUBLE', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (lng: number, lat: number, text: string) => (inside(lng, lat) ? call(vertexAt(lng, lat), text) : null),
  };
}

/** What two shapes have in common, and where a shape is nearest to a point. */
export const shapePairFunctions: readonly RuntimeFunction[] = [
  pair('geo_intersects_2lines', [lines, lines], 'BOOLEAN', (a, b, name) => meet(a.flatMap(pathEdges), b.flatMap(pathEdges), name)),
  pair(
    'geo_intersects_line_with_polygon',
    [lines, polygons],
    'BOOLEAN',
    (a, b, name) => meet(a.flatMap(pathEdges), polygonEdges(b), name) || a.some((path) => holds(b, path[0]!)),
  ),
  pair(
    'geo_intersects_2polygons',
    [polygons, polygons],
    'BOOLEAN',
    (a, b, name) => meet(polygonEdges(a), polygonEdges(b), name) || nested(a, b),
  ),
  pair('geo_intersection_2lines', [lines, lines], 'VARCHAR', linesMeet),
  pair('geo_intersection_line_with_polygon', [lines, polygons], 'VARCHAR', (a, b, name) =>
    geoLines(a.flatMap((path) => clipped(path, b, name))),
  ),
  pair('geo_intersection_2polygons', [polygons, polygons], 'VARCHAR', polygonsMeet),
  toPoint('geo_closest_point_on_line', (p, text) => {
    const found = lines(text);
    return found ? nearestOf(p, found.flatMap(pathEdges)) : null;
  }),
  toPoint('geo_closest_point_on_polygon', (p, text) => {
    const shapes = polygons(text);
    if (!shapes) return null;
    return holds(shapes, p) ? geoPoint(p) : nearestOf(p, shapes.flat().flatMap(edges));
  }),
];

import type { RuntimeFunction } from './function-row.ts';
import { geoPoint } from './geo-json.ts';
import { disjoint, plainRings, unionOf } from './overlay.ts';
import { edges, holds, inside, lines, type Polygons, polygons, same } from './shapes.ts';
import {
  add,
  angle,
  cross,
  dot,
  edgeAngle,
  edgeCentroid,
  norm,
  onTheWay,
  type Point,
  pointAt,
  RADIUS,
  ringArea,
  ringCentroid,
} from './sphere.ts';
import { fromWkt } from './wkt.ts';

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function length(path: readonly Point[]): number {
  return sum(path.slice(1).map((p, i) => angle(path[i]!, p)));
}

function centre(p: Point): string | null {
  return norm(p) === 0 ? null : geoPoint(p);
}

function given(places: readonly number[]): Point[] | undefined {
  const out: Point[] = [];
  for (let i = 0; i + 1 < places.length; i += 2) {
    if (!inside(places[i]!, places[i + 1]!)) return undefined;
    out.push(pointAt(places[i]!, places[i + 1]!));
  }
  return out;
}

const REALS = (n: number) => Array.from({ length: n }, () => 'DOUBLE' as const);

function overPoints(name: string, count: number, call: (points: Point[]) => number | null): RuntimeFunction {
  return {
    name,
    takes: REALS(count * 2),
    returns: 'DOUBLE',
    call: (...places: number[]) => {
      const points = given(places);
      return points ? call(points) : null;
    },
  };
}

/** Polygons of which none lies in another or meets it: only then do sums over them hold. Holes are rings of their own, run round the other way. */
function merged(shapes: Polygons, name: string): Polygons {
  if (shapes.length === 1 || disjoint(shapes)) return shapes;
  const rings = plainRings(shapes);
  const found = rings && unionOf(rings.map((ring) => [ring]));
  if (!found) throw new Error(`${name} of polygons that overlap is not supported`);
  return found.map((ring) => [ring]);
}

function overPolygons(name: string, call: (shapes: Polygons) => number): RuntimeFunction {
  return {
    name,
    takes: ['VARCHAR'],
    returns: 'DOUBLE',
    call: (text: string) => {
      const shapes = polygons(text);
      return shapes ? call(merged(shapes, name.replace('kqlf_', ''))) : null;
    },
  };
}

function pointAndShape(name: string, call: (p: Point, text: string) => number | null): RuntimeFunction {
  return {
    name,
    takes: ['DOUBLE', 'DOUBLE', 'VARCHAR'],
    returns: 'DOUBLE',
    call: (lng: number, lat: number, text: string) => (inside(lng, lat) ? call(pointAt(lng, lat), text) : null),
  };
}

/** The angle at b between the ways to a and c. */
function corner(a: Point, b: Point, c: Point): number | null {
  if (same(a, b) || same(b, c) || same(a, c)) return null;
  return angleOf(cross(a, b), cross(c, b));
}

/** Not by spreading: a shape may have more corners than a call has room for arguments. */
function least(angles: readonly number[]): number {
  return angles.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function angleOf(a: Point, b: Point): number {
  return Math.atan2(norm(cross(a, b)), dot(a, b));
}

export const geometryFunctions: readonly RuntimeFunction[] = [
  overPoints('kqlf_geo_distance_2points', 2, ([a, b]) => angle(a!, b!) * RADIUS),
  overPoints('kqlf_geo_angle', 3, ([a, b, c]) => corner(a!, b!, c!)),
  {
    name: 'kqlf_geo_azimuth',
    takes: REALS(4),
    returns: 'DOUBLE',
    call: (...places: number[]) => {
      const [from, to] = given(places) ?? [];
      // From a point to itself, or to the one on the other side of the Earth, every direction is as good.
      if (!from || !to || same(from, to) || angle(from, to) > Math.PI - 1e-12) return null;
      const [lng1, lat1, lng2, lat2] = places.map((p) => (p * Math.PI) / 180) as [number, number, number, number];
      const [y, x] = [
        Math.sin(lng2 - lng1) * Math.cos(lat2),
        Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(lng2 - lng1),
      ];
      const out = Math.atan2(y, x);
      return out < 0 ? out + 2 * Math.PI : out;
    },
  },
  {
    name: 'kqlf_geo_point_in_circle',
    takes: REALS(5),
    returns: 'BOOLEAN',
    call: (lng: number, lat: number, centreLng: number, centreLat: number, radius: number) => {
      const points = given([lng, lat, centreLng, centreLat]);
      return points && radius >= 0 ? angle(points[0]!, points[1]!) * RADIUS <= radius : null;
    },
  },
  {
    name: 'kqlf_geo_point_in_polygon',
    takes: ['DOUBLE', 'DOUBLE', 'VARCHAR'],
    returns: 'BOOLEAN',
    call: (lng: number, lat: number, text: string) => {
      const shapes = polygons(text);
      return shapes && inside(lng, lat) ? holds(shapes, pointAt(lng, lat)) : null;
    },
  },
  pointAndShape('kqlf_geo_distance_point_to_line', (p, text) => {
    const found = lines(text);
    return found ? least(found.flatMap((path) => path.slice(1).map((b, i) => edgeAngle(p, path[i]!, b)))) * RADIUS : null;
  }),
  pointAndShape('kqlf_geo_distance_point_to_polygon', (p, text) => {
    const shapes = polygons(text);
    if (!shapes) return null;
    if (holds(shapes, p)) return 0;
    return least(shapes.flat().flatMap((ring) => edges(ring).map(([a, b]) => edgeAngle(p, a, b)))) * RADIUS;
  }),
  {
    name: 'kqlf_geo_line_length',
    takes: ['VARCHAR'],
    returns: 'DOUBLE',
    call: (text: string) => {
      const found = lines(text);
      return found ? sum(found.map(length)) * RADIUS : null;
    },
  },
  {
    name: 'kqlf_geo_line_centroid',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const found = lines(text);
      if (!found) return null;
      let all: Point = [0, 0, 0];
      for (const path of found) for (const [i, b] of path.slice(1).entries()) all = add(all, edgeCentroid(path[i]!, b));
      return centre(all);
    },
  },
  {
    name: 'kqlf_geo_line_locate_point',
    takes: ['VARCHAR', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: (text: string, lng: number, lat: number) => {
      const [path, ...more] = lines(text) ?? [];
      if (!path || !inside(lng, lat)) return null;
      if (more.length > 0) throw new Error('geo_line_locate_point of several lines is not supported');
      return locate(path, pointAt(lng, lat));
    },
  },
  {
    name: 'kqlf_geo_line_interpolate_point',
    takes: ['VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, fraction: number) => {
      const [path, ...more] = lines(text) ?? [];
      if (!path || !(fraction >= 0 && fraction <= 1)) return null;
      if (more.length > 0) throw new Error('geo_line_interpolate_point of several lines is not supported');
      return geoPoint(interpolate(path, fraction));
    },
  },
  overPolygons(
    'kqlf_geo_polygon_area',
    (shapes) => sum(shapes.map(([outer, ...holes]) => ringArea(outer!) - sum(holes.map(ringArea)))) * RADIUS ** 2,
  ),
  overPolygons('kqlf_geo_polygon_perimeter', (shapes) => sum(shapes.flat().map((ring) => length([...ring, ring[0]!]))) * RADIUS),
  {
    name: 'kqlf_geo_polygon_centroid',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const shapes = polygons(text);
      if (!shapes) return null;
      let all: Point = [0, 0, 0];
      for (const [outer, ...holes] of merged(shapes, 'geo_polygon_centroid')) {
        all = add(all, ringCentroid(outer!));
        for (const hole of holes) all = add(all, ringCentroid(hole), -1);
      }
      return centre(all);
    },
  },
  { name: 'kqlf_geo_from_wkt', takes: ['VARCHAR'], returns: 'VARCHAR', call: fromWkt },
];

function locate(path: readonly Point[], p: Point): number {
  let [best, place, done] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const [i, b] of path.slice(1).entries()) {
    const a = path[i]!;
    const away = edgeAngle(p, a, b);
    if (away < best) {
      best = away;
      const n = cross(a, b);
      const foot = cross(cross(n, p), n);
      const on = dot(cross(n, a), p) > 0 && dot(cross(b, n), p) > 0;
      place = done + (on ? angleOf(a, foot) : angle(p, a) < angle(p, b) ? 0 : angle(a, b));
    }
    done += angle(a, b);
  }
  return place / done;
}

function interpolate(path: readonly Point[], fraction: number): Point {
  let left = length(path) * fraction;
  for (const [i, b] of path.slice(1).entries()) {
    const a = path[i]!;
    const size = angle(a, b);
    if (left <= size || i === path.length - 2) {
      return onTheWay(a, b, Math.min(1, left / size));
    }
    left -= size;
  }
  return path[0]!;
}

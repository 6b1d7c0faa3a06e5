import type { RuntimeFunction } from './function-row.ts';
import { geoLines, geoPolygon } from './geo-json.ts';
import { parseJson, writeJson } from './json.ts';
import { meeting, pathEdges } from './meeting.ts';
import { plainRings, unionOf } from './overlay.ts';
import { inside, lines, type Polygons, polygons, same } from './shapes.ts';
import { angle, type Point, RADIUS } from './sphere.ts';

/** Metres: the 70 degrees that S2 lets corners be moved by. */
const MOST_TOLERANCE = 7_800_000;

/** So near to the tolerance, it is a matter of the last digit which side of it two corners lie on. */
const MARGIN = 1e-9;

type Reader<T> = (text: string) => T | undefined;

function unknown(name: string): never {
  throw new Error(`${name} of these shapes is not supported`);
}

/** The shapes of an array; undefined where one of them is none. */
function each<T>(text: string, read: Reader<T>): T[] | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const out = value.map((v) => read(writeJson(v)));
  return out.includes(undefined) ? undefined : (out as T[]);
}

/** What lies within the tolerance of one of its corners, whichever that is, shrinks to it, and nothing is left. */
function vanishes(corners: readonly Point[], tolerance: number): boolean {
  const limit = (tolerance / RADIUS) * (1 - MARGIN);
  // A shape of so many corners is not looked through pair by pair.
  return corners.length <= 500 && corners.every((a) => corners.every((b) => angle(a, b) < limit));
}

function simplify<T>(name: string, read: Reader<T>, corners: (shape: T) => Point[], kept: (shape: T, tolerance: number) => string) {
  return {
    name: `kqlf_${name}`,
    takes: ['VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, tolerance: number) => {
      const shape = read(text);
      if (shape === undefined || !(tolerance >= 0 && tolerance <= MOST_TOLERANCE)) return null;
      return vanishes(corners(shape), tolerance) ? null : kept(shape, tolerance);
    },
  } as const satisfies RuntimeFunction;
}

/** A line of two corners further apart than the tolerance has nothing that could be left out. */
function shortLine(found: Point[][], tolerance: number): string {
  const [path, ...more] = found;
  const [a, b, ...others] = path!;
  if (more.length > 0 || others.length > 0 || angle(a!, b!) < (tolerance / RADIUS) * (1 + MARGIN)) unknown('geo_line_simplify');
  return geoLines([path!]);
}

function buffer(name: string, takes: RuntimeFunction['takes'], valid: (args: never[]) => boolean): RuntimeFunction {
  return {
    name: `kqlf_${name}`,
    takes: [...takes, 'DOUBLE', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (...args: never[]) => {
      const [radius, tolerance] = args.slice(-2) as number[];
      return valid(args) && radius! > 0 && tolerance! >= 0 ? unknown(name) : null;
    },
  };
}

function union<T>(name: string, read: Reader<T>, unite: (shapes: readonly T[]) => string | undefined): RuntimeFunction {
  return {
    name: `kqlf_${name}`,
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const shapes = each(text, read);
      return shapes === undefined ? null : (unite(shapes) ?? unknown(name));
    },
  };
}

/** Polygons that come to one ring. */
function together(shapes: readonly Polygons[]): string | undefined {
  const all = shapes.map(plainRings);
  // A multipolygon may overlap in itself.
  if (all.some((rings) => rings?.length !== 1)) return undefined;
  const rings = unionOf(all as NonNullable<(typeof all)[0]>[]);
  return rings?.length === 1 ? geoPolygon(rings[0]!) : undefined;
}

/** Lines whose pieces, each taken once, come to one path without a fork. */
function joined(shapes: readonly Point[][][]): string | undefined {
  const key = (a: Point, b: Point) => [String(a), String(b)].sort().join();
  const pieces = new Map(
    shapes
      .flat()
      .flatMap(pathEdges)
      .map((edge) => [key(...edge), edge]),
  );
  const path = [...pieces.values()];
  const chained = path.every(([from], i) => i === 0 || same(from, path[i - 1]![1]));
  const places = [path[0]![0], ...path.map(([, to]) => to)];
  const alone = (edge: readonly [Point, Point]) =>
    path.every((other) => other === edge || !/cross|near|overlap/.test(meeting(edge, other)));
  if (!chained || path.length > 200 || new Set(places.map(String)).size < places.length || !path.every(alone)) return undefined;
  return geoLines([places]);
}

/**
 * Functions that make shapes out of shapes. What S2 makes of them is known here only where there is nothing to choose; that a shape or
 * a number is none is known always.
 */
export const madeShapeFunctions: readonly RuntimeFunction[] = [
  simplify('geo_line_simplify', lines, (found) => found.flat(), shortLine),
  simplify(
    'geo_polygon_simplify',
    polygons,
    (found) => found.flat(2),
    () => unknown('geo_polygon_simplify'),
  ),
  simplify(
    'geo_simplify_polygons_array',
    (text) => each(text, polygons),
    (found) => found.flat(3),
    () => unknown('geo_simplify_polygons_array'),
  ),
  buffer('geo_point_buffer', ['DOUBLE', 'DOUBLE'], ([lng, lat]) => inside(lng!, lat!)),
  buffer('geo_line_buffer', ['VARCHAR'], ([text]) => lines(text!) !== undefined),
  buffer('geo_polygon_buffer', ['VARCHAR'], ([text]) => polygons(text!) !== undefined),
  {
    name: 'kqlf_geo_polygon_to_h3cells',
    takes: ['VARCHAR', 'BIGINT', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, level: bigint, radius: number) => {
      if (!polygons(text) || level < 0n || level > 15n || !(radius >= 0)) return null;
      throw new Error('geo_polygon_to_h3cells, whose order of the cells is not known, is not supported');
    },
  },
  {
    name: 'kqlf_geo_line_to_s2cells',
    takes: ['VARCHAR', 'BIGINT', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, level: bigint, radius: number) => {
      if (!lines(text) || level < 0n || level > 30n || !(radius >= 0)) return null;
      throw new Error('geo_line_to_s2cells, of which the cells around a line are not known to the last one, is not supported');
    },
  },
  union('geo_union_lines_array', lines, joined),
  union('geo_union_polygons_array', polygons, together),
];

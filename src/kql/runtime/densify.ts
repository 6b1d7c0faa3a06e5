import type { RuntimeFunction } from './function-row.ts';
import { geoLines, geoPolygon } from './geo-json.ts';
import { isNumber, type Json, parseJson } from './json.ts';
import { asWritten, lines, polygons } from './shapes.ts';
import { angle, onTheWay, type Point, RADIUS, vertexAt } from './sphere.ts';

/** Where the error of a straight piece is taken: there it is greatest, or nearly so; and by how much less is allowed for that. (S2's edge tessellator) */
const AT = 0.31215691082248315;
const SHARE = 0.8382999256988851;
const MOST_POINTS = 100_000;

type Flat = readonly [longitude: number, latitude: number];

function between(a: Flat, b: Flat, t: number): Flat {
  return [(1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]];
}

function error(a: Flat, b: Flat): number {
  const [from, to] = [vertexAt(...a), vertexAt(...b)];
  if (angle(from, to) > Math.PI / 2) return Number.POSITIVE_INFINITY;
  return Math.max(...[AT, 1 - AT].map((t) => angle(onTheWay(from, to, t), vertexAt(...between(a, b, t)))));
}

/** Points along what is straight on a flat map, so near that the earth's own lines between them go no further off than is allowed. */
function along(a: Flat, b: Flat, limit: number, out: Point[]): void {
  if (out.length > MOST_POINTS) throw new Error('geo densify into so many points is not supported');
  if (error(a, b) <= limit) out.push(vertexAt(...b));
  else {
    const middle = between(a, b, 0.5);
    along(a, middle, limit, out);
    along(middle, b, limit, out);
  }
}

function dense(path: readonly Point[], metres: number): Point[] {
  const flat = path.map(asWritten);
  const out: Point[] = [path[0]!];
  for (let i = 1; i < flat.length; i++) {
    if (Math.abs(flat[i]![0] - flat[i - 1]![0]) > 180) throw new Error('geo densify over the 180th meridian is not supported');
    along(flat[i - 1]!, flat[i]!, (metres / RADIUS) * SHARE, out);
  }
  return out;
}

function densify(name: string, call: (text: string, metres: number) => string | null): RuntimeFunction {
  return {
    name,
    takes: ['VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, metres: number) => {
      if (!(metres >= 0.1 && metres <= 10_000)) return null;
      const value = parseJson(text);
      if (value instanceof Map && beyond(value.get('coordinates') ?? null))
        throw new Error('geo densify beyond 180 degrees is not supported');
      return call(text, metres);
    },
  };
}

/** A longitude that is none elsewhere, and that this function takes for a place further around. */
function beyond(value: Json): boolean {
  if (!Array.isArray(value)) return false;
  if (value.some(Array.isArray)) return value.some(beyond);
  const [lng, lat] = value.map((v) => (v !== null && isNumber(v) ? Number(v.number) : Number.NaN));
  return Math.abs(lng!) > 180 && Math.abs(lat!) <= 90;
}

export const densifyFunctions: readonly RuntimeFunction[] = [
  densify('kqlf_geo_line_densify', (text, metres) => {
    const found = lines(text);
    return found ? geoLines(found.map((path) => dense(path, metres))) : null;
  }),
  densify('kqlf_geo_polygon_densify', (text, metres) => {
    const found = polygons(text);
    if (!found) return null;
    const [only, ...more] = found.flat();
    if (more.length > 0) throw new Error('geo_polygon_densify of a polygon of several rings is not supported');
    return geoPolygon(dense([...only!, only![0]!], metres).slice(0, -1));
  }),
];

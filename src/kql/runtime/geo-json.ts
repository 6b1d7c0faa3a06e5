import { coordinates, type Point } from './sphere.ts';

export type Place = readonly [longitude: number, latitude: number];
type Places = Place | readonly Places[];

/** GeoJSON text; a coordinate is a real, so 10 is 10.0. */
export function geoJson(type: 'Point' | 'LineString' | 'MultiLineString' | 'Polygon', at: Places): string {
  const list = (value: Places | number): string =>
    typeof value === 'number' ? (Number.isInteger(value) ? value.toFixed(1) : String(value)) : `[${value.map(list).join(',')}]`;
  return `{"type":"${type}","coordinates":${list(at)}}`;
}

export function geoPoint(p: Point): string {
  return geoJson('Point', coordinates(p));
}

export function geoLines(paths: readonly (readonly Point[])[]): string {
  const [first, ...more] = paths.map((path) => path.map(coordinates));
  if (!first) return NOTHING;
  return more.length === 0 ? geoJson('LineString', first) : geoJson('MultiLineString', [first, ...more]);
}

export function geoPolygon(ring: readonly Point[]): string {
  return geoJson('Polygon', [[...ring, ring[0]!].map(coordinates)]);
}

export const NOTHING = '{"type":"GeometryCollection","geometries":[]}';

import { atan2, sinCos } from './exact-trig.ts';

/** A point on the unit sphere. */
export type Point = readonly [x: number, y: number, z: number];

/** Metres, as Kusto has the earth. */
export const RADIUS = 6_371_010;

export function pointAt(longitude: number, latitude: number): Point {
  const [lng, lat] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  return [Math.cos(lat) * Math.cos(lng), Math.cos(lat) * Math.sin(lng), Math.sin(lat)];
}

/** The same to the last digit, for places that an answer shows again; ten times as slow. */
export function vertexAt(longitude: number, latitude: number): Point {
  const [[sinLng, cosLng], [sinLat, cosLat]] = [sinCos((Math.PI / 180) * longitude), sinCos((Math.PI / 180) * latitude)];
  return [cosLng * cosLat, sinLng * cosLat, sinLat];
}

export function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function add(a: Point, b: Point, by = 1): Point {
  return [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by];
}

export function norm(a: Point): number {
  return Math.hypot(...a);
}

export function scaled(a: Point, by: number): Point {
  return [a[0] * by, a[1] * by, a[2] * by];
}

/** The normal of two points, by sum and difference: near points lose no digits. */
export function normal(a: Point, b: Point): Point {
  return cross(add(a, b), add(b, a, -1));
}

/** The angle between two points; both parts are exact enough for any distance. */
export function angle(a: Point, b: Point): number {
  return Math.atan2(norm(normal(a, b)) / 2, dot(a, b));
}

export function coordinates(p: Point): [longitude: number, latitude: number] {
  return [(180 / Math.PI) * atan2(p[1], p[0]), (180 / Math.PI) * atan2(p[2], Math.sqrt(p[0] * p[0] + p[1] * p[1]))];
}

/** The direction at a share of the way from one point to another, along the great circle; its length is the sine of their angle. */
export function onTheWay(a: Point, b: Point, share: number): Point {
  const size = angle(a, b);
  return add(scaled(a, Math.sin((1 - share) * size)), b, Math.sin(share * size));
}

/** The angle from a point to an edge, and whether the nearest place is inside it. */
export function edgeAngle(p: Point, a: Point, b: Point): number {
  const n = normal(a, b);
  const size = norm(n);
  if (size > 0 && dot(cross(n, a), p) > 0 && dot(cross(b, n), p) > 0) {
    const height = dot(n, p) / size;
    return Math.abs(Math.atan2(height, norm(cross(n, p)) / size));
  }
  return Math.min(angle(p, a), angle(p, b));
}

/** Whether a, b, c turn to the left. */
function turn(a: Point, b: Point, c: Point): number {
  return dot(cross(add(a, c, -1), add(b, c, -1)), c);
}

/** Whether two edges cross inside both. */
export function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, bda, cdb, dac] = [turn(a, b, c), turn(b, a, d), turn(c, d, b), turn(d, c, a)];
  return abc > 0 === bda > 0 && abc > 0 === cdb > 0 && abc > 0 === dac > 0 && abc !== 0 && bda !== 0 && cdb !== 0 && dac !== 0;
}

/** Signed area of a triangle, by the formula that holds for small ones too. */
function triangle(a: Point, b: Point, c: Point): number {
  const [x, y, z] = [angle(b, c), angle(c, a), angle(a, b)];
  const s = (x + y + z) / 2;
  const product = Math.tan(s / 2) * Math.tan((s - x) / 2) * Math.tan((s - y) / 2) * Math.tan((s - z) / 2);
  return Math.sign(turn(a, b, c)) * 4 * Math.atan(Math.sqrt(Math.max(0, product)));
}

/** Signed area of a ring (first point not repeated), inside to the left. */
export function ringArea(ring: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) sum += triangle(ring[0]!, ring[i]!, ring[i + 1]!);
  return sum;
}

/** The sum of an edge's points: its middle, as long as the edge. */
export function edgeCentroid(a: Point, b: Point): Point {
  const [sum, diff] = [add(a, b), add(a, b, -1)];
  const [sine, cosine] = [norm(diff), norm(sum)];
  return cosine === 0 ? [0, 0, 0] : scaled(sum, sine / cosine);
}

/** The sum of a triangle's points, by the solid angle. */
function triangleCentroid(a: Point, b: Point, c: Point): Point {
  const ratio = (t: number) => (t === 0 ? 1 : t / Math.sin(t));
  const [ra, rb, rc] = [ratio(angle(b, c)), ratio(angle(c, a)), ratio(angle(a, b))];
  const [x, y, z]: [Point, Point, Point] = [
    [a[0], b[0] - a[0], c[0] - a[0]],
    [a[1], b[1] - a[1], c[1] - a[1]],
    [a[2], b[2] - a[2], c[2] - a[2]],
  ];
  const r: Point = [ra, rb - ra, rc - ra];
  return scaled([dot(cross(y, z), r), dot(cross(z, x), r), dot(cross(x, y), r)], 0.5);
}

export function ringCentroid(ring: readonly Point[]): Point {
  let sum: Point = [0, 0, 0];
  for (let i = 1; i + 1 < ring.length; i++) sum = add(sum, triangleCentroid(ring[0]!, ring[i]!, ring[i + 1]!));
  return sum;
}

/** Whether a ring that is smaller than half the sphere holds a point: crossings on the way to one that is outside. */
export function ringHolds(ring: readonly Point[], p: Point): boolean {
  let sum: Point = [0, 0, 0];
  for (const v of ring) sum = add(sum, v);
  // No ring under half the sphere reaches the point opposite to its middle; a little aside, so that no vertex lies on the way.
  const away = scaled(sum, -1 / norm(sum));
  const outside = add(away, [1.3e-4, -2.7e-4, 1.9e-4]);
  const target = scaled(outside, 1 / norm(outside));
  let inside = false;
  for (let i = 0; i < ring.length; i++) if (crosses(p, target, ring[i]!, ring[(i + 1) % ring.length]!)) inside = !inside;
  return inside;
}

import { crossing, meeting } from './meeting.ts';
import { leafToken } from './s2.ts';
import { edges, type Polygons, same } from './shapes.ts';
import { add, cross, crosses, dot, norm, type Point, ringArea, ringHolds, scaled } from './sphere.ts';

/** Corners of a ring that is not closed by its first one; what it holds lies to the left. */
type Ring = readonly Point[];

/** A part of an edge; `rank` is the place of the edge among all, those of the first shape before those of the second. */
interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly rank: number;
}

/** Corners nearer than this are one; S2 merges what is nearer than 1.8e-15. */
const ONE_PLACE = 1e-14;
const MOST_EDGES = 1000;

/**
 * What two shapes have in common, or both together, as S2 puts the rings: each ends with the last piece of its highest edge
 * (S2Builder's CanonicalizeLoopOrder), and they follow one another by their first edges. The rings of a shape do not overlap; none
 * is a hole. Undefined where edges touch without crossing, so that it is for S2's finer arithmetic to say what comes out.
 */
export function overlay(a: readonly Ring[], b: readonly Ring[], how: 'common' | 'together'): Ring[] | undefined {
  const place = places();
  const [one, two] = [a, b].map((rings) => rings.map((ring) => ring.map(place))) as [Point[][], Point[][]];
  const [left, right] = [one, two].map((rings) => rings.flatMap(edges)) as [[Point, Point][], [Point, Point][]];
  if (left.length + right.length > MOST_EDGES) return undefined;
  const [leftCuts, rightCuts] = [left, right].map((all) => all.map((): Point[] => [])) as [Point[][], Point[][]];
  const shared = new Set<string>();
  for (const [i, p] of left.entries())
    for (const [j, q] of right.entries()) {
      const reversed = same(p[0], q[1]) && same(p[1], q[0]);
      if (reversed) shared.add(String(p)).add(String(q));
      const kind = reversed ? 'vertex' : meeting(p, q);
      if (kind === 'near' || kind === 'overlap') return undefined;
      if (kind !== 'cross') continue;
      const at = place(crossing(p, q));
      leftCuts[i]!.push(at);
      rightCuts[j]!.push(at);
    }
  const kept = (all: [Point, Point][], cuts: Point[][], other: Ring[], first: number) =>
    all.flatMap((edge, i) =>
      pieces(edge, cuts[i]!, first + i).filter(({ from, to }) => {
        if (shared.has(String([from, to]))) return false;
        const middle = add(from, to);
        return other.some((ring) => ringHolds(ring, scaled(middle, 1 / norm(middle)))) === (how === 'common');
      }),
    );
  return ringsOf([...kept(left, leftCuts, two, 0), ...kept(right, rightCuts, one, left.length)]);
}

function places(): (p: Point) => Point {
  const known: Point[] = [];
  return (p) => {
    const found = known.find((q) => norm(add(p, q, -1)) < ONE_PLACE);
    if (!found) known.push(p);
    return found ?? p;
  };
}

function pieces([from, to]: readonly [Point, Point], cuts: readonly Point[], rank: number): Piece[] {
  const stops = [from, ...cuts.toSorted((p, q) => dot(q, from) - dot(p, from)), to];
  return stops.slice(1).map((p, i) => ({ from: stops[i]!, to: p, rank }));
}

/** How far to the left the way turns at the end of a piece, from -pi (back) to pi. */
function turning(p: Piece, next: Piece): number {
  const [before, after] = [cross(p.from, p.to), cross(next.from, next.to)];
  return Math.atan2(dot(cross(before, after), p.to), dot(before, after));
}

function ringsOf(all: readonly Piece[]): Ring[] | undefined {
  const left = new Set(all.toSorted((p, q) => (leafToken(p.from) < leafToken(q.from) ? -1 : 1)));
  const rings: Piece[][] = [];
  for (const start of left) {
    const ring = [start];
    for (let at = start; !same(at.to, start.from); ring.push(at)) {
      const here = at;
      const next = [...left]
        .filter((p) => !ring.includes(p) && same(p.from, here.to))
        .toSorted((p, q) => turning(here, q) - turning(here, p))[0];
      if (!next) return undefined;
      at = next;
    }
    for (const piece of ring) left.delete(piece);
    rings.push(lastEdgeLast(ring));
  }
  return rings.toSorted((p, q) => p[0]!.rank - q[0]!.rank).map((ring) => ring.map((p) => p.from));
}

/** The edge that was given last comes last; of its pieces the last one, in the order in which they follow one another. */
function lastEdgeLast(ring: readonly Piece[]): Piece[] {
  let [at, gap] = [0, false];
  for (const [i, piece] of ring.entries()) {
    const more = piece.rank - ring[at]!.rank;
    if (more < 0) gap = true;
    else if (more > 0 || !gap) [at, gap] = [i, false];
  }
  return [...ring.slice(at + 1), ...ring.slice(0, at + 1)];
}

/** The rings of shapes without holes. */
export function plainRings(shapes: Polygons): Ring[] | undefined {
  return shapes.every((rings) => rings.length === 1) ? shapes.map(([ring]) => ring!) : undefined;
}

/** Whether no polygon meets another, shares a corner with it or lies in it. */
export function disjoint(shapes: Polygons): boolean {
  const outer = shapes.map((rings) => rings[0]!);
  return outer.every((a, i) => outer.slice(i + 1).every((b) => ringsApart(a, b)));
}

function ringsApart(a: Ring, b: Ring): boolean {
  const borders = edges(b);
  const meets = edges(a).some(([p, q]) => borders.some(([r, s]) => same(p, r) || crosses(p, q, r, s)));
  return !meets && !ringHolds(a, b[0]!) && !ringHolds(b, a[0]!);
}

/** All rings together, the two of the fewest corners first, as S2Polygon::DestructiveUnion goes; undefined where that is not known. */
export function unionOf(shapes: readonly (readonly Ring[])[]): Ring[] | undefined {
  const queue = shapes.map((rings) => ({ rings, size: rings.reduce((n, ring) => n + ring.length, 0) })).sort((p, q) => p.size - q.size);
  while (queue.length > 1) {
    const [a, b] = queue.splice(0, 2) as [(typeof queue)[0], (typeof queue)[0]];
    const rings = overlay(a.rings, b.rings, 'together');
    if (!rings) return undefined;
    const size = a.size + b.size;
    const at = queue.findIndex((other) => other.size > size);
    queue.splice(at < 0 ? queue.length : at, 0, { rings, size });
  }
  const [{ rings }] = queue as [(typeof queue)[0]];
  return rings.every((ring) => ringArea(ring) > 0) ? [...rings] : undefined;
}

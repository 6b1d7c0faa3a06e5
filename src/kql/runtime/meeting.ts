import { edges, holds, type Polygons, same } from './shapes.ts';
import { add, cross, crosses, dot, edgeAngle, norm, normal, type Point as Place, scaled } from './sphere.ts';

type Edge = readonly [Place, Place];

/** So near, two edges may be said to touch or not: the engine decides that by arithmetic that is more exact than this. */
const NEAR = 1e-14;
const MOST_PAIRS = 4_000_000;

export function pathEdges(path: readonly Place[]): Edge[] {
  return path.slice(1).map((p, i) => [path[i]!, p]);
}

export function polygonEdges(shapes: Polygons): Edge[] {
  return shapes.flat().flatMap(edges);
}

type Meeting = 'apart' | 'cross' | 'vertex' | 'overlap' | 'near';

/** How two edges lie to one another: `overlap` when they have more than one point in common, `near` when it cannot be told. */
export function meeting([a, b]: Edge, [c, d]: Edge): Meeting {
  const shared = [a, b].filter((p) => same(p, c) || same(p, d));
  if (shared.length === 2) return 'overlap';
  const nears = (p: Place, [e, f]: Edge) => !same(p, e) && !same(p, f) && edgeAngle(p, e, f) < NEAR;
  if (nears(a, [c, d]) || nears(b, [c, d]) || nears(c, [a, b]) || nears(d, [a, b])) return shared.length > 0 ? 'overlap' : 'near';
  if (shared.length > 0) return 'vertex';
  return crosses(a, b, c, d) ? 'cross' : 'apart';
}

/** Where two edges cross, on their side of the earth. */
export function crossing([a, b]: Edge, [c, d]: Edge): Place {
  const line = cross(normal(a, b), normal(c, d));
  const size = norm(line);
  return scaled(line, (dot(line, add(add(a, b), add(c, d))) < 0 ? -1 : 1) / size);
}

export interface Meetings {
  readonly kinds: ReadonlySet<Meeting>;
  /** Where edges cross or have a vertex in common, each place once. */
  readonly places: readonly Place[];
}

export function meetings(left: readonly Edge[], right: readonly Edge[], name: string): Meetings {
  if (left.length * right.length > MOST_PAIRS) throw new Error(`${name} of shapes of so many points is not supported`);
  const kinds = new Set<Meeting>();
  const places: Place[] = [];
  const note = (p: Place) => {
    if (!places.some((q) => same(p, q))) places.push(p);
  };
  for (const one of left)
    for (const two of right) {
      const kind = meeting(one, two);
      kinds.add(kind);
      if (kind === 'cross') note(crossing(one, two));
      if (kind === 'vertex') note(one.find((p) => same(p, two[0]) || same(p, two[1]))!);
    }
  return { kinds, places };
}

/** Whether edges have a point in common; what cannot be told stops the query. */
export function meet(left: readonly Edge[], right: readonly Edge[], name: string): boolean {
  const { kinds } = meetings(left, right, name);
  if (kinds.has('cross') || kinds.has('vertex') || kinds.has('overlap')) return true;
  if (kinds.has('near')) throw new Error(`${name} of shapes that barely touch is not supported`);
  return false;
}

/** Whether polygons whose edges do not meet have points in common all the same: one lies in the other. */
export function nested(a: Polygons, b: Polygons): boolean {
  return a.some(([outer]) => holds(b, outer![0]!)) || b.some(([outer]) => holds(a, outer![0]!));
}

/** The parts of a path that lie in polygons, in the order of the path. */
export function clipped(path: readonly Place[], shapes: Polygons, name: string): Place[][] {
  const borders = polygonEdges(shapes);
  const parts: Place[][] = [];
  for (const edge of pathEdges(path)) {
    const { kinds, places } = meetings([edge], borders, name);
    if (kinds.has('near') || kinds.has('vertex') || kinds.has('overlap'))
      throw new Error(`${name} of a line that touches the border is not supported`);
    const stops = [edge[0], ...places.toSorted((p, q) => dot(q, edge[0]) - dot(p, edge[0])), edge[1]];
    for (const [from, to] of pathEdges(stops)) {
      const middle = add(from, to);
      if (!holds(shapes, scaled(middle, 1 / norm(middle)))) continue;
      const last = parts.at(-1);
      if (last && same(last.at(-1)!, from)) last.push(to);
      else parts.push([from, to]);
    }
  }
  return parts;
}

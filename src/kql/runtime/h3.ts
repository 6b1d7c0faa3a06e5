import { createRequire } from 'node:module';
import type { RuntimeFunction } from './function-row.ts';
import { geoJson, type Place } from './geo-json.ts';
import { inside } from './shapes.ts';

/** What is used of the library of cells. */
interface H3 {
  readonly isValidCell: (cell: string) => boolean;
  readonly isPentagon: (cell: string) => boolean;
  readonly getResolution: (cell: string) => number;
  readonly latLngToCell: (latitude: number, longitude: number, resolution: number) => string;
  readonly cellToLatLng: (cell: string) => [latitude: number, longitude: number];
  readonly cellToBoundary: (cell: string, geoJson: boolean) => [longitude: number, latitude: number][];
  readonly cellToParent: (cell: string, resolution: number) => string;
  readonly cellToChildren: (cell: string, resolution: number) => string[];
  readonly originToDirectedEdges: (cell: string) => string[];
  readonly getDirectedEdgeDestination: (edge: string) => string;
  readonly gridDiskDistances: (cell: string, far: number) => string[][];
  readonly gridRingUnsafe: (cell: string, far: number) => string[];
}

let loaded: H3 | undefined;

/** Loaded (some 80 ms) by the first query that asks for a cell. */
function h3(): H3 {
  const require = createRequire(import.meta.url);
  loaded ??= require('h3-js') as H3;
  return loaded;
}

/** Directions from a cell, in the order in which the one answer of the engine that is known has its neighbours. */
const AROUND = [0, 3, 4, 2, 1, 5] as const;
const FARTHEST_RING = 142n;
/** How far below a cell its children may lie. */
const DEEPEST_CHILD = 5;

function isCell(text: string): boolean {
  return /^[0-9a-f]{15,16}$/i.test(text) && h3().isValidCell(text);
}

function neighbours(cell: string): string {
  if (h3().isPentagon(cell)) throw new Error('geo_h3cell_neighbors of a pentagon is not supported');
  const around = h3().originToDirectedEdges(cell);
  return JSON.stringify(AROUND.map((i) => h3().getDirectedEdgeDestination(around[i]!)));
}

function parent(cell: string, resolution: bigint | undefined): string | null {
  const own = h3().getResolution(cell);
  const wanted = resolution === undefined ? own - 1 : Number(resolution);
  if (resolution !== undefined && wanted === own) throw new Error('geo_h3cell_parent of the level of the cell itself is not supported');
  return wanted < 0 || wanted > own ? null : h3().cellToParent(cell, wanted);
}

function children(cell: string, resolution: bigint | undefined): string | null {
  const own = h3().getResolution(cell);
  const wanted = resolution === undefined ? own + 1 : Number(resolution);
  if (wanted === own) throw new Error('geo_h3cell_children of the level of the cell itself is not supported');
  return wanted < own || wanted > 15 || wanted - own > DEEPEST_CHILD ? null : JSON.stringify(h3().cellToChildren(cell, wanted));
}

function rings(cell: string, far: bigint): string | null {
  if (far < 0n || far > FARTHEST_RING) return null;
  try {
    if (far > 0n) h3().gridRingUnsafe(cell, Number(far));
  } catch {
    throw new Error('geo_h3cell_rings that meet a pentagon is not supported');
  }
  return JSON.stringify(h3().gridDiskDistances(cell, Number(far)));
}

function over(
  call: (cell: string, level: bigint) => string | null,
  takesLevel = false,
): Pick<RuntimeFunction, 'takes' | 'returns' | 'call'> {
  return {
    takes: takesLevel ? ['VARCHAR', 'BIGINT'] : ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, level: bigint) => (isCell(text) ? call(text.toLowerCase(), level) : null),
  };
}

export const h3Functions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_h3cell',
    takes: ['DOUBLE', 'DOUBLE', 'BIGINT'],
    returns: 'VARCHAR',
    call: (longitude: number, latitude: number, level: bigint) =>
      inside(longitude, latitude) && level >= 0n && level <= 15n ? h3().latLngToCell(latitude, longitude, Number(level)) : null,
  },
  {
    name: 'kqlf_h3cell_centre',
    ...over((cell) => {
      const [latitude, longitude] = h3().cellToLatLng(cell);
      return geoJson('Point', [longitude, latitude]);
    }),
  },
  { name: 'kqlf_h3cell_polygon', ...over((cell) => geoJson('Polygon', [h3().cellToBoundary(cell, true) as Place[]])) },
  {
    name: 'kqlf_h3cell_level',
    takes: ['VARCHAR'],
    returns: 'BIGINT',
    call: (text: string) => (isCell(text) ? BigInt(h3().getResolution(text)) : null),
  },
  { name: 'kqlf_h3cell_neighbors', ...over(neighbours) },
  { name: 'kqlf_h3cell_next_parent', ...over((cell) => parent(cell, undefined)) },
  { name: 'kqlf_h3cell_parent', ...over(parent, true) },
  { name: 'kqlf_h3cell_next_children', ...over((cell) => children(cell, undefined)) },
  { name: 'kqlf_h3cell_children', ...over(children, true) },
  { name: 'kqlf_h3cell_rings', ...over(rings, true) },
];

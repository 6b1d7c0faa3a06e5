import type { FunctionRow, Take } from './row.ts';

function row(name: string, takes: readonly Take[], returns: 'real' | 'bool' | 'dynamic'): FunctionRow {
  return { name, takes, returns, sql: `kqlf_${name}(${takes.map((_, i) => `{${i}}`).join(', ')})` };
}

const PLACE: readonly Take[] = ['real', 'real'];

const CELLS = 'cells of S2 and H3 are not computed here';
const SHAPES = 'shapes that come out of shapes are not known to the last digit';

function refused(names: readonly string[], reason: string): FunctionRow[] {
  return names.map((name) => ({ name, takes: ['any*'], returns: 'dynamic', refuse: reason }));
}

/** Places on the earth, which is a ball here as it is in Kusto. */
export const geo: readonly FunctionRow[] = [
  row('geo_distance_2points', [...PLACE, ...PLACE], 'real'),
  row('geo_angle', [...PLACE, ...PLACE, ...PLACE], 'real'),
  row('geo_azimuth', [...PLACE, ...PLACE], 'real'),
  row('geo_point_in_circle', [...PLACE, ...PLACE, 'real'], 'bool'),
  row('geo_point_in_polygon', [...PLACE, 'dynamic'], 'bool'),
  row('geo_distance_point_to_line', [...PLACE, 'dynamic'], 'real'),
  row('geo_distance_point_to_polygon', [...PLACE, 'dynamic'], 'real'),
  row('geo_line_length', ['dynamic'], 'real'),
  row('geo_line_centroid', ['dynamic'], 'dynamic'),
  row('geo_line_locate_point', ['dynamic', ...PLACE], 'real'),
  row('geo_line_interpolate_point', ['dynamic', 'real'], 'dynamic'),
  row('geo_polygon_area', ['dynamic'], 'real'),
  row('geo_polygon_perimeter', ['dynamic'], 'real'),
  row('geo_polygon_centroid', ['dynamic'], 'dynamic'),
  row('geo_from_wkt', ['string'] as const, 'dynamic'),
  {
    name: 'geo_point_to_geohash',
    takes: ['real', 'real', 'long?'],
    returns: 'string',
    emit: ({ args }) => ({
      sql: `coalesce(kqlf_geohash(${args[0]!.sql}, ${args[1]!.sql}, ${args[2]?.sql ?? 5}), '')`,
      type: 'string',
    }),
  },
  { name: 'geo_geohash_to_central_point', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_centre({0})' },
  { name: 'geo_geohash_to_polygon', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_polygon({0})' },
  { name: 'geo_geohash_neighbors', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_neighbors({0})' },
  ...refused(
    [
      ...['geo_point_to_s2cell', 'geo_s2cell_to_central_point', 'geo_s2cell_to_polygon', 'geo_s2cell_neighbors', 'geo_polygon_to_s2cells'],
      ...['geo_line_to_s2cells', 'geo_point_to_h3cell', 'geo_h3cell_to_central_point', 'geo_h3cell_to_polygon', 'geo_h3cell_neighbors'],
      ...['geo_h3cell_children', 'geo_h3cell_parent', 'geo_h3cell_rings', 'geo_h3cell_level', 'geo_polygon_to_h3cells'],
    ],
    CELLS,
  ),
  ...refused(
    [
      ...['geo_closest_point_on_line', 'geo_closest_point_on_polygon', 'geo_intersects_2lines', 'geo_intersects_line_with_polygon'],
      ...['geo_intersects_2polygons', 'geo_intersection_2lines', 'geo_intersection_line_with_polygon', 'geo_intersection_2polygons'],
      ...['geo_union_polygons_array', 'geo_union_lines_array', 'geo_simplify_polygons_array', 'geo_polygon_densify', 'geo_polygon_buffer'],
      ...['geo_polygon_simplify', 'geo_line_buffer', 'geo_line_densify', 'geo_line_simplify', 'geo_point_buffer'],
    ],
    SHAPES,
  ),
];

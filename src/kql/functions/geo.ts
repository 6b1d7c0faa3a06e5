import { refuse } from '../context.ts';
import type { FunctionRow, Take } from './row.ts';

function row(name: string, takes: readonly Take[], returns: 'real' | 'bool' | 'dynamic'): FunctionRow {
  return { name, takes, returns, sql: `kqlf_${name}(${takes.map((_, i) => `{${i}}`).join(', ')})` };
}

const PLACE: readonly Take[] = ['real', 'real'];

type Sql = (args: readonly string[]) => string;

/** Of what is no cell, level or place nothing comes out: an empty text, or a null. */
function text(name: string, takes: readonly Take[], sql: Sql): FunctionRow {
  return { name, takes, returns: 'string', emit: ({ args }) => ({ sql: `coalesce(${sql(args.map((a) => a.sql))}, '')`, type: 'string' }) };
}

function cells(name: string, takes: readonly Take[], sql: Sql): FunctionRow {
  return { name, takes, returns: 'dynamic', emit: ({ args }) => ({ sql: sql(args.map((a) => a.sql)), type: 'dynamic' }) };
}

/** The last argument is a tolerance in metres, 10 where none is given. */
function made(name: string, takes: readonly Take[]): FunctionRow {
  const emit: FunctionRow['emit'] = ({ args }) => {
    const given = args.map((a) => a.sql);
    return { sql: `kqlf_${name}(${(given.length < takes.length ? [...given, '10'] : given).join(', ')})`, type: 'dynamic' };
  };
  return { name, takes, returns: 'dynamic', emit };
}

function densify(name: string): FunctionRow {
  return {
    name,
    takes: ['dynamic', 'real?', 'bool?'],
    returns: 'dynamic',
    emit: ({ node, args, scope }) =>
      args[2] && args[2].sql.toLowerCase() !== 'false'
        ? refuse(scope, node, name, 'over the 180th meridian')
        : { sql: `kqlf_${name}(${args[0]!.sql}, ${args[1]?.sql ?? '10'}::DOUBLE)`, type: 'dynamic' },
  };
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
  text('geo_point_to_geohash', [...PLACE, 'long?'], ([lng, lat, letters]) => `kqlf_geohash(${lng}, ${lat}, ${letters ?? 5})`),
  { name: 'geo_geohash_to_central_point', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_centre({0})' },
  { name: 'geo_geohash_to_polygon', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_polygon({0})' },
  { name: 'geo_geohash_neighbors', takes: ['string'], returns: 'dynamic', sql: 'kqlf_geohash_neighbors({0})' },
  text('geo_point_to_s2cell', [...PLACE, 'long?'], ([lng, lat, level]) => `kqlf_s2cell(${lng}, ${lat}, ${level ?? 11})`),
  cells('geo_s2cell_to_central_point', ['string'], ([cell]) => `kqlf_s2cell_centre(${cell})`),
  cells('geo_s2cell_to_polygon', ['string'], ([cell]) => `kqlf_s2cell_polygon(${cell})`),
  cells('geo_s2cell_neighbors', ['string'], ([cell]) => `kqlf_s2cell_neighbors(${cell})`),
  cells(
    'geo_polygon_to_s2cells',
    ['dynamic', 'long?', 'real?'],
    ([of, level, radius]) => `kqlf_s2cells(${of}, ${level ?? 11}, ${radius ?? 0})`,
  ),
  text('geo_point_to_h3cell', [...PLACE, 'long?'], ([lng, lat, level]) => `kqlf_h3cell(${lng}, ${lat}, ${level ?? 6})`),
  cells('geo_h3cell_to_central_point', ['string'], ([cell]) => `kqlf_h3cell_centre(${cell})`),
  cells('geo_h3cell_to_polygon', ['string'], ([cell]) => `kqlf_h3cell_polygon(${cell})`),
  cells('geo_h3cell_neighbors', ['string'], ([cell]) => `kqlf_h3cell_neighbors(${cell})`),
  cells('geo_h3cell_rings', ['string', 'long'], ([cell, far]) => `kqlf_h3cell_rings(${cell}, ${far})`),
  cells('geo_h3cell_children', ['string', 'long?'], ([cell, level]) =>
    level ? `kqlf_h3cell_children(${cell}, ${level})` : `kqlf_h3cell_next_children(${cell})`,
  ),
  text('geo_h3cell_parent', ['string', 'long?'], ([cell, level]) =>
    level ? `kqlf_h3cell_parent(${cell}, ${level})` : `kqlf_h3cell_next_parent(${cell})`,
  ),
  { name: 'geo_h3cell_level', takes: ['string'], returns: 'int', sql: 'kqlf_h3cell_level({0})::INTEGER' },
  cells(
    'geo_polygon_to_h3cells',
    ['dynamic', 'long?', 'real?'],
    ([of, level, radius]) => `kqlf_geo_polygon_to_h3cells(${of}, ${level ?? 6}, ${radius ?? 0})`,
  ),
  cells(
    'geo_line_to_s2cells',
    ['dynamic', 'long?', 'real?'],
    ([of, level, radius]) => `kqlf_geo_line_to_s2cells(${of}, ${level ?? 11}, ${radius ?? 0})`,
  ),
  row('geo_closest_point_on_line', [...PLACE, 'dynamic'], 'dynamic'),
  row('geo_closest_point_on_polygon', [...PLACE, 'dynamic'], 'dynamic'),
  row('geo_intersects_2lines', ['dynamic', 'dynamic'], 'bool'),
  row('geo_intersects_line_with_polygon', ['dynamic', 'dynamic'], 'bool'),
  row('geo_intersects_2polygons', ['dynamic', 'dynamic'], 'bool'),
  row('geo_intersection_2lines', ['dynamic', 'dynamic'], 'dynamic'),
  row('geo_intersection_line_with_polygon', ['dynamic', 'dynamic'], 'dynamic'),
  row('geo_intersection_2polygons', ['dynamic', 'dynamic'], 'dynamic'),
  densify('geo_line_densify'),
  densify('geo_polygon_densify'),
  made('geo_line_simplify', ['dynamic', 'real?']),
  made('geo_polygon_simplify', ['dynamic', 'real?']),
  made('geo_simplify_polygons_array', ['dynamic', 'real?']),
  made('geo_point_buffer', [...PLACE, 'real', 'real?']),
  made('geo_line_buffer', ['dynamic', 'real', 'real?']),
  made('geo_polygon_buffer', ['dynamic', 'real', 'real?']),
  row('geo_union_lines_array', ['dynamic'], 'dynamic'),
  row('geo_union_polygons_array', ['dynamic'], 'dynamic'),
];

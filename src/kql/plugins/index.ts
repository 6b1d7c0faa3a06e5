import { refuseRows, type Scope } from '../context.ts';
import type { Relation } from '../relation.ts';
import { list, type Node, nameOf, need } from '../tree/syntax.ts';
import { activeUsers } from './active-users.ts';
import { activityCounts, activityMetrics, engagement, slidingCounts } from './activity.ts';
import { bagUnpack } from './bag-unpack.ts';
import { dcountIntersect } from './dcount-intersect.ts';
import { geoLookup } from './geo-lookup.ts';
import { ipLookup } from './ip-lookup.ts';
import { newActivity } from './new-activity.ts';
import { pivot } from './pivot.ts';
import { rollingPercentile } from './rolling-percentile.ts';
import type { PluginRow } from './row.ts';
import { rowsNear } from './rows-near.ts';
import { schemaMerge } from './schema-merge.ts';
import { sessionCount } from './session-count.ts';

const MODEL = 'it gives a sample or a model, not one defined answer';
const LOOSE = 'its documentation leaves open which rows count at the edges, and no answer of the engine settles it';

/** Every plugin that is known, by name. */
export const PLUGINS: ReadonlyMap<string, PluginRow> = new Map(
  [
    { name: 'activity_counts_metrics', emit: activityCounts },
    { name: 'activity_engagement', emit: engagement },
    { name: 'activity_metrics', emit: activityMetrics },
    { name: 'new_activity_metrics', emit: newActivity },
    { name: 'active_users_count', emit: activeUsers },
    { name: 'session_count', emit: sessionCount },
    { name: 'sliding_window_counts', emit: slidingCounts },
    { name: 'rolling_percentile', emit: rollingPercentile },
    { name: 'dcount_intersect', emit: dcountIntersect },
    { name: 'rows_near', emit: rowsNear },
    { name: 'schema_merge', emit: schemaMerge },
    { name: 'bag_unpack', emit: bagUnpack },
    { name: 'ipv4_lookup', emit: ipLookup },
    { name: 'ipv6_lookup', emit: ipLookup },
    { name: 'geo_polygon_lookup', emit: geoLookup },
    { name: 'geo_line_lookup', emit: geoLookup },
    { name: 'pivot', emit: pivot },
    { name: 'funnel_sequence', refuse: LOOSE },
    { name: 'funnel_sequence_completion', refuse: LOOSE },
    { name: 'narrow', refuse: 'how it writes values as text is not known' },
    { name: 'preview', refuse: 'a text gives one table' },
    { name: 'autocluster', refuse: MODEL },
    { name: 'basket', refuse: MODEL },
    { name: 'diffpatterns', refuse: MODEL },
    { name: 'python', refuse: 'code is not run' },
    { name: 'r', refuse: 'code is not run' },
    { name: 'sql_request', refuse: 'a query reads no network' },
    { name: 'http_request', refuse: 'a query reads no network' },
    { name: 'http_request_post', refuse: 'a query reads no network' },
  ].map((row: PluginRow) => [row.name, row]),
);

/** `evaluate plugin(...)`. */
export function evaluate(node: Node, input: Relation, scope: Scope): Relation {
  const call = need(node, 'FunctionCall');
  const name = nameOf(need(call, 'Name'));
  const row = PLUGINS.get(name);
  if (input.parts) return refuseRows(scope, node, `evaluate ${name}`, 'inside mv-apply or partition');
  if (!row?.emit) return refuseRows(scope, node, `evaluate ${name}`, row?.refuse);
  return row.emit({ node, name, args: list(need(call, 'ArgumentList'), 'Expressions'), input, scope });
}

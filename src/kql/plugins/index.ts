import { refuseRows, type Scope } from '../context.ts';
import type { Relation } from '../relation.ts';
import { list, type Node, nameOf, need } from '../tree/syntax.ts';
import { activityCounts } from './activity.ts';
import { bagUnpack } from './bag-unpack.ts';
import { ipv4Lookup } from './ip-lookup.ts';
import { pivot } from './pivot.ts';
import type { PluginRow } from './row.ts';

const MODEL = 'it gives a sample or a model, not one defined answer';

/** Every plugin that is known, by name. */
export const PLUGINS: ReadonlyMap<string, PluginRow> = new Map(
  [
    { name: 'activity_counts_metrics', emit: activityCounts },
    { name: 'bag_unpack', emit: bagUnpack },
    { name: 'ipv4_lookup', emit: ipv4Lookup },
    { name: 'pivot', emit: pivot },
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

import { lineColumn, refuseRows } from '../context.ts';
import { type Probe, ProbeNeeded } from '../probe.ts';
import type { Column, Relation } from '../relation.ts';
import { need } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

interface Wanted extends Pick<Probe, 'prefix' | 'conflict' | 'replaced'> {
  readonly source: readonly Column[];
}

/** Stops the translation: the columns of this plugin must be asked for first. */
export function needProbe({ node, name, scope }: PluginCall, wanted: Wanted, sql: string): Relation {
  const { ctx } = scope;
  // In a function the same text may stand for several answers.
  if (ctx.depth > 0) return refuseRows(scope, node, `evaluate ${name}`, 'in a function, without a schema');
  const call = need(node, 'FunctionCall');
  const place = lineColumn(ctx.origin.text, node.TextStart);
  const source = wanted.source.map(({ name: column, type }) => ({ name: column, type }));
  throw new ProbeNeeded({ ...wanted, source, plugin: `evaluate ${name}`, offset: call.TextStart + call.Width, ...place }, sql);
}

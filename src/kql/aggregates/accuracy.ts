import { reject } from '../context.ts';
import type { Node } from '../tree/syntax.ts';
import type { AggregateCall } from './row.ts';

/** The accuracy that dcount() and hll() are asked for: a constant from 0 to 4, else the query is wrong; 1 where none is given. */
export function accuracyOf(call: AggregateCall, node: Node | undefined, name: string): number {
  if (!node) return 1;
  const given = call.scope.ctx.scalar(node, call.scope).constant?.value;
  if ((typeof given === 'bigint' || typeof given === 'number') && given >= 0 && given <= 4) return Number(given);
  reject(call.scope, node, name, 'the accuracy must be a constant from 0 to 4');
  return 1;
}

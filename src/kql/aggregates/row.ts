import type { AggregateSink, Scope } from '../context.ts';
import type { Scalar } from '../scalar.ts';
import type { Node } from '../tree/syntax.ts';

export interface AggregateCall {
  readonly node: Node;
  readonly nodes: readonly Node[];
  /** The scope of one input row, where arguments are translated. */
  readonly scope: Scope;
  readonly sink: AggregateSink;
}

/** An aggregate: the SQL over its arguments is given to the sink, which names the result. */
export interface AggregateRow {
  readonly name: string;
  readonly emit: (call: AggregateCall) => Scalar;
  readonly refuse?: string;
}

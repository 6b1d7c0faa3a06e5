import type { Scope } from '../context.ts';
import type { Relation } from '../relation.ts';
import type { Node } from '../tree/syntax.ts';

/** A tabular operator: the relation that comes down the pipe becomes another. */
export interface OperatorRow {
  /** As KQL spells it. */
  readonly name: string;
  /** Kinds of syntax nodes that it handles. */
  readonly kinds: readonly string[];
  readonly emit?: (node: Node, input: Relation, scope: Scope) => Relation;
  /** Why the operator is refused. */
  readonly refuse?: string;
}

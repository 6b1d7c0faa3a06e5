import type { Scope } from '../context.ts';
import type { Relation } from '../relation.ts';
import type { Node } from '../tree/syntax.ts';

export interface PluginCall {
  /** The evaluate operator, whose bound columns the answer has. */
  readonly node: Node;
  readonly name: string;
  readonly args: readonly Node[];
  readonly input: Relation;
  readonly scope: Scope;
}

/** A plugin of evaluate. */
export interface PluginRow {
  readonly name: string;
  readonly emit?: (call: PluginCall) => Relation;
  /** Why the plugin is refused. */
  readonly refuse?: string;
}

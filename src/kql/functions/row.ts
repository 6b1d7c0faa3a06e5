import type { KqlType } from '../../core/kql-types.ts';
import type { Scope } from '../context.ts';
import type { Scalar } from '../scalar.ts';
import type { Node } from '../tree/syntax.ts';

/** How an argument is taken: brought to a type, or as it is (`any`). `?` marks what may be left out, `*` what may repeat. */
export type Take = `${KqlType | 'any' | 'number'}${'' | '?' | '*'}`;
/** What comes out: a type, the type of the first argument, the common type of all, or what the binder says. */
export type Returns = KqlType | 'first' | 'common' | 'bound';

export interface Call {
  readonly node: Node;
  readonly scope: Scope;
  readonly args: readonly Scalar[];
  /** The nodes of the arguments. */
  readonly nodes: readonly Node[];
}

/** A scalar function: how its arguments are taken and the SQL over them, `{0}` `{1}` ... */
export interface FunctionRow {
  readonly name: string;
  readonly takes: readonly Take[];
  readonly returns: Returns;
  readonly sql?: string;
  /** For what a template cannot say; undefined = this call cannot be translated. */
  readonly emit?: (call: Call) => Scalar;
  /** Why the function is refused. */
  readonly refuse?: string;
  /** The SQL is never null, though an argument may be. */
  readonly total?: boolean;
}

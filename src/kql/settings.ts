import { type Context, refuse, rowScope } from './context.ts';
import { child, kindOf, type Node, nameOf, need } from './tree/syntax.ts';

/** Request properties that change the answer, and what they would do. The others tell the engine how to go about it. */
const CHANGING: Readonly<Record<string, string>> = {
  query_now: 'another time for now()',
  query_take_max_records: 'fewer rows than the query gives',
  query_results_apply_getschema: 'the schema instead of the rows',
  query_datetimescope_column: 'a filter over every table',
  query_datetimescope_from: 'a filter over every table',
  query_datetimescope_to: 'a filter over every table',
  query_cursor_after_default: 'there are no database cursors',
  query_cursor_before_or_at_default: 'there are no database cursors',
  query_cursor_current: 'there are no database cursors',
  query_cursor_scoped_tables: 'there are no database cursors',
  validatepermissions: 'no answer but whether there would be one',
};

/** Keeps what `set name = value` says; refuses what would change the answer and is not followed here. */
export function declareSettings(statements: readonly Node[], ctx: Context): void {
  for (const statement of statements) {
    if (kindOf(statement) !== 'SetOptionStatement') continue;
    const name = nameOf(need(statement, 'Name'));
    const why = CHANGING[name.toLowerCase()];
    if (why) refuse(rowScope(ctx, ctx.rootEnv), statement, `set ${name}`, why);
    const value = child(statement, 'ValueClause');
    if (value) ctx.settings.set(name, need(value, 'Expression'));
  }
}

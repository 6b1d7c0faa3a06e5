import type { QueryRequest, Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { tableText } from '../table.ts';

/** A workspace that can say what it would run. */
interface Explaining {
  explain(request: QueryRequest): Promise<{ readonly sql: string }>;
}

/** Compiles a query without running it; prints the columns of its answer and, where the engine is here, its SQL. */
export async function printPlan({ io, json }: CommandContext, workspace: Workspace, request: QueryRequest): Promise<number> {
  const columns = await workspace.check(request);
  const sql = explains(workspace) ? (await workspace.explain(request)).sql : undefined;
  if (json) {
    io.json({ columns, ...(sql !== undefined && { sql }) });
    return 0;
  }
  io.out(
    tableText(
      [{ title: 'COLUMN', overflow: 'cut' }, { title: 'TYPE' }],
      columns.map(({ name, type }) => [name, type]),
      { columns: io.columns },
    ),
  );
  if (sql !== undefined) io.out(`\n${sql}`);
  return 0;
}

function explains(workspace: Workspace): workspace is Workspace & Explaining {
  return 'explain' in workspace && typeof workspace.explain === 'function';
}

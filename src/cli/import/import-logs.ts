import { join, relative, resolve } from 'node:path';
import { counted, grouped } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { type ImportResult, importPaths } from '../../workspace/embedded/import/import-paths.ts';
import type { CommandContext } from '../context.ts';
import { openEmbedded } from '../embedded.ts';
import { type Stage, stagedProgress } from '../progress.ts';
import { tableText } from '../table.ts';
import { plain } from '../text.ts';

/** Imports files, and prints what became of them. */
export async function importLogs(context: CommandContext, paths: readonly string[], table: string | undefined): Promise<number> {
  const { io, json } = context;
  const stage = stagedProgress(io, { total: 1, json, clock: context.clock }).stage('import');
  const result = await loadFiles(context, paths, { table, stage });
  stage.done(`${counted(result.files, 'file')}, ${counted(result.rows, 'row')}`);
  if (json) {
    const { files, rows, duplicates, rejected, byTable, unknownColumns, skipped } = result;
    io.json({ files, rows, duplicates, rejected, byTable, unknownColumns, skipped });
  } else print(context, result);
  return result.rejected > 0 ? ExitCode.partly : ExitCode.done;
}

/** Imports files into the workspace of the context; `stage` shows how far it has come. */
export async function loadFiles(
  context: CommandContext,
  paths: readonly string[],
  { table, stage }: { readonly table?: string | undefined; readonly stage: Stage },
): Promise<ImportResult> {
  const workspace = await openEmbedded(context);
  const absolute = paths.map((path) => resolve(context.cwd, path));
  return importPaths(workspace, absolute, {
    table,
    rejectedDir: join(context.dataDir, 'rejected'),
    exclude: [context.dataDir],
    signal: context.signal,
    onProgress: ({ file, index, files, rows }) =>
      stage.update(`file ${index + 1} of ${files}, ${grouped(rows)} rows  ${plain(relative(context.cwd, file))}`),
  });
}

function print({ io, cwd, dataDir }: CommandContext, result: ImportResult): void {
  const tables = Object.entries(result.byTable).map(([table, rows]) => [table, grouped(rows)]);
  if (tables.length > 0)
    io.out(`\n${tableText([{ title: 'TABLE' }, { title: 'NEW ROWS', align: 'right' }], tables, { columns: io.columns, indent: '  ' })}\n`);
  if (result.duplicates > 0)
    io.out(`  ${counted(result.duplicates, 'row')} ${result.duplicates === 1 ? 'was' : 'were'} there already or came twice`);
  const unknown = Object.entries(result.unknownColumns).sort(([, a], [, b]) => b - a);
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 8).map(([column, count]) => `${plain(column)} (${grouped(count)})`);
    io.out(`  columns that no table has, dropped: ${shown.join(', ')}${unknown.length > 8 ? ` and ${unknown.length - 8} more` : ''}`);
  }
  for (const { path, reason } of result.skipped) io.err(`  skipped ${plain(relative(cwd, path))}: ${plain(reason)}`);
  if (result.rejected > 0)
    io.err(
      `  ${counted(result.rejected, 'row')} ${result.rejected === 1 ? 'was' : 'were'} set aside in ${join(relative(cwd, dataDir), 'rejected')}, with file, line and reason`,
    );
}

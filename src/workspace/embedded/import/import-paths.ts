import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { counted } from '../../../core/counted.ts';
import { didYouMean } from '../../../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import { makeFolders } from '../../../core/make-folders.ts';
import { tableOfDownload } from '../../../events/shapes/shape.ts';
import { CONNECTOR_TABLES } from '../../../schema/connector-tables.ts';
import type { EmbeddedWorkspace } from '../embedded-workspace.ts';
import type { Store } from '../store.ts';
import type { TableRules } from './group.ts';
import { Importer } from './importer.ts';
import { EXTENSIONS, type InputFile, inputFiles, type Skipped, unreadable } from './input-files.ts';
import { type LoadContext, loadFile } from './load-file.ts';
import { writeRejects } from './rejects.ts';

export interface ImportProgress {
  readonly file: string;
  readonly index: number;
  readonly files: number;
  readonly rows: number;
}

export interface ImportOptions {
  /** Every row belongs to this table. */
  readonly table?: string | undefined;
  /** Where rows that cannot be taken are written, usually DIR/rejected. */
  readonly rejectedDir: string;
  /** For files that have to be rewritten before they can be read; default beside `rejectedDir`. */
  readonly tempDir?: string | undefined;
  /** Folders that are passed over where they lie below a path: what the workspace itself keeps there is no log. */
  readonly exclude?: readonly string[] | undefined;
  readonly threads?: number | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportResult {
  readonly files: number;
  /** Rows that are new in the workspace. */
  readonly rows: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly byTable: Readonly<Record<string, number>>;
  /** Columns that no table takes, by name; `properties.` before keys of diagnostic records. */
  readonly unknownColumns: Readonly<Record<string, number>>;
  readonly skipped: readonly Skipped[];
}

/** Imports files and directories into the workspace, file by file: each is in it wholly or not at all. */
export function importPaths(workspace: EmbeddedWorkspace, paths: readonly string[], options: ImportOptions): Promise<ImportResult> {
  const { store } = workspace;
  return store.imports.run(() => importAll(store, paths, options));
}

async function importAll(store: Store, paths: readonly string[], options: ImportOptions): Promise<ImportResult> {
  const temporary = options.tempDir ?? join(dirname(options.rejectedDir), 'tmp');
  const forced = options.table === undefined ? undefined : tableNamed(store, options.table);
  const { files, skipped } = await inputFiles(paths, [options.rejectedDir, temporary, ...(options.exclude ?? [])]);
  const totals = { files: 0, rows: 0, duplicates: 0, rejected: 0 };
  const byTable = new Map<string, number>();
  const unknownColumns = new Map<string, number>();
  makeFolders(temporary, 0o700);
  // Imports of one workspace follow each other, and its file is locked: what is still here was left by one that was killed.
  for (const name of readdirSync(temporary))
    if (name.startsWith('import-')) rmSync(join(temporary, name), { recursive: true, force: true });
  const tempDir = mkdtempSync(join(temporary, 'import-'));
  const importer = await Importer.open({ tempDir, threads: options.threads });
  const connection = await store.connect();
  try {
    const context: LoadContext = { store, importer, connection, tempDir };
    for (const [index, file] of files.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ file: file.path, index, files: files.length, rows: totals.rows });
      const rules: TableRules = {
        forced,
        byFileName: tableOfDownload(file.stem) ?? knownOrCustom(store, file.stem),
        resolve: (name) => knownOrCustom(store, name),
      };
      try {
        const outcome = await loadFile(context, file, rules, ({ rejects }) => writeRejects(options.rejectedDir, file.path, rejects));
        if (outcome.skipped !== undefined) {
          skipped.push({ path: file.path, reason: outcome.skipped });
          continue;
        }
        totals.files++;
        totals.duplicates += outcome.duplicates;
        totals.rejected += outcome.rejects.length;
        for (const [table, rows] of outcome.rows) {
          totals.rows += rows;
          byTable.set(table, (byTable.get(table) ?? 0) + rows);
        }
        for (const [column, count] of outcome.unknownColumns) unknownColumns.set(column, (unknownColumns.get(column) ?? 0) + count);
      } catch (error) {
        skipped.push({ path: file.path, reason: fileFault(file, paths, error) });
      }
    }
  } finally {
    store.disconnect(connection);
    importer.close();
    rmSync(tempDir, { recursive: true, force: true });
  }
  const result = { ...totals, byTable: Object.fromEntries(byTable), unknownColumns: Object.fromEntries(unknownColumns), skipped };
  if (totals.rows + totals.duplicates === 0) throw nothingUsable(result, options);
  return result;
}

/** A file that cannot be read ends the import where the user has named it, and is set aside in a directory. Anything unforeseen is thrown. */
function fileFault({ path, format }: InputFile, named: readonly string[], error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && code !== undefined && code !== 'ENOSPC') {
    if (named.includes(path)) throw unreadable(path, error);
    return `cannot be read (${code})`;
  }
  // What DuckDB says of a damaged file need not name the form: "Out of buffer", "TProtocolException: Invalid data". A full disk is no fault of the file.
  if (
    format === 'parquet' &&
    /^(Invalid Input|IO|Invalid|Serialization) Error/.test(message) &&
    !/could not write|no space left/i.test(message)
  )
    return `not a readable Parquet file: ${message.split('\n')[0]}`;
  throw error;
}

/** The table of a name whatever its case: one that is there, or one of a connector or a custom one that can be made. */
function knownOrCustom(store: Store, name: string): string | undefined {
  const { tables } = store.catalogue;
  if (tables.has(name)) return name;
  const lower = name.toLowerCase();
  for (const known of [...tables.keys(), ...CONNECTOR_TABLES.keys()]) if (known.toLowerCase() === lower) return known;
  return /^[A-Za-z][A-Za-z0-9_]{0,60}_CL$/i.test(name) ? `${name.slice(0, -3)}_CL` : undefined;
}

function tableNamed(store: Store, name: string): string {
  const table = knownOrCustom(store, name);
  if (table !== undefined) return table;
  throw new FactorwatchError(
    'unknown-table',
    `there is no table ${JSON.stringify(name)}${didYouMean(name, store.catalogue.tables.keys())}`,
    {
      exitCode: ExitCode.usage,
      hint: 'the name of a custom table ends with _CL',
    },
  );
}

/** What to do about a file that was skipped, by its reason. */
function hintFor(reason: string): string {
  if (/^not a readable/.test(reason)) return 'export the logs again';
  if (/table|Type|category/.test(reason)) return 'name the table with --table';
  return /^not one of/.test(reason) ? 'give the file the ending of what it holds' : 'export the logs again';
}

function nothingUsable({ files, rejected, skipped }: ImportResult, { rejectedDir }: ImportOptions): FactorwatchError {
  const [first, ...others] = skipped;
  const refuse = (why: string, hint: string) =>
    new FactorwatchError('nothing-usable', `nothing in the input could be used: ${why}`, { exitCode: ExitCode.nothingUsable, hint });
  if (rejected > 0)
    return refuse(`${counted(rejected, 'row was', 'rows were')} set aside`, `the rows and the reasons are in ${rejectedDir}`);
  if (first) {
    const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more file')})`;
    return refuse(`${first.path}: ${first.reason}${more}`, hintFor(first.reason));
  }
  return files > 0 ? refuse('there are no rows', 'export the logs again') : refuse('there is no file', `logs end in ${EXTENSIONS}`);
}

import { randomUUID } from 'node:crypto';
import { didYouMean } from '../../../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import type { KqlColumn } from '../../../core/kql-types.ts';
import { WATCHLIST_COLUMNS } from '../../../kql/watchlists.ts';
import type { EmbeddedWorkspace } from '../embedded-workspace.ts';
import { insertRows, type StoredRow } from '../ingest.ts';
import { columnSql } from '../storage-types.ts';
import { type CsvFault, CsvSplitter } from './csv-splitter.ts';
import { unreadable } from './input-files.ts';
import { readHead, textChunks } from './text-reader.ts';

export interface WatchlistOptions {
  readonly alias: string;
  /** A CSV file with a header. */
  readonly file: string;
  /** Column that SearchKey is filled from; default the first. */
  readonly key?: string | undefined;
}

const ROWS_A_STATEMENT = 2000;

/** Fills a watchlist from a CSV file, in place of what it held: `_GetWatchlist('alias')` reads it. */
export function importWatchlist(workspace: EmbeddedWorkspace, { alias, file, key }: WatchlistOptions): Promise<{ readonly rows: number }> {
  const { store } = workspace;
  return store.imports.run(async () => {
    if (!/^\w[\w -]{0,63}$/.test(alias))
      throw new FactorwatchError('watchlist-invalid', `${JSON.stringify(alias)} is no alias for a watchlist`, { exitCode: ExitCode.usage });
    const { header, items } = await readItems(file);
    const searchKey = key ?? header[0] ?? '';
    if (!header.includes(searchKey)) {
      throw new FactorwatchError(
        'watchlist-invalid',
        `${file} has no column ${JSON.stringify(searchKey)}${didYouMean(searchKey, header)}`,
        { exitCode: ExitCode.usage },
      );
    }
    const own = new Set(WATCHLIST_COLUMNS.map(({ name }) => name));
    const names = [...new Set(header)].filter((name) => name !== '' && !own.has(name));
    const columns: KqlColumn[] = [...WATCHLIST_COLUMNS, ...names.map((name) => ({ name, type: 'string' as const }))];
    const now = store.clock();
    const rows = items.map((text): StoredRow => {
      const item = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
      const cells = [randomUUID(), String(now), item.get(searchKey) ?? '', text, ...names.map((name) => item.get(name) ?? '')];
      return Object.fromEntries(cells.map((cell, i) => [columnSql(i), cell]));
    });
    const connection = await store.connect();
    try {
      await store.transaction(connection, async (_, arrival) => {
        const old = store.catalogue.watchlists.get(alias);
        if (old) await store.catalogue.drop(connection, old);
        const table = await store.catalogue.create(connection, 'watchlist', alias, columns);
        for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT)
          await insertRows(connection, table, rows.slice(i, i + ROWS_A_STATEMENT), now, arrival);
        // No table that is read by arrival has rows of this number.
        return { value: undefined, rows: 0 };
      });
    } catch (error) {
      await store.catalogue.reload(connection);
      throw error;
    } finally {
      store.disconnect(connection);
    }
    return { rows: rows.length };
  });
}

async function readItems(file: string): Promise<{ readonly header: readonly string[]; readonly items: readonly string[] }> {
  const faults: CsvFault[] = [];
  const splitter = new CsvSplitter((fault) => faults.push(fault));
  const items: string[] = [];
  try {
    const head = await readHead(file);
    for await (const piece of textChunks(file, head, (reason) => faults.push({ line: 0, reason, text: '' }))) {
      for (const { text } of splitter.next(piece)) items.push(text);
    }
    for (const { text } of splitter.end()) items.push(text);
  } catch (error) {
    throw unreadable(file, error);
  }
  const fault = faults[0];
  if (fault) {
    // A list that lacks an entry answers wrongly, so that half a file is no watchlist.
    throw new FactorwatchError('watchlist-invalid', `${file}:${fault.line}: ${fault.reason}`, {
      exitCode: ExitCode.nothingUsable,
      where: { file, line: fault.line },
    });
  }
  if (splitter.header.length === 0) throw new FactorwatchError('nothing-usable', `${file} is empty`, { exitCode: ExitCode.nothingUsable });
  return { header: splitter.header, items };
}

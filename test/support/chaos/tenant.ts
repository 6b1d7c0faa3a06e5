import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { datetimeParameter, type KqlValue } from '../../../src/core/kql-types.ts';
import { type Ticks, ticksFromIso, ticksFromMs } from '../../../src/core/ticks.ts';
import { OUTPUT_TABLES } from '../../../src/schema/output-tables.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';
import { MEMORY } from '../../../src/workspace/embedded/instance.ts';
import { openEmbeddedWorkspace } from '../../../src/workspace/embedded/open.ts';
import { tableSql } from '../../../src/workspace/embedded/storage-types.ts';
import { readStoredFunctions } from '../../../src/workspace/embedded/stored-functions.ts';
import type { QueryAnswer, QueryRequest, Workspace } from '../../../src/workspace/workspace.ts';
import { boundsOf } from '../azure-target.ts';

/** Days of samples/ with attacks, as intervals of ingestion time, one a run: some end between two events of one finding, some off the grid. */
export const FROM = '2026-09-13T12:00:00Z';
export const ENDS = [
  '2026-09-14T16:15:00Z',
  '2026-09-14T16:33:07Z',
  '2026-09-17T10:31:30Z',
  '2026-09-17T22:32:00Z',
  '2026-09-18T00:00:00Z',
];

interface Extract {
  readonly columns: QueryAnswer['columns'];
  /** With the place of IngestedAt among the columns. */
  readonly rows: readonly (readonly KqlValue[])[];
  readonly ingestedAt: number;
}

export interface Tenant {
  /** A workspace with the logs, and findings and runs of its own, of which there are none yet. */
  open(): Promise<Workspace>;
  close(): Promise<void>;
}

/** Where a query's text goes on after the lines that declare or bind its parameters. */
const bodyOf = (kql: string) => kql.slice(kql.indexOf('\n'));

/**
 * The logs of samples/ behind the interface of a workspace. The extraction queries are run once, by the engine; what is asked of them
 * later is cut from their rows by ingestion time, so that hundreds of runs cost little.
 */
export async function openTenant(root: string): Promise<Tenant> {
  const directory = mkdtempSync(join(root, 'logs-'));
  const logs = await openEmbeddedWorkspace({ directory });
  await importPaths(logs, [join(process.cwd(), 'samples')], { rejectedDir: join(directory, 'rejected') });
  const extracts = new Map<string, Extract>();
  for (const file of readdirSync('queries').filter((name) => name.endsWith('.kql'))) {
    const kql = readFileSync(join('queries', file), 'utf8');
    extracts.set(bodyOf(kql), await extractOf(logs, kql));
  }
  const answers = new Map<string, Promise<Held>>();
  // In memory, and used again: nobody kills the server, and opening files, syncing them and translating the same queries again cost more than its answers.
  const all: EmbeddedWorkspace[] = [];
  const free: EmbeddedWorkspace[] = [];
  const opened = async () => {
    const workspace = await EmbeddedWorkspace.open({
      path: MEMORY,
      clock: () => ticksFromMs(Date.now()),
      functions: readStoredFunctions('queries/functions'),
    });
    all.push(workspace);
    return workspace;
  };

  return {
    async open() {
      const written = free.pop() ?? (await opened());
      const query = async (request: QueryRequest): Promise<QueryAnswer> => {
        const extract = extracts.get(bodyOf(request.kql));
        if (extract !== undefined) return cut(extract, boundsOf(request));
        if (/Factor(Findings|Runs)/.test(request.kql)) return written.query(request);
        // What the logs and rules say does not change.
        const key = `${request.timespan}\n${request.kql}`;
        const held = answers.get(key) ?? hold(await logs.query(request));
        answers.set(key, held);
        return given(await held);
      };
      return {
        kind: 'embedded',
        tables: () => logs.tables(),
        check: (request) => logs.check(request),
        query,
        fetch: () => {
          throw new Error('a server fetches nothing');
        },
        arrivalMark: async () => ({ upTo: undefined }),
        earliest: async () => undefined,
        ingest: (stream, rows, signal) =>
          stream.includes('FactorRules') ? logs.ingest(stream, rows, signal) : written.ingest(stream, rows, signal),
        close: async () => {
          await emptied(written);
          free.push(written);
        },
      };
    },
    close: async () => {
      for (const workspace of all) await workspace.close();
      await logs.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Findings and runs are taken out of a workspace. */
async function emptied({ store }: EmbeddedWorkspace): Promise<void> {
  for (const { name } of OUTPUT_TABLES) {
    await store.write(async (connection) => {
      await connection.run(`DELETE FROM ${tableSql(store.catalogue.tables.get(name)!.id)}`);
      return { value: undefined, rows: 0 };
    });
  }
}

async function extractOf(logs: Workspace, kql: string): Promise<Extract> {
  const at = (iso: string): Ticks => ticksFromIso(iso)!;
  const parameters = { From: datetimeParameter(at(FROM)), Until: datetimeParameter(at(ENDS.at(-1)!)) };
  const { columns, rows } = await hold(await logs.query({ kql, parameters }));
  return { columns, rows, ingestedAt: columns.findIndex(({ name }) => name === 'IngestedAt') };
}

interface Held {
  readonly columns: QueryAnswer['columns'];
  readonly rows: readonly (readonly KqlValue[])[];
}

async function hold({ columns, chunks }: QueryAnswer): Promise<Held> {
  const rows: (readonly KqlValue[])[] = [];
  for await (const chunk of chunks) rows.push(...chunk);
  return { columns, rows };
}

function given({ columns, rows }: Held): QueryAnswer {
  return {
    columns,
    chunks: (async function* () {
      if (rows.length > 0) yield rows;
    })(),
    partial: () => undefined,
  };
}

function cut({ columns, rows, ingestedAt }: Extract, { from, until }: { readonly from: Ticks; readonly until: Ticks }): QueryAnswer {
  const within = rows.filter((row) => (row[ingestedAt] as Ticks) >= from && (row[ingestedAt] as Ticks) < until);
  return given({ columns, rows: within });
}

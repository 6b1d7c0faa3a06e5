import type { KqlColumn, KqlValue } from '../../src/core/kql-types.ts';
import type { PartialReason, QueryRequest, Workspace } from '../../src/workspace/workspace.ts';

type Rows = readonly (readonly KqlValue[])[];

/** What a scripted query gives; `chunks` may wait, fail, or go on for ever. */
export interface Scripted {
  readonly columns: readonly KqlColumn[];
  readonly chunks: (request: QueryRequest) => AsyncIterable<Rows>;
  readonly partial?: PartialReason;
  readonly render?: Readonly<Record<string, string>>;
}

/** Columns by `name:type` and the rows, in chunks of one. */
export function table(columns: readonly string[], rows: Rows, more: Pick<Scripted, 'partial' | 'render'> = {}): Scripted {
  return {
    columns: columns.map((text) => {
      const [name = '', type = ''] = text.split(':');
      return { name, type: type as KqlColumn['type'] };
    }),
    async *chunks() {
      for (const row of rows) yield [row];
    },
    ...more,
  };
}

/** A workspace that answers each text with what the test wrote down for it, and keeps what it is asked and given. */
export function memoryWorkspace(script: (request: QueryRequest) => Scripted | Promise<Scripted>) {
  const asked: QueryRequest[] = [];
  const ingested: { stream: string; rows: readonly Readonly<Record<string, unknown>>[] }[] = [];
  const workspace: Workspace = {
    kind: 'embedded',
    tables: async () => new Map(),
    check: async (request) => (await script(request)).columns,
    async query(request) {
      asked.push(request);
      const { columns, chunks, partial, render } = await script(request);
      return { columns, chunks: chunks(request), partial: () => partial, render };
    },
    // biome-ignore lint/correctness/useYield: the server fetches nothing.
    async *fetch() {
      throw new Error('not part of the script');
    },
    arrivalMark: async () => ({ upTo: undefined }),
    earliest: async () => undefined,
    async ingest(stream, rows) {
      ingested.push({ stream, rows });
      return { accepted: rows.length, rejected: [] };
    },
    close: async () => undefined,
  };
  return { workspace, asked, ingested };
}

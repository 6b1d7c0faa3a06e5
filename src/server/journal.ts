import { appendFileSync } from 'node:fs';

/** One request as the server saw it. */
export interface JournalEntry {
  /** Unix milliseconds. */
  readonly at: number;
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  /** 1-based number of the call of this endpoint. */
  readonly call: number;
  /** Kind of the fault that was made, if any. */
  readonly fault?: string | undefined;
  /** Status of the answer; undefined where the connection was reset. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where requests are written down, for the assertions of tests. */
export interface Journal {
  record(entry: JournalEntry): void;
}

export function memoryJournal(): Journal & { readonly entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  return { entries, record: (entry) => void entries.push(entry) };
}

/** Appends each request to a file as a line of JSON. */
export function fileJournal(path: string): Journal {
  return { record: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 }) };
}

import { once } from 'node:events';
import { createWriteStream, symlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { quoteString } from '../../../kql/quote.ts';
import { CsvSplitter } from './csv-splitter.ts';
import type { Importer } from './importer.ts';
import type { InputFile } from './input-files.ts';
import { type LineScan, scanLines } from './line-scan.ts';
import { DocumentSplitter, LineSplitter, RECORD_LIMIT, type RecordSplitter, startsLikeEnvelope } from './record-splitter.ts';
import { type Head, readHead, textChunks, unpack } from './text-reader.ts';

/** A row that cannot be taken, with its place and what stands there. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** A file as lines of JSON that DuckDB can read. */
export interface Lines {
  /** SELECT of line and l; `line` may be null where the order does not matter. */
  readonly sql: string;
  /** The same with the number of each line in the file; it costs the scan its parallelism. */
  readonly numberedSql: string;
  /** Lines that are not blank. */
  readonly count: number;
  /** What was found to be wrong before DuckDB reads a line. */
  readonly rejects: readonly Reject[];
  /** Why none of it can be used. */
  readonly refused?: string | undefined;
  /** Values are all text (CSV): types must be guessed from that. */
  readonly textOnly: boolean;
}

export async function openLines(importer: Importer, file: InputFile, tempDir: string): Promise<Lines> {
  if (file.format === 'parquet') return parquetLines(importer, file.path, tempDir);
  const head = await readHead(file.path);
  if (head.empty) return NO_LINES;
  const form = file.format === 'csv' ? 'csv' : formOf(head);
  if (form === 'lines' && !head.gzip && head.encoding === 'utf-8') {
    const scan = await scanLines(file.path);
    if (scan.plain) return plainLines(await safePath(file.path, tempDir), scan);
  }
  return normalised(file.path, head, form, join(tempDir, 'lines'));
}

const NO_LINES: Lines = {
  sql: 'SELECT NULL::BIGINT AS line, NULL::VARCHAR AS l WHERE false',
  numberedSql: 'SELECT NULL::BIGINT AS line, NULL::VARCHAR AS l WHERE false',
  count: 0,
  rejects: [],
  textOnly: false,
};

type Form = 'lines' | 'document' | 'csv';

/** One record a line, or JSON over several lines? A pretty-printed document has no line that is an object by itself. */
function formOf({ text }: Head): Form {
  if (/^\s*\[/.test(text) || startsLikeEnvelope(text.trimStart())) return 'document';
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (lines.length <= 1) return 'lines';
  return lines.slice(0, 50).some(isObject) || !/^\s*\{\s*$/.test(lines[0] as string) ? 'lines' : 'document';
}

function isObject(line: string): boolean {
  try {
    return /^\s*\{/.test(line) && typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

/** A line as the only column: nothing is quoted, and the delimiter is a character that JSON cannot hold. */
function readerOptions(longest: number): string {
  // DuckDB's buffers are 16 times the longest line: the limit follows the file. It would take the ending .gz for the truth: what a
  // browser has unpacked on the way keeps that name.
  const limit = Math.max(2 ** 21, longest + 64);
  return `compression = 'none', header = false, auto_detect = false, hive_partitioning = false, quote = '', escape = '', max_line_size = ${limit}`;
}

function plainLines(path: string, { count, longest }: LineScan): Lines {
  const from = `FROM read_csv(${quoteString(path)}, columns = {'l': 'VARCHAR'}, delim = '\u0001', ${readerOptions(longest)})`;
  return {
    sql: `SELECT NULL::BIGINT AS line, l ${from}`,
    numberedSql: `SELECT row_number() OVER () AS line, l ${from}`,
    count,
    rejects: [],
    textOnly: false,
  };
}

/** Parquet has its index at its end: a packed file is unpacked before it is read. */
async function parquetLines(importer: Importer, file: string, tempDir: string): Promise<Lines> {
  const { gzip } = await readHead(file);
  const unpacked = join(tempDir, 'unpacked.parquet');
  if (gzip) {
    const damage = await unpack(file, unpacked);
    if (damage !== undefined) return { ...NO_LINES, refused: damage };
  }
  const path = gzip ? resolve(unpacked) : await safePath(file, tempDir);
  const from = `FROM read_parquet(${quoteString(path)}, hive_partitioning = false) AS t`;
  const count = Number((await importer.rows<[bigint]>(`SELECT count(*) ${from}`))[0]?.[0] ?? 0n);
  return {
    sql: `SELECT NULL::BIGINT AS line, to_json(t)::VARCHAR AS l ${from}`,
    numberedSql: `SELECT row_number() OVER () AS line, to_json(t)::VARCHAR AS l ${from}`,
    count,
    rejects: [],
    textOnly: false,
  };
}

/** Writes the records to a file of `number, 0x01, record` lines: DuckDB loses the rest of a cut gzip without a word, and knows no UTF-16. */
async function normalised(path: string, head: Head, form: Form, target: string): Promise<Lines> {
  const rejects: Reject[] = [];
  const splitter: RecordSplitter =
    form === 'csv' ? new CsvSplitter((fault) => rejects.push(fault)) : form === 'document' ? new DocumentSplitter() : new LineSplitter();
  const out = createWriteStream(target, { mode: 0o600 });
  let damage: string | undefined;
  let count = 0;
  let longest = 0;
  let batch = '';
  const put = async (records: Iterable<{ readonly line: number; readonly text: string }>) => {
    for (const { line, text } of records) {
      const fault =
        text.length > RECORD_LIMIT
          ? `the record is longer than ${RECORD_LIMIT / 2 ** 20} MiB`
          : text.includes('\u0001')
            ? 'not valid JSON: a control character'
            : undefined;
      if (fault !== undefined) rejects.push({ line, reason: fault, text });
      else {
        batch += `${line}\u0001${text}\n`;
        count++;
        // In bytes at most; only the order of magnitude matters.
        longest = Math.max(longest, text.length * 3 + 24);
      }
      if (batch.length > 1 << 20) await flush();
    }
  };
  const flush = async () => {
    const full = !out.write(batch);
    batch = '';
    if (full) await once(out, 'drain');
  };
  for await (const piece of textChunks(path, head, (reason) => (damage = reason))) await put(splitter.next(piece));
  await put(splitter.end());
  await flush();
  out.end();
  await finished(out);
  if (damage !== undefined) rejects.push({ line: 0, reason: damage, text: '' });
  const from = `FROM read_csv(${quoteString(resolve(target))}, columns = {'line': 'BIGINT', 'l': 'VARCHAR'}, delim = '\u0001', ${readerOptions(longest)})`;
  const refused = splitter instanceof CsvSplitter ? splitter.refused : undefined;
  return { sql: `SELECT line, l ${from}`, numberedSql: `SELECT line, l ${from}`, count, rejects, refused, textOnly: form === 'csv' };
}

/** DuckDB takes `*`, `?` and `[` in a path for a pattern: such a file is read through a link. */
async function safePath(path: string, tempDir: string): Promise<string> {
  const full = resolve(path);
  if (!/[*?[\]{}]/.test(full)) return full;
  const link = join(tempDir, `link-${(await stat(full)).ino}`);
  symlinkSync(full, link);
  return resolve(link);
}

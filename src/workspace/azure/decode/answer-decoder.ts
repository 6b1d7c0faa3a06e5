import type { RecordBatch } from 'apache-arrow';
import type { KqlColumn } from '../../../core/kql-types.ts';
import { kqlTypeOf } from './builders.ts';
import { EnvelopeScanner } from './envelope-scanner.ts';
import { MalformedAnswer } from './json-bytes.ts';
import { RowReader } from './row-reader.ts';

/** What a whole answer holds. */
export interface DecodedAnswer {
  readonly columns: readonly KqlColumn[];
  readonly batches: readonly RecordBatch[];
  readonly rows: number;
  readonly bytes: number;
  /** The answer as JSON text, with the rows left out. Empty when the body was. */
  readonly envelope: string;
  /** What Kusto put in place of a row when it gave up. */
  readonly exception: string | undefined;
}

/** Ten times what the service gives at most: a body without an end is not read until the memory is full. */
const MAX_BYTES = 1024 * 1024 * 1024;
/** The same of rows, which may be of so few bytes that they take more memory than they had on the wire. */
const MAX_ROWS = 5_000_000;
/** More than a whole answer of the service. */
const MAX_ROW_BYTES = 128 * 1024 * 1024;
/** Room for the row that the end of a chunk cuts, and what is put to it from the next chunk at first. */
const FIRST_WORK = 16 * 1024;
const FIRST_PIECE = 4096;

interface WireColumn {
  readonly name?: unknown;
  readonly type?: unknown;
}

/**
 * Decodes the body of a query answer while it comes in: rows go into Arrow columns at once, and all else (columns before them,
 * statistics, render and error after them) is kept as text. Only the first table's rows are kept, which is where the service
 * puts the result. Memory is that of the columns and one chunk.
 */
export class AnswerDecoder {
  private work = Buffer.allocUnsafeSlow(FIRST_WORK);
  private held = 0;
  /** A row larger than what is held is looked at again only when the bytes have doubled: else a huge row costs its square. */
  private worthReading = 0;
  private readonly envelope = new EnvelopeScanner();
  private reader: RowReader | undefined;
  private result: RowReader | undefined;
  private columns: readonly KqlColumn[] = [];
  private bytes = 0;
  private readonly limits: { readonly bytes: number; readonly rows: number; readonly rowBytes: number };

  constructor(limits = { bytes: MAX_BYTES, rows: MAX_ROWS, rowBytes: MAX_ROW_BYTES }) {
    this.limits = limits;
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.bytes) throw new MalformedAnswer(`an answer of more than ${this.limits.bytes} bytes`);
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    // What the chunk before left is the beginning of a row: so much is put to it that the row may end, and all else is read where it lies.
    while (this.held > 0 && from < bytes.length) {
      const { held } = this;
      const piece = Math.min(bytes.length - from, Math.max(FIRST_PIECE, held));
      this.hold(bytes.subarray(from, from + piece));
      if (this.held < this.worthReading) {
        from += piece;
        continue;
      }
      const used = this.consume(this.work, this.held);
      if (used >= held) {
        this.held = 0;
        from += used - held;
      } else {
        this.work.copyWithin(0, used, this.held);
        this.held -= used;
        from += piece;
      }
      this.worthReading = this.held > 65_536 ? this.held * 2 : 0;
    }
    if (from < bytes.length) this.hold(bytes.subarray(this.consume(bytes, bytes.length, from)));
  }

  /** Keeps bytes for the next look. */
  private hold(part: Buffer): void {
    const total = this.held + part.length;
    if (total > this.limits.rowBytes) throw new MalformedAnswer(`a row of more than ${this.limits.rowBytes} bytes`);
    if (total > this.work.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(total, this.work.length * 2));
      this.work.copy(larger, 0, 0, this.held);
      this.work = larger;
    }
    this.work.set(part, this.held);
    this.held = total;
  }

  /** Ends the answer. A body that stops in the middle is a MalformedAnswer. */
  end(): DecodedAnswer {
    this.worthReading = 0;
    if (this.held > 0) {
      const used = this.consume(this.work, this.held);
      this.held -= used;
    }
    const envelope = this.envelope.text();
    if (this.reader !== undefined || this.held > 0 || !(this.envelope.complete || envelope.trim() === '')) {
      throw new MalformedAnswer('the answer ends in the middle');
    }
    return {
      columns: this.columns,
      batches: this.result?.batches ?? [],
      rows: this.result?.rows ?? 0,
      bytes: this.bytes,
      envelope,
      exception: this.result?.exception,
    };
  }

  /** Reads bytes[from, end) as far as whole rows go; the position of the first byte that was not used. */
  private consume(bytes: Buffer, end: number, from = 0): number {
    let pos = from;
    while (pos < end) {
      if (this.reader) {
        pos = this.reader.read(bytes, pos, end);
        if (this.reader.rows > this.limits.rows) throw new MalformedAnswer(`an answer of more than ${this.limits.rows} rows`);
        if (!this.reader.done) return pos;
        this.reader = undefined;
        this.envelope.closeRows();
      } else {
        pos = this.envelope.scan(bytes, pos, end);
        if (this.envelope.atRows) this.startTable();
      }
    }
    return pos;
  }

  private startTable(): void {
    const columns = columnsSoFar(this.envelope.text());
    this.reader = new RowReader(columns);
    if (this.result === undefined) {
      this.result = this.reader;
      this.columns = columns;
    }
  }
}

/** The columns of the table whose rows begin now; `text` ends with the bracket that opens them. */
function columnsSoFar(text: string): readonly KqlColumn[] {
  const { tables } = JSON.parse(`${text}]}]}`) as { tables: readonly { readonly columns?: readonly WireColumn[] }[] };
  const columns = tables.at(-1)?.columns;
  if (!Array.isArray(columns)) throw new MalformedAnswer('a table whose rows come before its columns');
  return columns.map(({ name, type }: WireColumn) => {
    if (typeof name !== 'string' || typeof type !== 'string') throw new MalformedAnswer('a column without a name or a type');
    return { name, type: kqlTypeOf(type, name) };
  });
}

import { Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import type { KqlColumn } from '../../../core/kql-types.ts';
import { builderFor } from './builders.ts';
import { FIRST_ROWS, MAX_BATCH_ROWS } from './column-builder.ts';
import { MalformedAnswer, skipValue } from './json-bytes.ts';
import { TextColumn } from './string-columns.ts';

/** A batch is closed at this many bytes of strings, so that wide rows do not make a batch of gigabytes. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** Reads the rows of one table, `[[...],[...]]` without the first bracket, into Arrow batches. */
export class RowReader {
  /** Whole batches that are ready. */
  readonly batches: RecordBatch[] = [];
  /** Rows read, those in `batches` included. */
  rows = 0;
  /** True when the closing bracket of the table's rows has been read. */
  done = false;
  /** An object among the rows: how Kusto says in mid-answer that it gives up. */
  exception: string | undefined;
  private readonly builders: ReturnType<typeof builderFor>[];
  /** Those of the builders that read text: most are, and a call through a variable of one class costs a third of one through any. */
  private readonly texts: readonly (TextColumn | undefined)[];
  private readonly schema: Schema;
  private pending = 0;
  private capacity = FIRST_ROWS;
  private first = true;

  constructor(columns: readonly KqlColumn[]) {
    this.builders = columns.map(({ name, type }) => builderFor(type, name));
    this.texts = this.builders.map((builder) => (builder instanceof TextColumn ? builder : undefined));
    this.schema = new Schema(columns.map(({ name }, i) => new Field(name, this.builders[i]!.type, true)));
  }

  /** Reads from `pos` as far as whole rows go; the position of the first byte that was not used. */
  read(bytes: Buffer, pos: number, end: number): number {
    let p = pos;
    for (;;) {
      p = skipSpace(bytes, p, end);
      if (p >= end) return p;
      const start = p;
      if (bytes[p] === 0x5d) {
        this.done = true;
        this.flush();
        return p + 1;
      }
      if (!this.first) {
        if (bytes[p] !== 0x2c) throw new MalformedAnswer('rows without a comma between them');
        p = skipSpace(bytes, p + 1, end);
        if (p >= end) return start;
      }
      const after = bytes[p] === 0x7b ? this.readException(bytes, p, end) : this.readRow(bytes, p, end);
      if (after < 0) return start;
      this.first = false;
      p = after;
    }
  }

  private readRow(bytes: Buffer, pos: number, end: number): number {
    if (bytes[pos] !== 0x5b) throw new MalformedAnswer('a row that is not an array');
    if (this.pending === this.capacity) this.grow();
    const row = this.pending;
    const { builders, texts } = this;
    const last = builders.length - 1;
    let p = pos + 1;
    for (let i = 0; i <= last; i++) {
      while (p < end && bytes[p]! <= 0x20) p++;
      if (p >= end) return -1;
      const text = texts[i];
      p = text === undefined ? builders[i]!.read(bytes, p, end, row) : text.read(bytes, p, end, row);
      if (p < 0) return -1;
      while (p < end && bytes[p]! <= 0x20) p++;
      if (p >= end) return -1;
      if (bytes[p] !== (i === last ? 0x5d : 0x2c)) throw new MalformedAnswer(`a row whose cells do not match its ${last + 1} columns`);
      p++;
    }
    if (last < 0) {
      p = skipSpace(bytes, p, end);
      if (p >= end) return -1;
      if (bytes[p++] !== 0x5d) throw new MalformedAnswer('a row with cells in a table without columns');
    }
    this.rows++;
    this.pending++;
    if (this.pending === MAX_BATCH_ROWS || ((this.pending & 1023) === 0 && this.heldBytes() > MAX_BATCH_BYTES)) this.flush();
    return p;
  }

  private readException(bytes: Buffer, pos: number, end: number): number {
    const after = skipValue(bytes, pos, end);
    if (after >= 0) this.exception = bytes.toString('utf8', pos, Math.min(after, pos + 2000));
    return after;
  }

  private grow(): void {
    this.capacity = Math.min(this.capacity * 4, MAX_BATCH_ROWS);
    for (const builder of this.builders) builder.reserve(this.capacity);
  }

  private heldBytes(): number {
    let sum = 0;
    for (const builder of this.builders) sum += builder.heldBytes();
    return sum;
  }

  private flush(): void {
    const length = this.pending;
    if (length === 0) return;
    const children = this.builders.map((builder) => builder.finish(length));
    const type = new Struct(this.schema.fields);
    this.batches.push(new RecordBatch(this.schema, makeData({ type, length, nullCount: 0, children })));
    this.pending = 0;
    this.capacity = FIRST_ROWS;
  }
}

function skipSpace(bytes: Buffer, pos: number, end: number): number {
  let p = pos;
  while (p < end && bytes[p]! <= 0x20) p++;
  return p;
}

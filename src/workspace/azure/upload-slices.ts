/** The service takes 1 MB a call; the SDK's own chunks overshoot it by a byte a record. These stay below by measured bytes. */
export const MAX_SLICE_BYTES = 950_000;
/** Longer fields are cut by the service without a word; here the cut is marked. */
export const MAX_FIELD_BYTES = 65_536;

export type OutputRow = Readonly<Record<string, unknown>>;

/** Rows for one call as JSON, by their numbers in what was given to `ingest`. */
export interface UploadSlice {
  readonly numbers: readonly number[];
  /** Taken from `buffers`, to be given back once it is compressed. */
  readonly buffer: Buffer;
  readonly length: number;
}

export type Refusal = { readonly row: number; readonly reason: string };

/** Buffers of one slice each, used again and again: a new one a call would be a megabyte of garbage a call. */
export class SliceBuffers {
  private readonly free: Buffer[] = [];

  take(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(MAX_SLICE_BYTES);
  }

  give(buffer: Buffer): void {
    this.free.push(buffer);
  }
}

/** Cuts the rows of these numbers into slices of measured size, one at a time. A row that no call can carry goes to `refuse`. */
export function* uploadSlices(
  rows: readonly OutputRow[],
  given: Iterable<number>,
  buffers: SliceBuffers,
  refuse: (refusal: Refusal) => void,
): Generator<UploadSlice> {
  let numbers: number[] = [];
  let buffer: Buffer | undefined;
  let length = 0;
  for (const number of given) {
    let text: string;
    try {
      const row = rows[number]!;
      text = JSON.stringify(row);
      if (text.length > MAX_FIELD_BYTES / 3) text = JSON.stringify(withCutFields(row));
    } catch (error) {
      refuse({ row: number, reason: `not JSON: ${(error as Error).message}` });
      continue;
    }
    // The bracket or comma before it, and the bracket that may follow.
    const bytes = Buffer.byteLength(text) + 2;
    if (bytes > MAX_SLICE_BYTES) {
      refuse({ row: number, reason: `the row has ${bytes} bytes; a call takes ${MAX_SLICE_BYTES}` });
      continue;
    }
    if (buffer !== undefined && length + bytes > MAX_SLICE_BYTES) {
      yield closed(numbers, buffer, length);
      buffer = undefined;
    }
    if (buffer === undefined) {
      buffer = buffers.take();
      numbers = [];
      length = 0;
    }
    buffer[length] = length === 0 ? 0x5b : 0x2c;
    length += 1 + buffer.write(text, length + 1);
    numbers.push(number);
  }
  if (buffer !== undefined) yield closed(numbers, buffer, length);
}

function closed(numbers: readonly number[], buffer: Buffer, length: number): UploadSlice {
  buffer[length] = 0x5d;
  return { numbers, buffer, length: length + 1 };
}

function withCutFields(row: OutputRow): OutputRow {
  let cut: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(row)) {
    const shorter = cutField(value);
    if (shorter === value) continue;
    cut ??= { ...row };
    Object.defineProperty(cut, name, { value: shorter, enumerable: true, configurable: true, writable: true });
  }
  return cut ?? row;
}

/** A field of at most 64 kB: text is cut with a mark, a larger object becomes its cut text under a name that says so. */
function cutField(value: unknown): unknown {
  if (typeof value === 'string') {
    const bytes = Buffer.byteLength(value);
    if (bytes <= MAX_FIELD_BYTES) return value;
    const mark = ` [cut: ${bytes} bytes]`;
    return utf8Prefix(value, MAX_FIELD_BYTES - mark.length) + mark;
  }
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_FIELD_BYTES) return value;
  // JSON inside JSON: quotes and backslashes double, so a third is the most that is sure to fit.
  return { _cut: true, _bytes: bytes, _text: utf8Prefix(text, MAX_FIELD_BYTES / 3) };
}

/** The longest beginning of `text` with at most so many bytes, never ending inside a character. */
function utf8Prefix(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, Math.floor(maxBytes));
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

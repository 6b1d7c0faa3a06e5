/** The service takes 1 MB a call; the SDK's own chunks overshoot it by a byte a record. These stay below by measured bytes. */
const MAX_SLICE_BYTES = 950_000;
/** Longer fields are cut by the service without a word; here the cut is marked. */
const MAX_FIELD_BYTES = 65_536;

export type OutputRow = Readonly<Record<string, unknown>>;

/** Rows for one call, with their numbers in what was given to `ingest`. */
export interface UploadSlice {
  readonly rows: OutputRow[];
  readonly numbers: number[];
  readonly bytes: number;
}

export type Refusal = { readonly row: number; readonly reason: string };

/** Cuts rows into slices of measured size, one at a time. A row that no call can carry goes to `refuse`. */
export function* uploadSlices(rows: readonly OutputRow[], refuse: (refusal: Refusal) => void): Generator<UploadSlice> {
  let slice: { rows: OutputRow[]; numbers: number[]; bytes: number } = { rows: [], numbers: [], bytes: 2 };
  for (const [number, given] of rows.entries()) {
    let row: OutputRow;
    let bytes: number;
    try {
      let text = JSON.stringify(given);
      row = given;
      if (text.length > MAX_FIELD_BYTES / 3) {
        row = withCutFields(given);
        if (row !== given) text = JSON.stringify(row);
      }
      bytes = Buffer.byteLength(text) + 1;
    } catch (error) {
      refuse({ row: number, reason: `not JSON: ${(error as Error).message}` });
      continue;
    }
    if (bytes + 2 > MAX_SLICE_BYTES) {
      refuse({ row: number, reason: `the row has ${bytes} bytes; a call takes ${MAX_SLICE_BYTES}` });
      continue;
    }
    if (slice.bytes + bytes > MAX_SLICE_BYTES) {
      yield slice;
      slice = { rows: [], numbers: [], bytes: 2 };
    }
    slice.rows.push(row);
    slice.numbers.push(number);
    slice.bytes += bytes;
  }
  if (slice.rows.length > 0) yield slice;
}

export function halves({ rows, numbers, bytes }: UploadSlice): readonly [UploadSlice, UploadSlice] {
  const middle = rows.length >> 1;
  const part = (from: number, to: number): UploadSlice => ({
    rows: rows.slice(from, to),
    numbers: numbers.slice(from, to),
    bytes: Math.ceil((bytes * (to - from)) / rows.length),
  });
  return [part(0, middle), part(middle, rows.length)];
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

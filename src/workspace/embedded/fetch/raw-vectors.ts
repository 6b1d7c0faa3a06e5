import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** The elements of a list cell: copies of the engine's buffers, nothing decoded. */
export interface RawList {
  readonly length: number;
  /** `width` bytes an element. */
  readonly data: Uint8Array;
  /** A bit an element, least significant first; undefined where none is null. */
  readonly validity: Uint8Array | undefined;
}

/** The list in the only row of a chunk. An empty aggregate is a null cell: a list without elements. */
export function rawList(chunk: DuckDBDataChunk, column: number, width: number): RawList {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const length = duckdb.list_vector_get_size(vector);
  if (length === 0) return { length, data: new Uint8Array(0), validity: undefined };
  const child = duckdb.list_vector_get_child(vector);
  // Whole 64-bit words: the engine's validity mask has no other unit.
  const mask = duckdb.vector_get_validity(child, Math.ceil(length / 64) * 8) as Uint8Array | null;
  return { length, data: aligned(duckdb.vector_get_data(child, length * width)), validity: mask ? aligned(mask) : undefined };
}

/** The bytes of a string cell in the only row of a chunk. */
export function rawText(chunk: DuckDBDataChunk, column: number): Uint8Array {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const validity = duckdb.vector_get_validity(vector, 8) as Uint8Array | null;
  if (validity && ((validity[0] ?? 0) & 1) === 0) return new Uint8Array(0);
  // length u32, then 12 bytes of text, or 4 of prefix and a pointer.
  const cell = duckdb.vector_get_data(vector, 16);
  const length = new DataView(cell.buffer, cell.byteOffset, 16).getUint32(0, true);
  if (length <= 12) return cell.slice(4, 4 + length);
  return new Uint8Array(duckdb.get_data_from_pointer(cell.buffer as ArrayBuffer, cell.byteOffset + 8, length));
}

/** Typed arrays of 8 bytes need a start that 8 divides. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

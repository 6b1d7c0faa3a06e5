import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import { rowJson } from '../cells.ts';
import type { Io } from '../io.ts';
import { type Holding, joinTexts, writePieces } from './write-pieces.ts';

type Chunk = readonly (readonly KqlValue[])[];

/** Writes rows as one JSON array as they come. Where the rows fail after the first were written, the array stays open, which no reader takes for an answer. */
export function writeJsonRows(
  io: Pick<Io, 'write'>,
  columns: readonly KqlColumn[],
  chunks: AsyncIterable<Chunk>,
  holding?: Holding,
): Promise<void> {
  return writePieces(io, texts(columns, chunks), joinTexts, holding);
}

async function* texts(columns: readonly KqlColumn[], chunks: AsyncIterable<Chunk>): AsyncGenerator<Iterable<string>> {
  let start = '[';
  function* rows(chunk: Chunk): Generator<string> {
    for (const row of chunk) {
      yield start + rowJson(columns, row);
      start = ',\n';
    }
  }
  for await (const chunk of chunks) yield rows(chunk);
  yield [start === '[' ? '[]\n' : ']\n'];
}

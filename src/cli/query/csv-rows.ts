import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import { csvLine, textCell } from '../cells.ts';
import type { Io } from '../io.ts';
import { type Holding, joinTexts, writePieces } from './write-pieces.ts';

type Chunk = readonly (readonly KqlValue[])[];

/** Writes rows as CSV with a header line, as they come. */
export function writeCsvRows(
  io: Pick<Io, 'write'>,
  columns: readonly KqlColumn[],
  chunks: AsyncIterable<Chunk>,
  holding?: Holding,
): Promise<void> {
  return writePieces(io, lines(columns, chunks), joinTexts, holding);
}

async function* lines(columns: readonly KqlColumn[], chunks: AsyncIterable<Chunk>): AsyncGenerator<Iterable<string>> {
  function* rows(chunk: Chunk): Generator<string> {
    for (const row of chunk) yield `${csvLine(columns.map(({ type }, i) => textCell(row[i] ?? null, type)))}\n`;
  }
  yield [`${csvLine(columns.map(({ name }) => name))}\n`];
  for await (const chunk of chunks) yield rows(chunk);
}

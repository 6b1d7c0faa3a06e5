import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import { rowJson } from '../cells.ts';
import { CutShort } from '../errors.ts';
import type { Io } from '../io.ts';

/** Characters that are held back before anything is written: a query that fails before them leaves its error alone on standard output. */
const HELD = 4_194_304;
/** Text is written in pieces of about this many characters. */
const PIECE = 262_144;

/**
 * Writes rows as one JSON array as they come, so that a large answer is never held whole. Where the rows fail after the first were
 * written, the array stays open, which no reader takes for an answer, and CutShort is thrown.
 */
export async function writeJsonRows(
  io: Pick<Io, 'write'>,
  columns: readonly KqlColumn[],
  chunks: AsyncIterable<readonly (readonly KqlValue[])[]>,
  { held = HELD }: { readonly held?: number } = {},
): Promise<void> {
  let text = '[';
  let rows = 0;
  let written = false;
  try {
    for await (const chunk of chunks) {
      for (const row of chunk) {
        text += rows === 0 ? rowJson(columns, row) : `,\n${rowJson(columns, row)}`;
        rows += 1;
        if (text.length < (written ? PIECE : held)) continue;
        written = true;
        await io.write(text);
        text = '';
      }
    }
    await io.write(`${text}]\n`);
  } catch (error) {
    throw written ? new CutShort(error) : error;
  }
}

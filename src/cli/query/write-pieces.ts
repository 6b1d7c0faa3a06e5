import { CutShort } from '../errors.ts';
import type { Io } from '../io.ts';

/** Characters or bytes that are held back before anything is written: a query that fails before them leaves its error alone on standard output. */
const HELD = 4_194_304;
/** What is written at once has about this size. */
const PIECE = 262_144;

export interface Holding {
  readonly held?: number | undefined;
}

/**
 * Writes an answer as it comes, so that a large one is never held whole, and waits where the reader is slower. Where it fails after
 * the first piece was written, CutShort is thrown: what was written is no answer.
 */
export async function writePieces<T extends string | Uint8Array>(
  io: Pick<Io, 'write'>,
  parts: AsyncIterable<Iterable<T>>,
  join: (parts: readonly T[]) => T,
  { held = HELD }: Holding = {},
): Promise<void> {
  let waiting: T[] = [];
  let size = 0;
  let written = false;
  const write = async () => {
    const piece = join(waiting);
    waiting = [];
    size = 0;
    written = true;
    await io.write(piece);
  };
  try {
    for await (const some of parts) {
      for (const part of some) {
        waiting.push(part);
        size += part.length;
        if (size >= (written ? PIECE : held)) await write();
      }
    }
    if (size > 0) await write();
  } catch (error) {
    throw written ? new CutShort(error) : error;
  }
}

export function joinTexts(texts: readonly string[]): string {
  return texts.join('');
}

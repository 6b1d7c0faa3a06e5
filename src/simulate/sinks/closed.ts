import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Gives a stream up and waits until it is closed: a file still being opened is created after destroy() returned, and so after it was removed. */
export async function closed(stream: Writable, error: Error): Promise<void> {
  stream.destroy(error);
  if (!stream.closed) await finished(stream).catch(() => undefined);
}

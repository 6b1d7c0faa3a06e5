import { createHash, getFips } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { BlobDownloadResponseParsed, BlockBlobClient } from '@azure/storage-blob';
import { ExitCode, FactorwatchError } from '../core/errors.ts';

export interface StorageError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
}

/** A body that stops in its middle is an error of the SDK's that says neither what nor where; asked for again so often. */
const DOWNLOADS = 3;

/** A blob as a whole, or undefined where there is none; `learn` gets its ETag, or that it is absent. */
export async function download(
  blob: BlockBlobClient,
  learn: (etag: string) => void,
  into?: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  for (let attempt = 1; ; attempt++) {
    let answer: BlobDownloadResponseParsed;
    try {
      // One answer has both, the bytes and their ETag: two requests could be of two versions.
      answer = await blob.download();
    } catch (error) {
      if ((error as StorageError).statusCode !== 404 || (error as StorageError).code === 'ContainerNotFound') throw error;
      learn('absent');
      return undefined;
    }
    const { etag = '', contentLength, contentMD5, readableStreamBody } = answer;
    try {
      const bytes = await collect(readableStreamBody!, contentLength, into);
      mustBeWhole(bytes, contentLength, contentMD5);
      learn(etag === '' ? 'absent' : etag);
      return { bytes, etag };
    } catch (error) {
      if (attempt < DOWNLOADS) continue;
      throw new FactorwatchError('state-unavailable', `${blob.name} did not come whole: ${(error as Error).message}`, {
        exitCode: ExitCode.unavailable,
        hint: 'The line to the storage, or a proxy on it, cuts answers. The next run takes up where this one stopped.',
      });
    }
  }
}

/** The bytes of a body, in `into` where they are known to fit. */
async function collect(body: NodeJS.ReadableStream, length: number | undefined, into: Uint8Array | undefined): Promise<Uint8Array> {
  if (into === undefined || length === undefined || length > into.length) return buffer(body);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (filled + chunk.length > length) throw new Error(`more than the ${length} bytes came that were announced`);
    into.set(chunk, filled);
    filled += chunk.length;
  }
  return into.subarray(0, filled);
}

/** By length, and by the sum that the service made when the blob was written: what a wrong Content-Length cuts off is missed by no length. */
function mustBeWhole(bytes: Uint8Array, length: number | undefined, md5: Uint8Array | undefined): void {
  if (length !== undefined && bytes.length !== length) throw new Error(`${bytes.length} of ${length} bytes came`);
  // A machine in FIPS mode has no MD5; the checkpoint's parts have sums of their own.
  if (md5 === undefined || getFips() === 1) return;
  if (Buffer.compare(createHash('md5').update(bytes).digest(), md5) !== 0) throw new Error('it is not what was written');
}

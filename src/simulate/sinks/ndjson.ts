import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { atPath } from '../../core/at-path.ts';
import { closed } from './closed.ts';
import type { Sink } from './sink.ts';

/** One file of lines, gzipped if wanted; given up, the file is gone: cut off, it would pass for a whole one. */
export function ndjsonSink(path: string, { gzip, signal }: { readonly gzip: boolean; readonly signal?: AbortSignal | undefined }): Sink {
  let resume: (() => void) | undefined;
  const wake = () => {
    resume?.();
    resume = undefined;
  };
  const source = new Readable({ highWaterMark: 1 << 20, read: wake });
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  const stages: Writable[] = [...(gzip ? [createGzip({ level: 9 })] : []), file];
  const done = pipeline([source, ...stages] as unknown as [Readable, Writable], signal ? { signal } : {}).catch((error: unknown) => {
    throw atPath(error, path);
  });
  done.catch(wake);
  return {
    async write(lines) {
      if (!source.push(lines))
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      // A sink that failed wakes its writer too; its promise then says why.
      if (source.destroyed) await done;
    },
    async end() {
      source.push(null);
      await done;
      return [path];
    },
    async abort(error) {
      source.destroy(error);
      await done.catch(() => undefined);
      await closed(file, error);
      await rm(path, { force: true });
    },
  };
}

import { createGunzip } from 'node:zlib';
import { WireError } from './wire-error.ts';

/** How much of a request body is read. */
export interface BodyLimit {
  readonly bytes: number;
  /** The error for a body that is larger. */
  readonly tooLarge: (limit: number) => WireError;
}

async function gunzip(body: Uint8Array, limit: BodyLimit): Promise<Buffer> {
  const stream = createGunzip();
  stream.end(body);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      size += part.length;
      // Stops a small body that unpacks to gigabytes after the limit's worth of it.
      if (size > limit.bytes) throw limit.tooLarge(limit.bytes);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError(400, 'BadArgumentError', 'The request body is not whole gzip data.');
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts);
}

/** The bytes of a request body, unpacked; never more than the limit, neither packed nor unpacked. */
export async function readBody(request: Request, limit: BodyLimit): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new WireError(415, 'UnsupportedMediaType', `Content-Encoding ${encoding} is not supported; use gzip.`);
  }
  if (Number(request.headers.get('content-length') ?? 0) > limit.bytes) throw limit.tooLarge(limit.bytes);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > limit.bytes) throw limit.tooLarge(limit.bytes);
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  return encoding === 'gzip' ? gunzip(body, limit) : body;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A body as JSON; undefined where it is not JSON in UTF-8. */
export function parseJson(body: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(UTF8.decode(body)) };
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

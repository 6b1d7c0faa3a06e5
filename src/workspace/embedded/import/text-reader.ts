import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline as connect } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What the first bytes of a file tell. */
export interface Head {
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** Text after a byte order mark, as far as it was read. */
  readonly text: string;
  readonly empty: boolean;
}

const HEAD_BYTES = 64 * 1024;

export async function readHead(path: string): Promise<Head> {
  const file = await open(path, 'r');
  let bytes: Buffer;
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    bytes = buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (gzip) bytes = await firstInflated(path);
  const encoding = encodingOf(bytes);
  return { gzip, encoding, text: new TextDecoder(encoding).decode(bytes), empty: bytes.length === 0 };
}

async function firstInflated(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of byteChunks(path, true)) {
      parts.push(part);
      if (parts.reduce((sum, p) => sum + p.length, 0) >= HEAD_BYTES) break;
    }
  } catch {
    // a damaged gzip is told when it is read as a whole
  }
  return Buffer.concat(parts);
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // JSON and CSV begin with an ASCII character: beside it, UTF-16 has a zero byte.
  if (bytes.length >= 4 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0) return 'utf-16le';
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0) return 'utf-16be';
  return 'utf-8';
}

export async function* byteChunks(path: string, gzip: boolean): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  if (!gzip) {
    for await (const part of file) yield part as Buffer;
    return;
  }
  const inflated = createGunzip({ chunkSize: 1 << 20 });
  connect(file, inflated, () => undefined);
  for await (const part of inflated) yield part as Buffer;
}

/**
 * The text of a file in pieces. A file that ends before its end (a gzip cut in the middle) gives what can be read and then calls
 * `onDamage`. A line that is not UTF-8 is read as Windows-1252, in which every byte is a character.
 */
export async function* textChunks(
  path: string,
  head: Pick<Head, 'gzip' | 'encoding'>,
  onDamage: (reason: string) => void,
): AsyncGenerator<string> {
  const pieces = decoded(head.encoding);
  try {
    for await (const part of byteChunks(path, head.gzip)) yield pieces.next(part);
  } catch (error) {
    const damage = head.gzip ? gzipDamage(error) : undefined;
    if (damage === undefined) throw error;
    onDamage(damage);
  }
  yield pieces.end();
}

/** Writes what a gzip holds to another file; gives what is wrong with the gzip, if anything. */
export async function unpack(path: string, target: string): Promise<string | undefined> {
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(target, { mode: 0o600 }));
    return undefined;
  } catch (error) {
    const damage = gzipDamage(error);
    if (damage === undefined) throw error;
    return damage;
  }
}

function gzipDamage(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  return code?.startsWith('Z_') || /unexpected end of file/.test(message) ? `the gzip data are damaged: ${message}` : undefined;
}

interface Decoding {
  readonly next: (bytes: Buffer) => string;
  readonly end: () => string;
}

const PENDING_LIMIT = 1 << 26;

function decoded(encoding: Encoding): Decoding {
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding);
    return { next: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  let pending: Buffer[] = [];
  let size = 0;
  let first = true;
  const take = (bytes: Buffer): string => {
    const whole = pending.length === 0 ? bytes : Buffer.concat([...pending, bytes]);
    pending = [];
    size = 0;
    const text = isUtf8(whole) ? whole.toString('utf8') : lineByLine(whole);
    const start = first && text.startsWith('\ufeff') ? 1 : 0;
    if (text !== '') first = false;
    return start === 0 ? text : text.slice(start);
  };
  return {
    next: (bytes) => {
      const end = bytes.lastIndexOf(0x0a) + 1;
      if (end === 0 && size + bytes.length < PENDING_LIMIT) {
        pending.push(bytes);
        size += bytes.length;
        return '';
      }
      const cut = end === 0 ? bytes.length : end;
      const text = take(bytes.subarray(0, cut));
      if (cut < bytes.length) {
        pending.push(bytes.subarray(cut));
        size = bytes.length - cut;
      }
      return text;
    },
    end: () => take(Buffer.alloc(0)),
  };
}

function lineByLine(bytes: Buffer): string {
  const ansi = new TextDecoder('windows-1252');
  let text = '';
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, next < 0 ? bytes.length : next + 1);
    text += isUtf8(line) ? line.toString('utf8') : ansi.decode(line);
    start += line.length;
  }
  return text;
}

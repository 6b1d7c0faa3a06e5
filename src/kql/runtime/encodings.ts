import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import type { RuntimeFunction } from './function-row.ts';
import { isNumber, type Json, parseJson } from './json.ts';
import { fromPunycode, toPunycode } from './punycode.ts';

const MASK = 2n ** 64n - 1n;
const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

function rotate(x: bigint, by: bigint): bigint {
  return ((x << by) | (x >> (64n - by))) & MASK;
}

function round(acc: bigint, lane: bigint): bigint {
  return (rotate((acc + lane * P2) & MASK, 31n) * P1) & MASK;
}

/** xxHash64 with seed 0, as a signed long. */
function xxhash64(bytes: Buffer): bigint {
  let at = 0;
  let h: bigint;
  if (bytes.length >= 32) {
    let lanes = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
    for (; at + 32 <= bytes.length; at += 32) lanes = lanes.map((v, i) => round(v, bytes.readBigUInt64LE(at + i * 8)));
    h = lanes.reduce((sum, v, i) => (sum + rotate(v, [1n, 7n, 12n, 18n][i]!)) & MASK, 0n);
    for (const v of lanes) h = ((h ^ round(0n, v)) * P1 + P4) & MASK;
  } else h = P5;
  h = (h + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) h = (rotate(h ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= bytes.length) {
    h = (rotate(h ^ ((BigInt(bytes.readUInt32LE(at)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) h = (rotate(h ^ ((BigInt(bytes[at]!) * P5) & MASK), 11n) * P1) & MASK;
  h = ((h ^ (h >> 33n)) * P2) & MASK;
  h = ((h ^ (h >> 29n)) * P3) & MASK;
  return BigInt.asIntN(64, h ^ (h >> 32n));
}

function longBytes(value: bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigInt64LE(value);
  return out;
}

/** Bytes of base64 text; undefined when it is none. */
function bytesOf(text: string): Buffer | undefined {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const LIMIT = { maxOutputLength: 64 * 1024 * 1024 };
function unpacked(text: string, unpack: (bytes: Buffer, limit: typeof LIMIT) => Buffer): string {
  const bytes = bytesOf(text);
  try {
    return bytes && bytes.length > 0 ? (textOf(unpack(bytes, LIMIT)) ?? '') : '';
  } catch {
    return '';
  }
}

function guidOf(text: string): string | null {
  const bytes = bytesOf(text);
  if (bytes?.length !== 16) return null;
  const hex = (from: number, to: number, back: boolean) => {
    const part = Buffer.from(bytes.subarray(from, to));
    return (back ? part.reverse() : part).toString('hex');
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}

function fromGuid(guid: string): string {
  const [a, b, c, d, e] = guid.split('-').map((p) => Buffer.from(p, 'hex'));
  return Buffer.concat([a!.reverse(), b!.reverse(), c!.reverse(), d!, e!]).toString('base64');
}

function numbers(value: Json): bigint[] {
  const items = Array.isArray(value) ? value.flatMap(numbers) : [];
  if (Array.isArray(value)) return items;
  if (value === null || !isNumber(value) || !/^\d+$/.test(value.number)) throw new Error('a code point that is no number is not supported');
  return [BigInt(value.number)];
}

function translate(search: string, by: string, text: string): string {
  const [from, to] = [[...search], [...by]];
  const map = new Map<string, string>();
  for (const [i, c] of from.entries()) if (!map.has(c)) map.set(c, to[Math.min(i, to.length - 1)] ?? '');
  return [...text].map((c) => map.get(c) ?? c).join('');
}

/** Each look-up goes over what those before it have left; what was put in stays. */
function replaceAll(text: string, lookups: string, replacements: string): string {
  const [from, to] = [parseJson(lookups), parseJson(replacements)];
  if (!Array.isArray(from) || !Array.isArray(to) || from.length !== to.length)
    throw new Error('replace_strings with arrays of other lengths is not supported');
  let parts: { readonly text: string; readonly done: boolean }[] = [{ text, done: false }];
  for (const [i, term] of from.entries()) {
    if (typeof term !== 'string') continue;
    const by = to[i];
    if (term === '') throw new Error('replace_strings of an empty text is not supported');
    parts = parts.flatMap((part) =>
      part.done
        ? [part]
        : part.text
            .split(term)
            .flatMap((piece, n) => [
              ...(n > 0 ? [{ text: typeof by === 'string' ? by : term, done: true }] : []),
              { text: piece, done: false },
            ]),
    );
  }
  return parts.map((p) => p.text).join('');
}

function indexOf(text: string, term: string, start: bigint, length: bigint, nth: bigint): bigint | null {
  const [all, wanted] = [[...text], [...term]];
  const from = Number(start) < 0 ? all.length + Number(start) : Number(start);
  if (length < -1n || nth < 0n) return null;
  if (from < 0 || nth === 0n || wanted.length === 0) throw new Error('indexof with these arguments is not supported');
  // The length says where a match may start, not where it must end.
  const end = length < 0n ? all.length : from + Number(length);
  const hits: number[] = [];
  for (let at = from; at + wanted.length <= all.length && at <= end; at++) if (wanted.every((c, i) => all[at + i] === c)) hits.push(at);
  if (length >= 0n && hits.at(-1) === end) throw new Error('indexof of a text just past the length is not supported');
  if (nth > 1n && hits.some((h, i) => i > 0 && h - hits[i - 1]! < wanted.length))
    throw new Error('indexof of a text that overlaps itself is not supported');
  return BigInt(hits[Number(nth) - 1] ?? -1);
}

/** Bytes in the form that the engine packs short texts in: one block, as they are. How it packs longer ones is not known to the last bit. */
const MOST_STORED = 20;

/** A text packed as zlib does at level 0, with the header and the end of its kind; of none and of long ones the bytes are not known. */
function stored(text: string, name: string, wrap: (block: Buffer, bytes: Buffer) => readonly Buffer[]): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0 || bytes.length > MOST_STORED)
    throw new Error(`${name} of a text that is empty or of more than ${MOST_STORED} bytes is not supported`);
  return Buffer.concat(wrap(deflateRawSync(bytes, { level: 0 }), bytes)).toString('base64');
}

function gzipped(text: string): string {
  const header = Buffer.from('1f8b08000000000000ff', 'hex');
  return stored(text, 'gzip_compress_to_base64_string', (block, bytes) => [header, block, gzipSync(bytes).subarray(-8)]);
}

function zlibbed(text: string): string {
  const header = Buffer.from('7801', 'hex');
  return stored(text, 'zlib_compress_to_base64_string', (block, bytes) => [header, block, deflateSync(bytes).subarray(-4)]);
}

export const encodingFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_hash_text', takes: ['VARCHAR'], returns: 'BIGINT', call: (text: string) => xxhash64(Buffer.from(text)) },
  { name: 'kqlf_hash_long', takes: ['BIGINT'], returns: 'BIGINT', call: (value: bigint) => xxhash64(longBytes(value)) },
  { name: 'kqlf_sha512', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => createHash('sha512').update(text).digest('hex') },
  { name: 'kqlf_gzip', takes: ['VARCHAR'], returns: 'VARCHAR', call: gzipped },
  { name: 'kqlf_deflate', takes: ['VARCHAR'], returns: 'VARCHAR', call: zlibbed },
  { name: 'kqlf_gunzip', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => unpacked(text, gunzipSync) },
  { name: 'kqlf_inflate', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => unpacked(text, inflateSync) },
  { name: 'kqlf_base64_guid', takes: ['VARCHAR'], returns: 'VARCHAR', call: guidOf },
  { name: 'kqlf_guid_base64', takes: ['VARCHAR'], returns: 'VARCHAR', call: fromGuid },
  {
    name: 'kqlf_base64_bytes',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const bytes = bytesOf(text);
      return bytes ? `[${[...bytes].join(',')}]` : null;
    },
  },
  {
    name: 'kqlf_bytes_base64',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const value = parseJson(text);
      if (!Array.isArray(value)) return null;
      const bytes = numbers(value);
      return bytes.every((b) => b < 256n) ? Buffer.from(bytes.map(Number)).toString('base64') : null;
    },
  },
  {
    name: 'kqlf_codepoints',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => `[${[...text].map((c) => c.codePointAt(0)).join(',')}]`,
  },
  {
    name: 'kqlf_from_codepoints',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const points = numbers(parseJson(text) ?? null);
      if (points.some((p) => p > 0x10ffffn || p === 0n || (p >= 0xd800n && p < 0xe000n)))
        throw new Error('text of these code points is not supported');
      return points.map((p) => String.fromCodePoint(Number(p))).join('');
    },
  },
  { name: 'kqlf_translate', takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'], returns: 'VARCHAR', call: translate },
  { name: 'kqlf_replace_strings', takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'], returns: 'VARCHAR', call: replaceAll },
  { name: 'kqlf_indexof', takes: ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT', 'BIGINT'], returns: 'BIGINT', call: indexOf },
  { name: 'kqlf_to_punycode', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => toPunycode(text) },
  { name: 'kqlf_from_punycode', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => fromPunycode(text) ?? null },
  {
    name: 'kqlf_domain_punycode',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) =>
      text
        .split(/[.\u3002\uff0e\uff61]/)
        .map((p) => (/^[ -~]*$/.test(p) ? p : `xn--${toPunycode(p)}`))
        .join('.'),
  },
  {
    name: 'kqlf_domain_from_punycode',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const parts = text.split('.').map((p) => (/^xn--/i.test(p) ? fromPunycode(p.slice(4)) : p));
      return parts.includes(undefined) ? null : parts.join('.');
    },
  },
  {
    name: 'kqlf_url_encode',
    takes: ['VARCHAR', 'BOOLEAN'],
    returns: 'VARCHAR',
    call: (text: string, component: boolean) => {
      if (/[!*()'~]/.test(text)) throw new Error("url_encode of one of !*()'~ is not supported");
      const out = encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
      return component ? out : out.replaceAll('%20', '+');
    },
  },
  {
    name: 'kqlf_url_decode',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      if (/\+|%(?![0-9A-Fa-f]{2})/.test(text)) throw new Error('url_decode of a plus sign or a broken escape is not supported');
      try {
        return decodeURIComponent(text);
      } catch {
        throw new Error('url_decode of bytes that are no text is not supported');
      }
    },
  },
  {
    name: 'kqlf_regex_quote',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      if (/[#&\-~\s]/.test(text)) throw new Error('regex_quote of a blank or one of #&-~ is not supported');
      return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
    },
  },
];

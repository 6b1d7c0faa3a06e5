import type { KqlType } from '../../core/kql-types.ts';
import { MAX_DATETIME_TICKS, ticksFromIso } from '../../core/ticks.ts';
import { withoutHalfPairs } from './half-pairs.ts';

/** What a cell becomes: text that DuckDB casts to the stored type, null for no value, or a reason why the row is refused. */
export type Coerced = { readonly text: string | null } | { readonly refused: string };

/** The Logs Ingestion API cuts a field at 64 KB. */
const FIELD_LIMIT_BYTES = 64 * 1024;

const INTEGER_RANGE = { int: [-(2n ** 31n), 2n ** 31n - 1n], long: [-(2n ** 63n), 2n ** 63n - 1n] } as const;

/** Coerces a value that came in with an uploaded row to the type of its column. */
export function coerce(value: unknown, type: KqlType): Coerced {
  if (value === null || value === undefined) return { text: null };
  if (type === 'string') return { text: cut(textOf(value)) };
  if (type === 'dynamic') return { text: dynamicText(value) };
  if (value === '') return { text: null };
  return SCALARS[type](value) ?? { refused: `${shown(value)} is not a ${type}` };
}

type Scalar = Exclude<KqlType, 'string' | 'dynamic'>;
const SCALARS: Readonly<Record<Scalar, (value: unknown) => Coerced | undefined>> = {
  bool: (value) => {
    if (typeof value === 'boolean') return { text: String(value) };
    const text = typeof value === 'string' ? value.trim().toLowerCase() : String(value);
    return /^(true|1)$/.test(text) ? { text: 'true' } : /^(false|0)$/.test(text) ? { text: 'false' } : undefined;
  },
  int: (value) => integer(value, 'int'),
  long: (value) => integer(value, 'long'),
  timespan: (value) => integer(value, 'long'),
  real: (value) => {
    const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    return Number.isNaN(number) && !/^\s*nan\s*$/i.test(String(value)) ? undefined : { text: String(number) };
  },
  decimal: (value) => (/^\s*[+-]?\d+(\.\d+)?\s*$/.test(String(value)) ? { text: String(value).trim() } : undefined),
  guid: (value) => (typeof value === 'string' ? { text: cut(value) } : undefined),
  datetime: (value) => {
    const ticks = typeof value === 'bigint' ? value : typeof value === 'string' ? ticksFromIso(value) : undefined;
    return ticks !== undefined && ticks >= 0n && ticks <= MAX_DATETIME_TICKS ? { text: String(ticks) } : undefined;
  },
};

function integer(value: unknown, kind: 'int' | 'long'): Coerced | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  if (typeof value === 'string' && !/^\s*[+-]?\d{1,20}\s*$/.test(value)) return undefined;
  const number = BigInt(value);
  const [low, high] = INTEGER_RANGE[kind];
  return number >= low && number <= high ? { text: String(number) } : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (jsonText(value) ?? '');
}

/** A string that holds an object or array is taken as that; anything else keeps its JSON form. */
function dynamicText(value: unknown): string | null {
  if (value === '') return null;
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      JSON.parse(value);
      return limited(value);
    } catch {
      // not JSON: it stays a string
    }
  }
  const text = jsonText(value);
  return text === undefined || text === 'null' ? null : limited(text);
}

/** Half of a JSON text is no JSON: what is too long becomes a string that holds the beginning. */
function limited(json: string): string {
  return Buffer.byteLength(json) <= FIELD_LIMIT_BYTES
    ? withoutHalfPairs(wellFormed(json))
    : JSON.stringify(cut(json, FIELD_LIMIT_BYTES / 2));
}

function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}

/** Cuts at a byte count without splitting a character. */
function cut(text: string, bytes = FIELD_LIMIT_BYTES): string {
  if (text.length * 3 <= bytes) return wellFormed(text);
  const buffer = Buffer.from(text, 'utf8');
  if (buffer.length <= bytes) return wellFormed(text);
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end--;
  return buffer.toString('utf8', 0, end);
}

/** Half a surrogate pair cannot be stored as UTF-8: it becomes U+FFFD, as on any way through a Buffer. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}

function shown(value: unknown): string {
  const text = textOf(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

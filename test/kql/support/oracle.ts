/** Compares answers as the oracle's own run.mjs does, without HTTP. */
import type { Answer } from './engine.ts';
import { wireCell } from './engine.ts';

export interface OracleCase {
  readonly id: string;
  readonly area: string;
  readonly query: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly flags: readonly string[];
}

function ticks(s: string): string | undefined {
  const m = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(s);
  if (!m) return undefined;
  const t = ((BigInt(m[2] ?? 0) * 24n + BigInt(m[3]!)) * 60n + BigInt(m[4]!)) * 60n + BigInt(m[5]!);
  const all = t * 10_000_000n + BigInt((m[6] ?? '').padEnd(7, '0') || 0);
  return String(m[1] ? -all : all);
}
function instant(s: string): string {
  const m = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|\+00:00)?$/.exec(s);
  return m ? `${m[1]}T${m[2]}.${(m[3] ?? '').padEnd(7, '0').slice(0, 7)}` : s;
}
function parsed(v: unknown): unknown {
  if (typeof v !== 'string') return v;
  try {
    return JSON.parse(v);
  } catch {
    return v;
  }
}
function deep(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(deep);
  if (v && typeof v === 'object')
    return Object.fromEntries(
      Object.keys(v)
        .sort()
        .map((k) => [k, deep((v as Record<string, unknown>)[k])]),
    );
  return typeof v === 'string' ? instant(v) : v;
}
function cell(v: unknown, type: string | undefined): unknown {
  if (type === 'string') return v === null || v === undefined ? '' : String(v);
  if (v === null || v === undefined) return null;
  switch (type) {
    case 'bool':
      return v === true || v === 1 || v === 'true' || v === 'True' || v === '1';
    case 'int':
    case 'long':
    case 'real':
    case 'decimal':
      return v === 'NaN' || v === 'Infinity' || v === '-Infinity' ? v : Number(v);
    case 'datetime':
      return instant(String(v));
    case 'timespan':
      return ticks(String(v)) ?? String(v);
    case 'guid':
      return String(v).toLowerCase();
    default:
      return deep(parsed(parsed(v)));
  }
}
function close(a: unknown, b: unknown, tol: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= tol * Math.max(1e-9, Math.abs(a), Math.abs(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => close(x, b[i], tol));
  if (a && b && typeof a === 'object' && typeof b === 'object') {
    const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
    const keys = Object.keys(x);
    return keys.length === Object.keys(y).length && keys.every((k) => k in y && close(x[k], y[k], tol));
  }
  return a === b;
}
function sortKeys(query: string, columns: readonly string[]): number[] {
  const m = /\|\s*(?:(?:sort|order)|top\s+\d+)\s+by\s+([^|;]+);?\s*$/.exec(query.replace(/\/\/[^\n]*/g, ''));
  const keys = m ? m[1]!.split(',').map((k) => columns.indexOf(k.trim().split(/\s+/)[0]!)) : [];
  return keys.includes(-1) ? [] : keys;
}

/** Undefined when the answer is Kusto's; else what differs. */
export function difference(c: OracleCase, answer: Answer): string | undefined {
  const names = answer.columns.map((x) => x.name);
  if (names.join('\n') !== c.columns.join('\n')) return `columns ${names} for ${c.columns}`;
  const tol = c.flags.includes('approximate') ? 0.05 : 1e-9;
  const want = c.rows.map((row) => row.map((v, i) => cell(v, c.types[i])));
  const got = answer.rows.map((row) => row.map((v, i) => cell(wireCell(v, answer.columns[i]!.type), c.types[i])));
  const say = () => `want ${JSON.stringify(want).slice(0, 300)} got ${JSON.stringify(got).slice(0, 300)}`;
  if (want.length !== got.length) return say();
  const keys = sortKeys(c.query, c.columns);
  if (!want.every((w, r) => keys.every((i) => close(w[i], got[r]![i], tol)))) return say();
  const left = [...got];
  const all = want.every((w) => {
    const i = left.findIndex((g) => w.every((x, j) => close(x, g[j], tol)));
    if (i < 0) return false;
    left.splice(i, 1);
    return true;
  });
  return all ? undefined : say();
}

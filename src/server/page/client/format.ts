/** A cell as a text; '' where it is absent. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A number; 0 where it is absent or none. */
export function number(value: unknown): number {
  const read = Number(value ?? 0);
  return Number.isFinite(read) ? read : 0;
}

/** Texts of a list that came from outside. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

/** A field of an object that came from outside. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** `2026-01-31 08:15:00` of an ISO time, in UTC as it is stored. */
export function time(value: unknown): string {
  const iso = text(value);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? iso.slice(0, 19).replace('T', ' ').replace(/Z$/, '') : iso;
}

/** Two times as an interval; the day is said once where it is the same. */
export function span(from: unknown, to: unknown): string {
  const [start, end] = [time(from), time(to)];
  if (start === end || end === '') return start;
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`;
}

/** `12 s`, `3 min`: how long something took. */
export function duration(ms: unknown): string {
  const value = number(ms);
  if (value < 1000) return `${Math.round(value)} ms`;
  return value < 120_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value / 60_000)} min`;
}

/** `1 row`, `2,000 rows`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function count(value: unknown): string {
  return value === null || value === undefined ? '' : number(value).toLocaleString('en-US');
}

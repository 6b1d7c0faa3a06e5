/** A cell as a text; '' where it is absent. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A text for people: what would turn the direction of the text around it, or cannot be seen, is spelled out, so that no name can pass for another. */
export function shown(text: string): string {
  return text.replace(UNSEEN, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
/** Not the joiners U+200C and U+200D, which Persian and emoji are written with. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

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

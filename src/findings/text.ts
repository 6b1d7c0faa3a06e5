/** Fields of logs have no size of their own: what goes into a finding is cut, and the cut is marked. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  // Not between the halves of a surrogate pair: lone halves do not survive UTF-8.
  const end = /[\ud800-\udbff]/.test(text[most - 2]!) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}

/** `a, b and c`, or `a, b and 7 more`. */
function listWords(items: readonly string[], most = 3): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/**
 * Methods as a person would name them. Two records tell of one registration in different words: of "Phone" and "Mobile Phone SMS" the second
 * says all, also of "Phone, Mobile Phone SMS".
 */
export function methodList(methods: readonly string[]): string {
  const listed = methods.map((method) => method.toLowerCase().split(/[\s,]+/));
  const wordsOf = listed.map((words) => new Set(words));
  const saysMore = (other: number, at: number) =>
    wordsOf[other]!.size > wordsOf[at]!.size || (wordsOf[other]!.size === wordsOf[at]!.size && listed[other]!.length < listed[at]!.length);
  const isSaid = (at: number) => wordsOf.some((words, other) => saysMore(other, at) && listed[at]!.every((word) => words.has(word)));
  return listWords(methods.filter((_, at) => !isSaid(at)).map((method) => clip(method, 80)));
}

/** Bytes of a value as JSON in UTF-8: what the ingestion API counts. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** `2026-01-31 08:05 UTC`. */
export function minuteText(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** ISO 8601 of Unix milliseconds, without a fraction that is zero. */
export function isoText(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('.000Z', 'Z');
}

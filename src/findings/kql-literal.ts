/**
 * A text as a KQL string literal. Everything outside printable ASCII, and what would end or escape the literal, is written
 * as an escape: a log field cannot leave the quotes, whatever it holds.
 */
export function kqlString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]|["\\]/g, (char) => (char === '"' || char === '\\' ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`))}"`;
}

/** Unix milliseconds as a KQL datetime literal. */
export function kqlDatetime(unixMs: number): string {
  return `datetime(${new Date(unixMs).toISOString()})`;
}

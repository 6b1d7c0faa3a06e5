import type { KqlColumn, KqlType, KqlValue } from '../core/kql-types.ts';
import { datetimeText, timespanText } from '../core/ticks.ts';

/** A cell as JSON: datetimes ISO 8601 with Z, timespans as Kusto prints them, dynamic as the value it holds. */
function jsonCell(value: KqlValue, type: KqlType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'datetime':
      return datetimeText(value as bigint, { trim: true });
    case 'timespan':
      return timespanText(value as bigint);
    case 'dynamic':
      return JSON.parse(value as string);
    case 'real':
      // JSON has no NaN and no infinities; the query API writes them as these strings.
      return Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : (value as number) > 0 ? 'Infinity' : '-Infinity';
    default:
      return value;
  }
}

/** A cell as text, for tables and CSV; '' for null. */
export function textCell(value: KqlValue, type: KqlType): string {
  if (value === null) return '';
  if (type === 'datetime') return datetimeText(value as bigint, { trim: true });
  if (type === 'timespan') return timespanText(value as bigint);
  return String(value);
}

/**
 * JSON text of one row. Built by hand, for two reasons: a long is written with all its digits, which JSON.stringify cannot
 * do in this version of Node, and a column named __proto__ or 1 keeps its place.
 */
export function rowJson(columns: readonly KqlColumn[], row: readonly KqlValue[]): string {
  const parts = columns.map(({ name, type }, i) => `${JSON.stringify(name)}:${cellJson(row[i] ?? null, type)}`);
  return `{${parts.join(',')}}`;
}

function cellJson(value: KqlValue, type: KqlType): string {
  if (value === null) return 'null';
  if (type === 'long') return String(value);
  // Dynamic text is JSON already; kept as written, so that large numbers in it stay exact.
  return type === 'dynamic' ? (value as string) : JSON.stringify(jsonCell(value, type));
}

/** What a spreadsheet would run; numbers, phone numbers and negative timespans are not among it. */
const FORMULA = /^[=@\t\r]|^[+-].*[A-Za-z(|!]/s;

/** One line of CSV (RFC 4180). A text that a spreadsheet would take for a formula is led by an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

function csvCell(cell: string): string {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

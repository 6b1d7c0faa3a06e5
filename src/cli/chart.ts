import type { KqlColumn, KqlValue } from '../core/kql-types.ts';
import { datetimeText } from '../core/ticks.ts';
import { textCell } from './cells.ts';
import { cut, pad, plain, widthOf } from './text.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const MOST_BARS = 40;
const MOST_SERIES = 12;

/** Kinds of `render` that are drawn in a terminal; the table is printed for any other. */
export const CHARTS: Readonly<
  Record<string, (columns: readonly KqlColumn[], rows: readonly (readonly KqlValue[])[], width: number) => string | undefined>
> = {
  barchart: barText,
  columnchart: barText,
  piechart: barText,
  timechart: timeText,
  linechart: timeText,
  areachart: timeText,
};

/** One bar a row: the first column names it, the first numeric one is its length. Undefined where there is none. */
function barText(columns: readonly KqlColumn[], rows: readonly (readonly KqlValue[])[], width: number): string | undefined {
  const value = columns.findIndex(isNumeric);
  const name = columns.findIndex((_, i) => i !== value);
  if (value === -1 || name === -1 || rows.length === 0) return undefined;
  const shown = rows.slice(0, MOST_BARS);
  const labels = shown.map((row) => cut(plain(textCell(row[name]!, columns[name]!.type)), Math.floor(width / 3)));
  const figures = shown.map((row) => Number(row[value] ?? 0));
  const numbers = shown.map((row) => textCell(row[value]!, columns[value]!.type));
  const labelWidth = Math.max(...labels.map(widthOf));
  const numberWidth = Math.max(...numbers.map((text) => text.length));
  const room = Math.max(4, width - labelWidth - numberWidth - 3);
  const top = Math.max(...figures.filter(Number.isFinite), 0);
  const lines = shown.map(
    (_, i) => `${pad(labels[i]!, labelWidth)} ${pad(numbers[i]!, numberWidth, 'right')} ${bar(figures[i]!, top, room)}`,
  );
  if (rows.length > MOST_BARS) lines.push(`… ${rows.length - MOST_BARS} more rows`);
  return lines.map((line) => line.trimEnd()).join('\n');
}

function bar(value: number, top: number, room: number): string {
  if (!(value > 0) || !(top > 0)) return '';
  const eighths = Math.round((value / top) * room * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** One line a series over time, drawn with eight heights; the first datetime column is time, text columns name the series. */
function timeText(columns: readonly KqlColumn[], rows: readonly (readonly KqlValue[])[], width: number): string | undefined {
  const time = columns.findIndex(({ type }) => type === 'datetime');
  const values = columns.flatMap((column, i) => (isNumeric(column) ? [i] : []));
  if (time === -1 || values.length === 0) return undefined;
  const names = columns.flatMap(({ type }, i) => (type === 'string' ? [i] : []));
  const dated = rows.filter((row) => row[time] !== null);
  if (dated.length === 0) return undefined;
  const ticks = dated.map((row) => row[time] as bigint);
  const ordered = ticks.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [first, last] = [ordered[0]!, ordered.at(-1)!];
  const slots = Math.max(10, Math.min(width - 36, new Set(ticks).size));
  const series = new Map<string, number[]>();
  dated.forEach((row, r) => {
    const slot = last === first ? 0 : Number(((ticks[r]! - first) * BigInt(slots - 1)) / (last - first));
    for (const value of values) {
      const label = [
        ...names.map((i) => textCell(row[i]!, 'string')),
        ...(values.length > 1 || names.length === 0 ? [columns[value]!.name] : []),
      ].join(' ');
      const sums = series.get(label) ?? new Array<number>(slots).fill(0);
      sums[slot] = sums[slot]! + Number(row[value] ?? 0);
      series.set(label, sums);
    }
  });
  const span = `${datetimeText(first, { trim: true })} .. ${datetimeText(last, { trim: true })}`;
  return [...seriesLines(series), ' '.repeat(Math.max(0, Math.min(23, width - span.length))) + span].join('\n');
}

function seriesLines(series: ReadonlyMap<string, readonly number[]>): string[] {
  const lines = [...series].slice(0, MOST_SERIES).map(([label, sums]) => {
    const top = Math.max(...sums);
    const line = sums.map((sum) => (sum > 0 ? LEVELS[Math.min(7, Math.floor((sum / top) * 8))] : ' ')).join('');
    return `${pad(cut(plain(label), 22), 22)} ${line} max ${Math.round(top * 100) / 100}`;
  });
  if (series.size > MOST_SERIES) lines.push(`… ${series.size - MOST_SERIES} more series`);
  return lines;
}

function isNumeric({ type }: KqlColumn): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
}

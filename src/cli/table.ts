import { cut, pad, plain, widthOf, wrap } from './text.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way when the table is wider than the terminal: cut with an ellipsis, or continued on the next line. */
  readonly overflow?: 'cut' | 'wrap';
  /** Colours a cell after it has been laid out. */
  readonly paint?: (cell: string) => string;
}

export interface TableLayout {
  readonly columns: number;
  /** Written before each line. */
  readonly indent?: string;
  readonly color?: boolean;
}

/** The width for a table of names that are typed again: in what is piped on, each cell is whole. */
export function tableWidth({ isTTY, columns }: { readonly isTTY: boolean; readonly columns: number }): number {
  return isTTY ? columns : Number.POSITIVE_INFINITY;
}

const GAP = '  ';
const LEAST_WIDTH = 6;

/** Lays cells out in aligned columns within a width. Cells are neutralised first: a log field cannot touch the terminal. */
export function tableText(columns: readonly TableColumn[], rows: readonly (readonly string[])[], layout: TableLayout): string {
  const indent = layout.indent ?? '';
  const cells = rows.map((row) => columns.map((_, i) => plain(row[i] ?? '')));
  const natural = columns.map(({ title }, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i]!)), widthOf(title)));
  const widths = fitted(columns, natural, layout.columns - indent.length - GAP.length * (columns.length - 1));
  const lines = [
    lineOf(
      columns,
      widths,
      columns.map(({ title }) => cut(title, Number.POSITIVE_INFINITY)),
      false,
    ),
  ];
  for (const row of cells) {
    const pieces = row.map((cell, i) => (columns[i]!.overflow === 'wrap' ? wrap(cell, widths[i]!) : [cut(cell, widths[i]!)]));
    const height = Math.max(...pieces.map((piece) => piece.length));
    for (let h = 0; h < height; h++) {
      lines.push(
        lineOf(
          columns,
          widths,
          pieces.map((piece) => piece[h] ?? ''),
          layout.color === true,
        ),
      );
    }
  }
  return lines.map((line) => (indent + line).trimEnd()).join('\n');
}

function lineOf(columns: readonly TableColumn[], widths: readonly number[], cells: readonly string[], color: boolean): string {
  return columns
    .map(({ align, paint }, i) => {
      const cell = pad(cut(cells[i]!, widths[i]!), widths[i]!, align);
      return color && paint !== undefined ? paint(cell) : cell;
    })
    .join(GAP);
}

/** Takes width from the widest column that may give way until the table fits, or none can give more. */
function fitted(columns: readonly TableColumn[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  const yielding = columns.flatMap(({ overflow }, i) => (overflow === undefined ? [] : [i]));
  while (over > 0) {
    const widest = yielding.filter((i) => widths[i]! > LEAST_WIDTH).sort((a, b) => widths[b]! - widths[a]!)[0];
    if (widest === undefined) break;
    const second = Math.max(LEAST_WIDTH, ...yielding.filter((i) => i !== widest).map((i) => widths[i]!));
    const give = Math.min(over, Math.max(1, widths[widest]! - Math.max(second, LEAST_WIDTH)));
    widths[widest]! -= give;
    over -= give;
  }
  return widths;
}

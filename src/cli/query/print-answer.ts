import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import type { KqlValue } from '../../core/kql-types.ts';
import type { QueryAnswer } from '../../workspace/workspace.ts';
import { textCell } from '../cells.ts';
import { CHARTS } from '../chart.ts';
import type { CommandContext } from '../context.ts';
import { tableText } from '../table.ts';
import { warn } from '../warn.ts';
import { writeCsvRows } from './csv-rows.ts';
import { writeJsonRows } from './json-rows.ts';

export type AnswerForm = 'json' | 'csv' | 'arrow' | 'table';

/** Prints an answer. One that is not whole is printed, said on standard error, and ends with 4. */
export async function printAnswer(context: CommandContext, answer: QueryAnswer, form: AnswerForm): Promise<number> {
  await PRINTERS[form](context, answer);
  const partial = answer.partial();
  if (partial === undefined) return ExitCode.done;
  warn(context, `the answer is not whole: ${partial.message}`);
  return ExitCode.partly;
}

type Printer = (context: CommandContext, answer: QueryAnswer) => Promise<void>;

async function allRows({ chunks }: QueryAnswer): Promise<(readonly KqlValue[])[]> {
  const rows: (readonly KqlValue[])[] = [];
  for await (const chunk of chunks) for (const row of chunk) rows.push(row);
  return rows;
}

const PRINTERS: Readonly<Record<AnswerForm, Printer>> = {
  json: ({ io }, { columns, chunks }) => writeJsonRows(io, columns, chunks),
  csv: ({ io }, { columns, chunks }) => writeCsvRows(io, columns, chunks),
  arrow: async ({ io }, { columns, chunks }) => {
    const { writeArrowStream } = await import('./arrow-stream.ts');
    await writeArrowStream(io, columns, chunks);
  },
  table: async ({ io }, answer) => {
    const { columns, render } = answer;
    const rows = await allRows(answer);
    const chart = CHARTS[render?.['visualization'] ?? '']?.(columns, rows, io.columns);
    if (chart !== undefined) {
      io.out(chart);
      return;
    }
    const numeric = new Set(['int', 'long', 'real', 'decimal']);
    const titles = columns.map(({ name, type }) => ({
      title: name,
      overflow: 'cut' as const,
      ...(numeric.has(type) && { align: 'right' as const }),
    }));
    const cells = rows.map((row) => columns.map(({ type }, i) => textCell(row[i] ?? null, type)));
    io.out(columns.length * 8 > io.columns ? records(titles, cells, io.columns) : tableText(titles, cells, { columns: io.columns }));
    io.err(`${counted(rows.length, 'row')}`);
  },
};

/** Wide answers: one block a row, one line a column that has a value. */
function records(titles: readonly { readonly title: string }[], rows: readonly (readonly string[])[], columns: number): string {
  return rows
    .map((row, r) => {
      const filled = titles.flatMap(({ title }, i) => (row[i] === '' ? [] : [[title, row[i]!]]));
      return `row ${r + 1}\n${tableText([{ title: '' }, { title: '', overflow: 'cut' }], filled, { columns, indent: '  ' })
        .split('\n')
        .slice(1)
        .join('\n')}`;
    })
    .join('\n');
}

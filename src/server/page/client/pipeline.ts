import { ask, type Row } from './api.ts';
import type { Element } from './browser.ts';
import { h } from './dom.ts';
import { count, duration, number, span, text, time } from './format.ts';
import { QUERIES } from './kql.ts';
import { status, tile } from './pieces.ts';
import { grid, nothing, shell } from './table.ts';

const isRun = (row: Row) => row['OperationName'] === 'Pipeline run';

function runsOf(rows: readonly Row[]): Element {
  if (rows.length === 0) return nothing('No run yet', 'A run writes here what it read, found and sent.', shell('factorwatch run'));
  const runs = rows.filter(isRun);
  const bad = runs.filter((row) => text(row['Status']) !== 'Success');
  const sum = (name: string) => runs.reduce((total, row) => total + number(row[name]), 0);
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'tiles' },
      tile('runs', String(runs.length)),
      tile('not successful', String(bad.length), { kind: bad.length > 0 ? 'high' : '' }),
      tile('rows read', count(sum('RowsRead'))),
      tile('rows late', count(sum('RowsLate'))),
      tile('findings created', count(sum('FindingsCreated'))),
    ),
    h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Operations, newest first'),
      grid(
        [
          { head: 'When (UTC)', cell: (row) => time(row['TimeGenerated']), kind: 'tight' },
          { head: 'Status', cell: (row) => status(row['Status']), kind: 'tight' },
          { head: 'Operation', cell: (row) => text(row['OperationName']), kind: 'tight' },
          { head: 'What', cell: (row) => text(row['ResourceName']) },
          {
            head: 'Window (UTC)',
            cell: (row) => (row['WindowStart'] ? span(row['WindowStart'], row['WindowEnd']) : ''),
            kind: 'tight',
          },
          { head: 'Rows', cell: (row) => count(row['RowsRead']), numeric: true },
          { head: 'New', cell: (row) => count(row['FindingsCreated']), numeric: true },
          { head: 'Changed', cell: (row) => count(row['FindingsUpdated']), numeric: true },
          { head: 'Took', cell: (row) => (row['DurationMs'] === null ? '' : duration(row['DurationMs'])), numeric: true },
          { head: 'Reason', cell: (row) => [text(row['Reason']), text(row['Description'])].filter(Boolean).join(': '), kind: 'wide' },
        ],
        rows,
      ),
    ),
  );
}

/** What the pipeline did, and how fresh the tables are. */
export async function pipeline(): Promise<Element> {
  const [runs, tables] = await Promise.all([ask(QUERIES.runs), ask(QUERIES.tables).catch((error: Error) => error)]);
  return h(
    'div',
    {},
    runsOf(runs.rows),
    h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Tables'),
      tables instanceof Error
        ? h('p', { class: 'warning' }, tables.message)
        : tables.rows.length === 0
          ? nothing('The tables are empty', 'Import logs first.', shell('factorwatch import PATH'))
          : grid(
              [
                { head: 'Table', cell: (row) => text(row['Table']) },
                { head: 'Rows', cell: (row) => count(row['Rows']), numeric: true },
                { head: 'Oldest (UTC)', cell: (row) => time(row['Oldest']), kind: 'tight' },
                { head: 'Newest (UTC)', cell: (row) => time(row['Newest']), kind: 'tight' },
              ],
              tables.rows,
            ),
    ),
  );
}

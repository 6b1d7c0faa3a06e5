import { type Answer, ask, QueryFailure } from './api.ts';
import type { Element } from './browser.ts';
import { copyButton, h } from './dom.ts';
import { counted, text } from './format.ts';
import { QUERIES } from './kql.ts';
import { grid, nothing } from './table.ts';

const SHOWN = 500;
const FIRST = `SigninLogs
| summarize Attempts = count(), Users = dcount(UserId) by ResultType
| top 10 by Attempts`;
const EXAMPLES: readonly (readonly [name: string, kql: string])[] = [
  ['Sign-ins by result', FIRST],
  ['Changes of security info', 'MethodChanges(ago(30d), now())'],
  ['Current findings', QUERIES.findings],
  ['Runs', QUERIES.runs],
  ['Tables', QUERIES.tables],
];
const SPANS: readonly (readonly [name: string, value: string])[] = [
  ['all times', ''],
  ['last hour', 'PT1H'],
  ['last day', 'P1D'],
  ['last 7 days', 'P7D'],
  ['last 30 days', 'P30D'],
];

/** What was typed last; kept while the page is open. */
let lastQuery = FIRST;

function failure(error: unknown, query: string): Element {
  const { message, line, column } =
    error instanceof QueryFailure ? error : { message: (error as Error).message, line: undefined, column: undefined };
  const source = line === undefined ? undefined : query.split('\n')[line - 1];
  return h(
    'div',
    { class: 'failure', role: 'alert' },
    h('p', {}, message),
    source !== undefined && column !== undefined && h('pre', {}, `${source}\n${' '.repeat(Math.max(0, column - 1))}^`),
  );
}

function result({ columns, rows, partial, seconds }: Answer): Element {
  const numeric = new Set(['int', 'long', 'real', 'decimal']);
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ name }) => text(row[name])))];
  const said = `${counted(rows.length, 'row')}${seconds === undefined ? '' : ` in ${seconds.toFixed(2)} s`}${rows.length > SHOWN ? `, the first ${SHOWN} are shown` : ''}`;
  return h(
    'div',
    {},
    partial !== undefined && h('p', { class: 'warning' }, partial),
    h(
      'p',
      { class: 'muted' },
      said,
      ' ',
      copyButton('Copy as text', lines.map((cells) => cells.map((cell) => cell.replace(/[\t\n\r]/g, ' ')).join('\t')).join('\n')),
    ),
    rows.length === 0
      ? nothing('No rows', columns.map(({ name }) => name).join(', '))
      : grid(
          columns.map(({ name, type }) => ({ head: name, cell: (row) => text(row[name]), numeric: numeric.has(type) })),
          rows.slice(0, SHOWN),
        ),
  );
}

/** A box for KQL, and the answer below it. */
export async function queryBox(kql: string): Promise<Element> {
  if (kql !== '') lastQuery = kql;
  const out = h('div', { class: 'result', 'aria-live': 'polite' });
  const options = (pairs: readonly (readonly [string, string])[]) => pairs.map(([name, value]) => h('option', { value }, name));
  const span = h('select', { 'aria-label': 'Time span' }, ...options(SPANS));
  const examples = h(
    'select',
    {
      'aria-label': 'Examples',
      change: () => {
        if (examples.value !== '') box.value = examples.value;
      },
    },
    ...options([['Examples', ''], ...EXAMPLES]),
  );
  const send = h('button', { type: 'button', class: 'primary', click: () => void run() }, 'Run');
  const box = h('textarea', {
    rows: 9,
    spellcheck: 'false',
    'aria-label': 'KQL',
    keydown: (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void run();
    },
  });
  box.value = lastQuery;

  const run = async () => {
    lastQuery = box.value;
    send.disabled = true;
    out.replaceChildren(h('p', { class: 'muted' }, 'Running…'));
    try {
      out.replaceChildren(result(await ask(lastQuery, span.value === '' ? undefined : span.value)));
    } catch (error) {
      out.replaceChildren(failure(error, lastQuery));
    } finally {
      send.disabled = false;
    }
  };
  if (kql !== '') void run();
  return h('div', {}, box, h('div', { class: 'filters' }, send, span, examples, h('span', { class: 'muted' }, 'Ctrl+Enter runs it')), out);
}

import type { Row } from './api.ts';
import type { Element } from './browser.ts';
import { h } from './dom.ts';
import { details } from './finding-details.ts';
import { findings, isOpen, SEVERITIES, who } from './findings-data.ts';
import { number, text, time } from './format.ts';
import type { Navigation } from './navigation.ts';
import { meter, severity } from './pieces.ts';
import { type GridColumn, grid, nothing, shell } from './table.ts';

const SHOWN = 250;

function choice(label: string, names: readonly string[], value: string, change: (name: string) => void): Element {
  const select = h(
    'select',
    { change: () => change(select.value) },
    ...names.map((name) => h('option', { value: name, selected: name === value }, name)),
  );
  return h('label', {}, `${label} `, select);
}

function matches(row: Row, words: string): boolean {
  const all = ['Username', 'UserId', 'RuleName', 'AlertName', 'SrcIpAddr', 'SrcGeoCountry', 'EventMessage', 'EventUid']
    .map((name) => text(row[name]))
    .join(' ');
  return words === '' || all.toLowerCase().includes(words.toLowerCase());
}

/** Says nothing where only open ones are shown. */
const STATUS: GridColumn = {
  head: 'Status',
  cell: (row) => (isOpen(row) ? 'Open' : `Closed, ${text(row['AlertVerdict'])}`),
  kind: 'tight extra',
};

/** The findings in a grid, and beside it the one that was chosen. */
export async function findingsView(go: Navigation, { severity: only, uid }: { severity: string; uid: string }): Promise<Element> {
  const { rows, partial } = await findings();
  if (rows.length === 0) return nothing('No findings', 'The pipeline has reported nothing so far.', shell('factorwatch run'));
  const wanted = { severity: SEVERITIES.includes(only as never) ? only : 'All', status: uid === '' ? 'Open' : 'All', words: '' };
  const list = h('div', {});
  const pane = h('aside', { class: 'pane', 'aria-label': 'Details of the finding' });
  const split = h('div', { class: 'split' }, list, pane);
  const count = h('span', { class: 'muted' });

  const choose = (id: string) => {
    pane.hidden = false;
    split.setAttribute('class', 'split with-pane');
    const close = () => {
      pane.hidden = true;
      split.setAttribute('class', 'split');
    };
    details(id, go, close).then(
      (element) => {
        pane.replaceChildren(element);
        // In a narrow window it stands above the list, perhaps out of sight of the row that was chosen.
        pane.scrollIntoView({ block: 'nearest' });
      },
      (error: Error) => pane.replaceChildren(h('p', { class: 'warning' }, error.message)),
    );
  };
  const draw = () => {
    const shown = rows.filter(
      (row) =>
        (wanted.severity === 'All' || row['EventSeverity'] === wanted.severity) &&
        (wanted.status === 'All' || isOpen(row) === (wanted.status === 'Open')) &&
        matches(row, wanted.words),
    );
    count.textContent = shown.length > SHOWN ? `first ${SHOWN} of ${shown.length}` : `${shown.length} of ${rows.length}`;
    list.replaceChildren(
      shown.length === 0
        ? nothing('No finding is like that')
        : grid(
            [
              { head: 'Severity', cell: (row) => severity(row['EventSeverity']), kind: 'tight' },
              {
                head: 'Risk',
                cell: (row) => meter(number(row['ThreatRiskLevel']), text(row['EventSeverity']).toLowerCase()),
                kind: 'tight',
              },
              { head: 'When (UTC)', cell: (row) => time(row['EventStartTime']), kind: 'tight' },
              { head: 'User', cell: who },
              {
                head: 'Why',
                cell: (row) => h('div', {}, h('b', {}, text(row['AlertName'])), h('div', {}, text(row['EventMessage']))),
                kind: 'wide',
              },
              ...(wanted.status === 'Open' ? [] : [STATUS]),
            ],
            shown.slice(0, SHOWN),
            (row) => choose(text(row['EventUid'])),
          ),
    );
  };
  const search = h('input', {
    type: 'search',
    placeholder: 'user, address, rule, words',
    'aria-label': 'Filter',
    input: () => {
      wanted.words = search.value;
      draw();
    },
  });
  pane.hidden = true;
  if (uid !== '') choose(uid);
  draw();
  return h(
    'div',
    {},
    partial !== undefined && h('p', { class: 'warning' }, partial),
    h(
      'div',
      { class: 'filters' },
      choice('Severity', ['All', ...SEVERITIES], wanted.severity, (name) => {
        wanted.severity = name;
        draw();
      }),
      choice('Status', ['Open', 'Closed', 'All'], wanted.status, (name) => {
        wanted.status = name;
        draw();
      }),
      search,
      count,
    ),
    split,
  );
}

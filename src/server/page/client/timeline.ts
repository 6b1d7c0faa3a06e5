import { ask, type Row } from './api.ts';
import type { Element } from './browser.ts';
import { h, svg } from './dom.ts';
import { findings, who } from './findings-data.ts';
import { counted, text, time } from './format.ts';
import { timelineQuery } from './kql.ts';
import type { Navigation } from './navigation.ts';
import { grid, nothing } from './table.ts';

/** Lanes of the picture, top to bottom, by the table that an event is from. */
const LANES: readonly (readonly [table: string, name: string, kind: string])[] = [
  ['FactorFindings_CL', 'Findings', 'finding'],
  ['AADUserRiskEvents', 'Risk', 'risk'],
  ['AuditLogs', 'Changes', 'change'],
  ['SigninLogs', 'Sign-ins', 'signin'],
  ['AADNonInteractiveUserSignInLogs', 'Tokens', 'token'],
];
const LANE = 26;
const LEFT = 80;
const WIDTH = 900;

function picture(rows: readonly Row[]): Element {
  const times = rows.map((row) => Date.parse(text(row['TimeGenerated']))).filter(Number.isFinite);
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const marks = rows.flatMap((row) => {
    const lane = LANES.findIndex(([table]) => table === row['Source']);
    const at = Date.parse(text(row['TimeGenerated']));
    if (lane < 0 || !Number.isFinite(at)) return [];
    const x = LEFT + ((at - first) / span) * (WIDTH - LEFT - 12) + 4;
    const bad = lane === 3 && text(row['Result']) !== '0' ? ' failed' : '';
    return svg(
      'circle',
      { class: `mark ${LANES[lane]![2]}${bad}`, cx: x, cy: 14 + lane * LANE, r: lane < 3 ? 5 : 3 },
      svg('title', {}, `${time(row['TimeGenerated'])} ${text(row['Event'])}`),
    );
  });
  const height = LANES.length * LANE + 18;
  return svg(
    'svg',
    { class: 'chart', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': 'Events over time' },
    ...LANES.flatMap(([, name], i) => [
      svg('text', { class: 'axis', x: 0, y: 18 + i * LANE }, name),
      svg('line', { class: 'line', x1: LEFT, x2: WIDTH, y1: 14 + i * LANE, y2: 14 + i * LANE }),
    ]),
    ...marks,
    svg('text', { class: 'axis', x: LEFT, y: height - 2 }, time(new Date(first).toISOString())),
    svg('text', { class: 'axis', x: WIDTH, y: height - 2, 'text-anchor': 'end' }, time(new Date(first + span).toISOString())),
  );
}

async function shown(user: string, days: number): Promise<Element> {
  const { rows, partial } = await ask(timelineQuery(user, days));
  if (rows.length === 0)
    return nothing(`Nothing is known of ${user}`, `No sign-in, change, risk or finding in the last ${days} days of the logs.`);
  return h(
    'div',
    {},
    partial !== undefined && h('p', { class: 'warning' }, partial),
    h('section', { class: 'card' }, picture(rows)),
    h('p', { class: 'muted' }, `${counted(rows.length, 'event')}, newest first`),
    grid(
      [
        { head: 'When (UTC)', cell: (row) => time(row['TimeGenerated']), kind: 'tight' },
        {
          head: '',
          cell: (row) =>
            h('span', { class: `dot ${LANES.find(([table]) => table === row['Source'])?.[2] ?? ''}`, title: text(row['Source']) }),
          kind: 'tight',
        },
        { head: 'Event', cell: (row) => text(row['Event']), kind: 'broad' },
        { head: 'Result', cell: (row) => text(row['Result']), kind: 'tight' },
        { head: 'Detail', cell: (row) => text(row['Detail']), kind: 'wide' },
        { head: 'Address', cell: (row) => [text(row['SrcIpAddr']), text(row['Country'])].filter(Boolean).join(', '), kind: 'tight' },
        { head: 'Device', cell: (row) => text(row['Device']) },
      ],
      [...rows].reverse(),
    ),
  );
}

/** What a user did and what was done to the user, in one line of time. */
export async function timeline(go: Navigation, user: string): Promise<Element> {
  const known = await findings().then(
    ({ rows }) => [...new Set(rows.map((row) => text(row['Username'])).filter((name) => name !== ''))].sort(),
    () => [],
  );
  const input = h('input', {
    type: 'search',
    list: 'users',
    value: user,
    placeholder: 'user principal name or object id',
    'aria-label': 'User',
    autocomplete: 'off',
  });
  const form = h(
    'form',
    {
      class: 'filters',
      submit: (event) => {
        event.preventDefault();
        go(`user/${input.value.trim()}`);
      },
    },
    input,
    h('datalist', { id: 'users' }, ...known.map((name) => h('option', { value: name }))),
    h('button', { type: 'submit' }, 'Show'),
    h('span', { class: 'muted' }, 'last 30 days of the logs'),
  );
  if (user !== '') return h('div', {}, form, await shown(user, 30));
  const about = (await findings()).rows.filter((row) => text(row['Username']) !== '').slice(0, 12);
  return h(
    'div',
    {},
    form,
    about.length === 0
      ? nothing('Choose a user', 'Type a user principal name or an object id.')
      : h(
          'section',
          { class: 'card' },
          h('h2', {}, 'Users with findings'),
          h(
            'ul',
            { class: 'plain' },
            ...[...new Set(about.map(who))].map((name) =>
              h('li', {}, h('button', { type: 'button', class: 'link', click: () => go(`user/${name}`) }, name)),
            ),
          ),
        ),
  );
}

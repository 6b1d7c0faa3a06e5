import { ask, type Row } from './api.ts';
import type { Element } from './browser.ts';
import { h } from './dom.ts';
import { findings, isOpen, SEVERITIES, type Severity, who } from './findings-data.ts';
import { duration, number, text, time } from './format.ts';
import { QUERIES } from './kql.ts';
import type { Navigation } from './navigation.ts';
import { type Bar, barList, severity, stackedBars, status, tile } from './pieces.ts';
import { grid, nothing, shell } from './table.ts';

const DAYS = 30;

/** Findings a day, from the first of the last thirty days that has one to the newest. */
export function byDay(rows: readonly Row[]): readonly Bar[] {
  const counts = new Map<string, Record<Severity, number>>();
  for (const row of rows) {
    const day = text(row['EventStartTime']).slice(0, 10);
    const name = text(row['EventSeverity']) as Severity;
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || !SEVERITIES.includes(name)) continue;
    const of = counts.get(day) ?? { High: 0, Medium: 0, Low: 0 };
    of[name] += 1;
    counts.set(day, of);
  }
  const days = [...counts.keys()].sort();
  const last = Date.parse(days.at(-1) ?? '');
  const first = Math.max(Date.parse(days[0] ?? ''), last - (DAYS - 1) * 86_400_000);
  const bars: Bar[] = [];
  for (let at = first; at <= last; at += 86_400_000) {
    const label = new Date(at).toISOString().slice(0, 10);
    bars.push({ label, counts: counts.get(label) ?? { High: 0, Medium: 0, Low: 0 } });
  }
  return bars;
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 8);
}

/** What is open, since when, by what and about whom. */
export async function overview(go: Navigation): Promise<Element> {
  const [{ rows, partial }, runs] = await Promise.all([findings(), ask(QUERIES.runs).catch(() => undefined)]);
  const open = rows.filter(isOpen);
  const lastRun = runs?.rows.find((row) => text(row['OperationName']) === 'Pipeline run');
  if (rows.length === 0 && !lastRun) {
    return nothing(
      'No findings yet',
      'Import logs and run the pipeline over them; this page then shows what it found.',
      shell('factorwatch import PATH && factorwatch run'),
    );
  }
  const of = (name: Severity) => open.filter((row) => row['EventSeverity'] === name).length;
  const users = new Set(open.map((row) => text(row['UserId'])).filter((id) => id !== ''));
  const tiles = h(
    'div',
    { class: 'tiles' },
    ...SEVERITIES.map((name) => tile(`${name}, open`, String(of(name)), { kind: name.toLowerCase(), click: () => go(`findings/${name}`) })),
    tile('users concerned', String(users.size)),
    tile('closed', String(rows.length - open.length)),
    tile('last run', lastRun ? text(lastRun['Status']) : 'none', {
      kind: 'words',
      note: lastRun ? `${time(lastRun['TimeGenerated'])} UTC, ${duration(lastRun['DurationMs'])}` : '',
      click: () => go('pipeline'),
    }),
  );
  const worst = [...open].sort((a, b) => number(b['ThreatRiskLevel']) - number(a['ThreatRiskLevel'])).slice(0, 8);
  return h(
    'div',
    {},
    partial !== undefined && h('p', { class: 'warning' }, partial),
    tiles,
    h('section', { class: 'card' }, h('h2', {}, 'Findings a day'), stackedBars(byDay(rows))),
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { class: 'card' },
        h('h2', {}, 'Open findings by kind'),
        open.length > 0 ? barList(counted(open.map((row) => text(row['RuleName'])))) : nothing('Nothing is open'),
      ),
      h(
        'section',
        { class: 'card' },
        h('h2', {}, 'By strongest detector'),
        open.length > 0 ? barList(counted(open.map((row) => text(row['AlertName'])))) : nothing('Nothing is open'),
      ),
    ),
    h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Highest risk'),
      worst.length === 0
        ? nothing('Nothing is open')
        : grid(
            [
              { head: 'Severity', cell: (row) => severity(row['EventSeverity']), kind: 'tight' },
              { head: 'Risk', cell: (row) => text(row['ThreatRiskLevel']), numeric: true },
              { head: 'When (UTC)', cell: (row) => time(row['EventStartTime']), kind: 'tight' },
              { head: 'User', cell: who },
              { head: 'Why', cell: (row) => text(row['EventMessage']), kind: 'wide' },
            ],
            worst,
            (row) => go(`finding/${text(row['EventUid'])}`),
          ),
    ),
    lastRun &&
      text(lastRun['Status']) !== 'Success' &&
      h('p', { class: 'warning' }, status(lastRun['Status']), ` ${text(lastRun['Description'])}`),
  );
}

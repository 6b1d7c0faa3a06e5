import { ask, type Row } from './api.ts';
import type { Element } from './browser.ts';
import { button, type Child, copyButton, h } from './dom.ts';
import { who } from './findings-data.ts';
import { field, number, span, text, texts, time } from './format.ts';
import { findingQuery } from './kql.ts';
import type { Navigation } from './navigation.ts';
import { meter, severity } from './pieces.ts';
import { grid, nothing } from './table.ts';

function facts(pairs: readonly (readonly [string, Child])[]): Element {
  const shown = pairs.filter(([, value]) => value !== '' && value !== undefined && value !== false);
  return h('dl', { class: 'facts' }, ...shown.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function section(title: string, ...children: readonly Child[]): Element {
  return h('section', {}, h('h3', {}, title), ...children);
}

/** One piece of evidence: its words, and how much it weighs as a bar. */
function piece(row: unknown): Element {
  const nats = number(field(row, 'Nats'));
  const weight = Math.min(100, (Math.abs(nats) / 6) * 100);
  const cut = field(row, 'Cut') !== undefined;
  // By what it speaks for, not by its weight: one that is next to nothing is rounded to 0.
  const side = field(row, 'Direction') === 'For' ? 'for' : 'against';
  return h(
    'li',
    { class: cut ? 'muted' : side },
    h('span', {}, text(field(row, 'Words'))),
    !cut &&
      h(
        'span',
        { class: 'weight' },
        meter(weight, side),
        h(
          'span',
          { class: 'muted' },
          `${text(field(row, 'DetectorName')) || text(field(row, 'Detector'))}, ${side === 'for' ? '+' : ''}${nats} nats`,
        ),
      ),
  );
}

function evidence(row: Row): readonly Child[] {
  const rows = Array.isArray(row['Evidence']) ? (row['Evidence'] as unknown[]) : [];
  const speaksFor = rows.filter((item) => field(item, 'Direction') === 'For' || field(item, 'Cut') !== undefined);
  const against = rows.filter((item) => field(item, 'Direction') === 'Against');
  return [
    section('Speaks for an attack', speaksFor.length > 0 ? h('ul', { class: 'evidence' }, ...speaksFor.map(piece)) : nothing('Nothing')),
    section(
      'Speaks against it',
      against.length > 0 ? h('ul', { class: 'evidence' }, ...against.map(piece)) : nothing('Nothing was found that speaks for the user'),
    ),
  ];
}

function list(title: string, items: readonly string[]): Child {
  return items.length > 0 && section(title, h('ul', {}, ...items.map((item) => h('li', {}, item))));
}

/** Logs write the number of a network with and without its letters. */
const asn = (value: unknown) => text(value).replace(/^(?=\d)/, 'AS');

function events(row: Row): Child {
  const rows = field(row['AdditionalFields'], 'Events');
  if (!Array.isArray(rows) || rows.length === 0) return false;
  const of = (name: string) => (item: Row) => text(field(item, name));
  return section(
    'Events behind it',
    grid(
      [
        { head: 'When (UTC)', cell: (item) => time(field(item, 'TimeGenerated')), kind: 'tight' },
        { head: 'Event', cell: (item) => h('span', {}, of('Event')(item), ' ', h('span', { class: 'source' }, of('Source')(item))) },
        { head: 'Address', cell: (item) => [of('SrcIpAddr')(item), of('SrcGeoCountry')(item)].filter(Boolean).join(', '), kind: 'tight' },
        { head: 'Device', cell: (item) => of('SrcHostname')(item) || of('SrcDvcId')(item) },
        { head: 'App', cell: of('TargetAppName') },
      ],
      rows as Row[],
    ),
  );
}

function queries(row: Row, go: Navigation): Element {
  const raw = text(field(row['AdditionalFields'], 'Query'));
  const all = [
    ['Raw rows behind it', raw],
    ['The finding itself', findingQuery(text(row['EventUid']))],
  ] as const;
  return section(
    'KQL',
    ...all
      .filter(([, kql]) => kql !== '')
      .map(([name, kql]) =>
        h(
          'details',
          {},
          h('summary', {}, name),
          h('pre', {}, kql),
          h(
            'p',
            {},
            copyButton('Copy', kql),
            ' ',
            button('Open in Query', () => go(`query/${kql}`)),
          ),
        ),
      ),
  );
}

/** Everything about one finding. */
export async function details(uid: string, go: Navigation, close: () => void): Promise<Element> {
  const [row, ...others] = (await ask(findingQuery(uid))).rows;
  if (!row) return nothing('There is no such finding', uid);
  if (others.length > 0) return nothing(`The ids of ${others.length + 1} findings begin so: give more digits`, uid);
  const more = row['AdditionalFields'];
  const user = text(row['Username']) || text(row['UserId']);
  const users = Array.isArray(field(more, 'Users')) ? (field(more, 'Users') as unknown[]) : [];
  const place = [row['SrcIpAddr'], row['SrcGeoCity'], row['SrcGeoCountry'], asn(field(more, 'SourceAsn'))]
    .map(text)
    .filter(Boolean)
    .join(', ');
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'pane-head' },
      button('Close', close),
      severity(row['EventSeverity']),
      ' ',
      h('span', { class: 'muted' }, `${text(row['RuleName'])}, revision ${text(row['FindingRevision'])}, ${text(row['AlertStatus'])}`),
    ),
    h('p', { class: 'message' }, text(row['EventMessage'])),
    facts([
      ['Risk', meter(number(row['ThreatRiskLevel']), text(row['EventSeverity']).toLowerCase())],
      ['Confidence', `${text(row['ThreatConfidence'])} %`],
      ['When (UTC)', span(row['EventStartTime'], row['EventEndTime'])],
      ['User', user !== '' ? button(user, () => go(`user/${user}`), { class: 'link' }) : who({ ...row, Users: users.length })],
      ['Done by', text(row['ActorUsername'])],
      ['From', place],
      ['App', text(row['TargetAppName'])],
      ['Methods', texts(field(more, 'Methods')).join(', ')],
      ['ATT&CK', [text(row['AttackTactics']), text(row['AttackTechniques'])].filter(Boolean).join(': ')],
      ['Verdict', text(row['AlertVerdict'])],
      ['Closed because', text(field(more, 'ClosedReason'))],
    ]),
    ...evidence(row),
    list('Benign if', texts(field(more, 'BenignIf'))),
    list('Not known', texts(field(more, 'Gaps'))),
    section('What to do', h('p', { class: 'steps' }, text(row['AttackRemediationSteps']) || 'No steps were written down.')),
    users.length > 1 &&
      list(
        `Users (${users.length})`,
        users.slice(0, 50).map((item) => text(field(item, 'Username')) || text(field(item, 'UserId'))),
      ),
    events(row),
    queries(row, go),
    h('p', { class: 'muted' }, h('code', {}, text(row['EventUid'])), ' ', copyButton('Copy id', text(row['EventUid']))),
  );
}

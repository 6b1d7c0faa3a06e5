import { fieldsOf } from '../../findings/finding-row.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import type { JsonValue } from '../../schema/output-table.ts';
import { paint, paintSeverity } from '../paint.ts';
import { tableText } from '../table.ts';
import { pad, plain, wrap } from '../text.ts';
import { type TextLayout, whenText, whoText } from './list-text.ts';
import { scoreLines, signed } from './score-text.ts';

const MOST_USERS = 20;
type Fields = Readonly<Record<string, JsonValue>>;

/** A finding with everything that stands behind it, for an analyst who has to decide. */
export function explainText(row: FindingRow, layout: TextLayout): string {
  const { columns, color } = layout;
  const fields = fieldsOf(row);
  const bold = (text: string) => (color ? paint(text, 'bold') : text);
  const lines: string[] = [];
  const add = (text: string, indent = 0) => lines.push(...wrap(plain(text), columns - indent).map((line) => ' '.repeat(indent) + line));
  const section = (title: string, items: readonly string[]) => {
    if (items.length === 0) return;
    lines.push('', bold(title));
    for (const item of items) lines.push(...hanging(item, columns));
  };

  const shown = plain(row.EventSeverity);
  const severity = color ? paintSeverity(shown) : shown;
  lines.push(
    `${severity}  risk ${row.ThreatRiskLevel}, confidence ${row.ThreatConfidence} %   ${plain(row.AlertStatus)}, verdict: ${plain(row.AlertVerdict)}   revision ${row.FindingRevision}`,
  );
  lines.push(...wrap(plain(`${row.RuleName}: ${row.AlertName}`), columns).map(bold));
  add(row.EventMessage);
  lines.push('', row.EventUid);
  add(
    `${whoText(row)}, ${whenText(row)} to ${whenText({ EventStartTime: row.EventEndTime })} UTC; ATT&CK v${row.AttackVersion}: ${row.AttackTechniques || 'none'}`,
  );
  if (fields['HardEvidence'] === true) add('Hard evidence: by itself enough for a risk of 75, whatever the odds.');
  const verdict = fields['Verdict'] as Fields | undefined;
  const before = verdict?.['Before'] as Fields | undefined;
  if (verdict !== undefined) {
    const moved = before === undefined ? '' : `; by its evidence alone the risk was ${String(before['ThreatRiskLevel'])}`;
    add(
      `Verdict by ${String(verdict['By'])} on ${String(verdict['At']).slice(0, 10)}${verdict['Comment'] === '' ? '' : `: ${String(verdict['Comment'])}`}${moved}.`,
    );
  }
  if (fields['OverBudget'] === true)
    add('Over the alert budget: stronger findings, or one about the same address, come first. Severity and score are not touched by that.');
  if (fields['ClosedReason'] !== undefined) section('Closed because', [`- ${String(fields['ClosedReason'])}`]);

  const evidence = listOf(row.Evidence).map((item) => item as Fields);
  section('Speaks for an attack', evidence.filter((piece) => piece['Direction'] === 'For').map(pieceText));
  section('Speaks against', evidence.filter((piece) => piece['Direction'] === 'Against').map(pieceText));
  for (const piece of evidence) if (piece['Cut'] !== undefined) lines.push('', plain(String(piece['Words'])));
  section('How the score came about, in nats (2.3 of them: a factor of ten)', scoreLines(fields['ScoreParts']));
  section('Would have made it benign', bullets(fields['BenignIf']));
  section('Not known', bullets(fields['Gaps']));
  section('What was known at the time', contextLines(fields));
  const users = listOf(fields['Users']).map((user) => user as Fields);
  if (users.length > 1)
    section('Users', [
      ...users.slice(0, MOST_USERS).map((user) => `- ${String(user['Username'] || user['UserId'])}`),
      ...(users.length > MOST_USERS
        ? [`and ${users.length - MOST_USERS} more: factorwatch findings show ${row.EventUid.slice(0, 8)}`]
        : []),
    ]);

  const events = listOf(fields['Events']).map((event) => event as Fields);
  if (events.length > 0) {
    lines.push('', bold('Raw rows'));
    lines.push(eventTable(events, layout));
    if (typeof fields['EventsCut'] === 'number') lines.push(`  and ${fields['EventsCut']} more`);
  }
  section('What to do', row.AttackRemediationSteps.split('\n'));
  if (typeof fields['Query'] === 'string' && fields['Query'] !== '') {
    lines.push('', bold('The rows in Log Analytics'), ...plain(fields['Query'], { keepLines: true }).split('\n'));
  }
  return lines.join('\n');
}

function pieceText(piece: Fields): string {
  return `${pad(signed(Number(piece['Nats'] ?? 0)), 5, 'right')}  ${String(piece['Words'])} [${String(piece['DetectorName'])}]`;
}

/** Lines of an item; what follows the first is indented to its text. */
function hanging(item: string, columns: number): string[] {
  const mark = /^\s*(?:[-+]?\d+\.\d\s+|\d+\.\s+|- )?/.exec(item)?.[0].length ?? 0;
  return wrap(plain(item.slice(mark)), columns - mark).map((line, i) => (i === 0 ? item.slice(0, mark) : ' '.repeat(mark)) + line);
}

function bullets(value: JsonValue | undefined): string[] {
  return listOf(value).map((text) => `- ${String(text)}`);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function contextLines(fields: Fields): string[] {
  const lines: string[] = [];
  const identity = fields['Identity'] as Fields | undefined;
  const inventory = fields['MethodInventory'] as Fields | undefined;
  const address = fields['Address'] as Fields | undefined;
  const list = (value: JsonValue | undefined, none = 'none') => listOf(value).join(', ') || none;
  const day = (value: JsonValue | undefined) => String(value ?? 'unknown').slice(0, 10);
  if (identity !== undefined) {
    const parts = [identity['JobTitle'], identity['Department'], identity['UserType']].filter((part) => part !== '').map(String);
    lines.push(
      `- User (IdentityInfo of ${day(identity['SourceTime'])}): ${parts.join(', ') || 'no job title or department'}; roles: ${list(identity['Roles'])}; account since ${day(identity['AccountCreated'])}; manager: ${String(identity['Manager'] || 'not stated')}${identity['Hybrid'] === true ? '; synchronised from Active Directory' : ''}`,
    );
  }
  const place = fields['Place'] as Fields | undefined;
  if (place !== undefined) {
    const parts = [place['SrcGeoCity'], place['SrcGeoCountry'], place['Asn'] === '' ? '' : `AS${String(place['Asn'])}`];
    lines.push(
      `- Place (${String(place['Source'])} of ${String(place['SourceTime']).slice(0, 16).replace('T', ' ')}): ${parts.filter((part) => part !== '').join(', ')}`,
    );
  }
  if (inventory !== undefined) {
    lines.push(
      `- Methods as far as the logs show (AuditLogs, back to ${day(inventory['SourceTime'])} at most): before: ${list(inventory['Before'], 'none seen')}; after: ${list(inventory['After'], 'none seen')}; last change before: ${day(inventory['LastChangeBefore'])}`,
    );
  }
  if (address !== undefined && Number(address['SignIns']) > 0) {
    lines.push(
      `- Address (SigninLogs, back to ${day(address['SourceTime'])} at most): ${Number(address['SignIns']) === 1 ? '1 sign-in' : `${String(address['SignIns'])} sign-ins`} of the user before, first ${day(address['FirstSeen'])}, last ${day(address['LastSeen'])}; device trust: ${list(address['DeviceTrust'])}; named locations: ${list(address['NamedLocations'])}`,
    );
  }
  return lines;
}

function eventTable(events: readonly Fields[], { columns }: TextLayout): string {
  const cell = (event: Fields, name: string) => String(event[name] ?? '');
  return tableText(
    [
      { title: 'TIME (UTC)' },
      { title: 'EVENT', overflow: 'cut' },
      { title: 'ADDRESS' },
      { title: 'PLACE', overflow: 'cut' },
      { title: 'APP OR DEVICE', overflow: 'cut' },
    ],
    events.map((event) => [
      cell(event, 'TimeGenerated').slice(5, 19).replace('T', ' '),
      cell(event, 'Event'),
      cell(event, 'SrcIpAddr'),
      [cell(event, 'SrcGeoCountry'), cell(event, 'Asn') === '' ? '' : `AS${cell(event, 'Asn')}`].filter((part) => part !== '').join(' '),
      cell(event, 'TargetAppName') || cell(event, 'SrcHostname'),
    ]),
    { columns, indent: '  ' },
  );
}

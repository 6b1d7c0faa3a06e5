import { fieldsOf } from '../../findings/finding-row.ts';
import { SEVERITIES, type Severity } from '../../findings/severity.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import { paint, paintSeverity } from '../paint.ts';
import { cut, pad, plain, wrap } from '../text.ts';

export interface TextLayout {
  readonly columns: number;
  readonly color: boolean;
}

const INDENT = ' '.repeat(10);

/** Findings for a person to read, the most severe first: severity, score, id, user, when; the rule; why, in words. */
export function findingsText(rows: readonly FindingRow[], layout: TextLayout): string {
  return sortedBySeverity(rows)
    .map((row) => findingText(row, layout))
    .join('\n');
}

export function sortedBySeverity(rows: readonly FindingRow[]): readonly FindingRow[] {
  const rank = (row: FindingRow) => (row.AlertStatus === 'Closed' ? -1 : SEVERITIES.indexOf(row.EventSeverity as Severity));
  return rows.toSorted(
    (a, b) => rank(b) - rank(a) || (b.ThreatRiskLevel ?? 0) - (a.ThreatRiskLevel ?? 0) || (a.EventUid < b.EventUid ? -1 : 1),
  );
}

function findingText(row: FindingRow, { columns, color }: TextLayout): string {
  const severity = pad(plain(row.EventSeverity), 6);
  const closed = row.AlertStatus === 'Closed' ? `  closed${row.AlertVerdict === 'Unknown' ? '' : `: ${plain(row.AlertVerdict)}`}` : '';
  const when = whenText(row);
  const room = columns - 6 - 4 - 10 - when.length - 4 - closed.length;
  const head = `${color ? paintSeverity(severity) : severity} ${pad(String(row.ThreatRiskLevel ?? ''), 3)} ${row.EventUid.slice(0, 8)}  ${pad(cut(plain(whoText(row)), Math.max(12, room)), Math.max(12, room))}  ${when}${closed}`;
  // Nearly all findings are about a registration: only another kind is worth a word.
  const kind = row.RuleId === 'registration' ? '' : ` (${row.RuleName})`;
  const rule = cut(plain(`${row.AlertName}${kind}`), columns - INDENT.length);
  const why = reasons(row).flatMap((text) => wrap(plain(text), columns - INDENT.length));
  return [head.trimEnd(), INDENT + (color ? paint(rule, 'bold') : rule), ...why.map((line) => INDENT + line)].join('\n');
}

/** The user; of several users how many. */
export function whoText(row: FindingRow): string {
  if (row.Username !== '' || row.UserId !== '') return row.Username || row.UserId;
  const users = fieldsOf(row)['Users'];
  const more = fieldsOf(row)['UsersCut'];
  return `(${(Array.isArray(users) ? users.length : 0) + (typeof more === 'number' ? more : 0)} users)`;
}

export function whenText(row: Pick<FindingRow, 'EventStartTime'>): string {
  return (row.EventStartTime ?? '').slice(0, 16).replace('T', ' ');
}

/** Why, in words: what closed it, else the two strongest pieces of evidence. */
function reasons(row: FindingRow): readonly string[] {
  const fields = fieldsOf(row);
  if (typeof fields['ClosedReason'] === 'string') return [fields['ClosedReason']];
  const pro = fields['For'];
  return Array.isArray(pro) && pro.length > 0 ? pro.slice(0, 2).map(String) : [row.EventMessage];
}

import { counted } from '../../core/counted.ts';
import type { Urgency } from '../../posture/gap.ts';
import type { PostureReport, UserGap, UserPosture } from '../../posture/report.ts';
import { paint } from '../paint.ts';
import { cut, pad, plain, wrap } from '../text.ts';

export interface PostureAnswer extends PostureReport {
  readonly from: string;
  readonly until: string;
  readonly notKnown: readonly { readonly gap: string; readonly title: string; readonly needs: readonly string[] }[];
  /** Whether a table says who has a role. */
  readonly rolesKnown: boolean;
  /** Whether a table says who has registered a method or changed the password since. */
  readonly mendedKnown: boolean;
}

const INDENT = '      ';

/** The users with their gaps, the most urgent first, and what to do about each kind of gap. */
export function postureText(answer: PostureAnswer, { columns, color }: { readonly columns: number; readonly color: boolean }): string {
  const { users, gaps, notKnown, rolesKnown, mendedKnown } = answer;
  const head = `${answer.from.slice(0, 10)} to ${answer.until.slice(0, 10)}: ${counted(users.length, 'user')} with gaps`;
  const lines = users.length === 0 ? [head] : [head, ''];
  for (const user of users) lines.push(...userLines(user, columns, color));
  if (gaps.length > 0) lines.push('', color ? paint('What to do', 'bold') : 'What to do');
  for (const { title, means, remedy, users: count } of gaps) {
    lines.push(...wrap(`${title} (${counted(count, 'user')}). ${means}`, columns - 2).map((line) => `  ${line}`));
    remedy.forEach((step, i) => {
      lines.push(...wrap(step, columns - 7).map((line, j) => `    ${j === 0 ? `${i + 1}. ` : '   '}${line}`));
    });
  }
  if (notKnown.length > 0) lines.push('', 'Not known, for want of rows:');
  for (const { title, needs } of notKnown)
    lines.push(...wrap(`${title}: needs ${needs.join(' or ')}`, columns - 2).map((line) => `  ${line}`));
  if (!rolesKnown)
    lines.push(
      ...wrap('Who has a role is not known (no IdentityInfo): an administrator among these may be more urgent than shown.', columns),
    );
  if (!mendedKnown)
    lines.push(
      ...wrap(
        'Who has registered a method or changed the password since is not known (no AuditLogs): some of these gaps may be closed.',
        columns,
      ),
    );
  return lines.join('\n').trimEnd();
}

function userLines(user: UserPosture, columns: number, color: boolean): string[] {
  const urgency = pad(user.urgency, 5);
  const more = [user.guest ? 'guest' : '', ...user.roles].filter((word) => word !== '').join(', ');
  const name = cut(plain(user.username || user.userId), columns - 6);
  const head = `${color && user.urgency === 'now' ? paint(urgency, 'red') : urgency} ${name}`;
  const roles = more === '' ? [] : wrap(plain(more), columns - INDENT.length).map((line) => INDENT + line);
  return [
    head,
    ...roles,
    ...user.gaps.flatMap((gap) => wrap(gapWords(gap, user.urgency), columns - INDENT.length).map((line) => INDENT + line)),
  ];
}

function gapWords({ title, times, last, detail, urgency }: UserGap, ofUser: Urgency): string {
  const often = times > 1 ? `${counted(times, 'time')}, ` : '';
  const when = last === null ? '' : ` (${often}last ${last.slice(0, 10)})`;
  const later = urgency === ofUser ? '' : `; ${urgency}`;
  return plain(`${title}${when}${detail === '' ? '' : `: ${detail}`}${later}`);
}

import type { Gap, Subject, Urgency } from './gap.ts';
import { URGENCIES } from './gap.ts';

/** A row of a gap's query. Times are ISO 8601. */
export interface GapRow {
  readonly userId: string;
  readonly username: string;
  readonly times: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Text of logs; to be neutralised where it is shown. */
  readonly detail: string;
}

/** What the directory says of an account. */
export interface Account {
  readonly username: string;
  readonly roles: readonly string[];
  readonly enabled: boolean;
  readonly guest: boolean;
}

export interface UserGap extends Omit<GapRow, 'userId' | 'username'> {
  readonly gap: string;
  readonly subject: Subject;
  readonly urgency: Urgency;
  readonly title: string;
}

export interface UserPosture {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly guest: boolean;
  /** That of the most urgent gap. */
  readonly urgency: Urgency;
  readonly gaps: readonly UserGap[];
}

export interface PostureReport {
  readonly users: readonly UserPosture[];
  /** Each gap that somebody has, with how many, what it means and what to do. */
  readonly gaps: readonly (Pick<Gap, 'subject' | 'title' | 'means' | 'remedy'> & { readonly gap: string; readonly users: number })[];
}

/**
 * Joins the answers of the gaps' queries into what is known of each user, the most urgent first: then who has a role, who has more
 * gaps, and the name. Accounts that are disabled are left out.
 */
export function postureReport(
  answers: readonly { readonly gap: Gap; readonly rows: readonly GapRow[] }[],
  accounts: ReadonlyMap<string, Account>,
): PostureReport {
  const users = new Map<string, { username: string; gaps: UserGap[] }>();
  for (const { gap, rows } of answers) {
    for (const { userId, username, ...row } of rows) {
      const account = accounts.get(userId);
      if (account?.enabled === false) continue;
      const urgency = urgencyOf(gap, account);
      const of = users.get(userId) ?? { username: account?.username || username, gaps: [] };
      of.gaps.push({ gap: gap.id, subject: gap.subject, urgency, title: gap.title, ...row });
      users.set(userId, of);
    }
  }
  const list = [...users].map(([userId, { username, gaps }]): UserPosture => {
    const account = accounts.get(userId);
    const sorted = gaps.toSorted((a, b) => rank(a.urgency) - rank(b.urgency));
    return { userId, username, roles: account?.roles ?? [], guest: account?.guest ?? false, urgency: sorted[0]!.urgency, gaps: sorted };
  });
  return {
    users: list.sort(byUrgency),
    gaps: answers.flatMap(({ gap: { id, subject, title, means, remedy } }) => {
      const count = list.filter(({ gaps }) => gaps.some(({ gap }) => gap === id)).length;
      return count === 0 ? [] : [{ gap: id, subject, title, means, remedy, users: count }];
    }),
  };
}

const rank = (urgency: Urgency) => URGENCIES.indexOf(urgency);

/** A role makes a gap a step more urgent: what an attacker gets with the account is the tenant. */
function urgencyOf(gap: Gap, account: Account | undefined): Urgency {
  return URGENCIES[Math.max(0, rank(gap.urgency) - ((account?.roles.length ?? 0) > 0 ? 1 : 0))]!;
}

function byUrgency(a: UserPosture, b: UserPosture): number {
  return (
    rank(a.urgency) - rank(b.urgency) ||
    Number(b.roles.length > 0) - Number(a.roles.length > 0) ||
    b.gaps.length - a.gaps.length ||
    (a.username < b.username ? -1 : a.username > b.username ? 1 : a.userId < b.userId ? -1 : 1)
  );
}

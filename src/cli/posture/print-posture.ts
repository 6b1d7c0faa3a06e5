import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { TICKS_PER_DAY, type Ticks, ticksFromMs } from '../../core/ticks.ts';
import { timeText } from '../../pipeline/time-text.ts';
import type { Gap, Subject } from '../../posture/gap.ts';
import { GAPS } from '../../posture/gaps.ts';
import { type GapRow, postureReport } from '../../posture/report.ts';
import type { CommandContext } from '../context.ts';
import { stagedProgress } from '../progress.ts';
import { usageError } from '../usage-error.ts';
import { type AskOptions, askAccounts, askGap, isNamed, newestEvent, tablesWithRows } from './ask-gaps.ts';
import { postureText } from './posture-text.ts';

export interface PostureOptions {
  readonly days?: number | undefined;
  readonly until?: Ticks | undefined;
  readonly subject?: string | undefined;
  readonly user?: string | undefined;
}

const DEFAULT_DAYS = 30;
/** The table that says who has a role. */
const ROLES_FROM = 'IdentityInfo';

/** Who is weakly protected: asks the workspace for each gap, joins the answers by user and says what to do. */
export async function printPosture(context: CommandContext, options: PostureOptions): Promise<number> {
  const { io, json, signal } = context;
  const workspace = await context.openWorkspace();
  const gaps = GAPS.filter(({ subject }) => options.subject === undefined || subject === (options.subject as Subject));
  const until = options.until ?? (await defaultUntil(context));
  const period = { from: until - BigInt(options.days ?? DEFAULT_DAYS) * TICKS_PER_DAY, until };
  const ask: AskOptions = { workspace, queries: context.folder('queries/posture'), period, signal };

  const wantedTables = [...gaps.flatMap(({ tables: of, mendedBy }) => [...of, mendedBy ?? ROLES_FROM]), ROLES_FROM];
  const tables = await tablesWithRows([...new Set(wantedTables)], ask);
  const known = gaps.filter((gap) => gap.tables.some((table) => tables.has(table)));
  // The stage is no part of the answer: it goes to standard error.
  const progress = stagedProgress(io, { total: 1, json: true, clock: context.clock });
  const stage = progress.stage('posture');
  const answers: { gap: Gap; rows: readonly GapRow[] }[] = [];
  for (const gap of known) {
    stage.update(gap.title);
    answers.push({ gap, rows: await askGap(gap, ask) });
  }
  const report = postureReport(answers, tables.has(ROLES_FROM) ? await askAccounts(ask) : new Map());
  const wanted = options.user?.toLowerCase();
  const users = report.users.filter(
    ({ userId, username }) => wanted === undefined || userId === wanted || username.toLowerCase() === wanted,
  );
  // Of a name that is mistyped "no gaps" would be a wrong answer.
  if (options.user !== undefined && users.length === 0 && !(await isNamed(options.user, ask)))
    throw usageError(
      `no sign-in, directory record or report since ${timeText(period.from).slice(0, 10)} names "${options.user}"`,
      'check the spelling, or look back further with --days; an object id does as well',
    );
  stage.done(`${counted(known.length, 'question')}, ${counted(users.length, 'user')} with gaps`);

  const answer = {
    from: timeText(period.from),
    until: timeText(period.until),
    users,
    gaps: report.gaps.filter(({ gap }) => users.some((user) => user.gaps.some((of) => of.gap === gap))),
    notKnown: gaps.filter((gap) => !known.includes(gap)).map(({ id, title, tables: needs }) => ({ gap: id, title, needs })),
    rolesKnown: tables.has(ROLES_FROM),
    mendedKnown: known.every(({ mendedBy }) => mendedBy === undefined || tables.has(mendedBy)),
  };
  if (json) io.json(answer);
  else io.out(postureText(answer, io));
  return ExitCode.done;
}

/** Logs that were imported end when they end; a workspace in Azure goes on. */
async function defaultUntil(context: CommandContext): Promise<Ticks> {
  const workspace = await context.openWorkspace();
  const now = ticksFromMs(context.clock());
  if (workspace.kind === 'azure') return now;
  return ((await newestEvent(workspace, context.signal)) ?? now) + 1n;
}

import { counted, grouped } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { allDetectors } from '../../detectors/registry.ts';
import { severityOf } from '../../findings/severity.ts';
import { newestRows } from '../../pipeline/current-findings.ts';
import { ledgerOf } from '../../pipeline/recover-ledger.ts';
import { type Outcome, replay } from '../../pipeline/replay.ts';
import { engineOptions } from '../../pipeline/run-state.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import { compileAllowList } from '../../scoring/allow.ts';
import { Engine } from '../../scoring/engine.ts';
import type { Judgement } from '../../scoring/judgement.ts';
import { REPORT_SCORE } from '../../scoring/weights.ts';
import type { AllowKind } from '../config/allow-schema.ts';
import type { CommandContext } from '../context.ts';
import { whenText, whoText } from '../findings/list-text.ts';
import { paintSeverity } from '../paint.ts';
import { stagedProgress } from '../progress.ts';
import { loadPipelines } from '../run/run-pipelines.ts';
import { tableText } from '../table.ts';
import { usageError } from '../usage-error.ts';
import { warn } from '../warn.ts';
import { allowListOf, configuredSettings, expiryWarnings } from './allow-list.ts';
import type { AllowSetting } from './entries.ts';
import { readAllowFile } from './read-file.ts';

/** A past finding that says less with the entries, or that they name and do not change. */
interface Tried {
  readonly row: FindingRow;
  /** What is left of it: its score, under 30 where nothing would have been reported. */
  readonly score: number;
  readonly isChanged: boolean;
  /** Entries that name its address, user or target; empty where it changed through what was learnt elsewhere. */
  readonly entries: readonly AllowSetting[];
}

/** `allow test FILE`: judges the logs once as they were judged and once with the entries, and shows which past findings would be gone or weaker. */
export async function tryEntries(context: CommandContext, file: string, kind: AllowKind | undefined): Promise<number> {
  const { io, json, clock, signal } = context;
  const entries = await readAllowFile(context, file, kind);
  if (entries.length === 0) throw usageError(`${file} holds no entry`, 'One a line: an address or range, or anything else with --kind.');
  if (entries.some((entry) => entry.kind === 'verdict'))
    throw usageError('a verdict closes its finding; there is nothing to try', 'See factorwatch findings close.');
  for (const text of expiryWarnings(entries, clock())) warn(context, text);
  const configured = await configuredSettings(context);
  compileAllowList(allowListOf(entries));
  const workspace = await context.openWorkspace();
  const rows = await newestRows(workspace, signal);
  const progress = stagedProgress(io, { total: loadPipelines(context, []).length, json, clock });
  const tried = new Map<string, Tried>();
  for (const pipeline of loadPipelines(context, [])) {
    const stage = progress.stage(pipeline.name);
    const detectors = new Map(allDetectors.map(({ id, title }) => [id, title]));
    const engineWith = (settings: readonly AllowSetting[]) =>
      new Engine(engineOptions(pipeline, ledgerOf(rows), { allow: allowListOf(settings), detectors }));
    const [before, after] = await replay(pipeline, [engineWith(configured), engineWith([...configured, ...entries])], {
      workspace,
      clock,
      signal,
      onProgress: (windows, total, read) => stage.update(`${grouped(windows)} of ${grouped(total)} windows, ${grouped(read)} rows`),
    });
    for (const each of triedOf(rows, before!, after!, entries)) tried.set(each.row.EventUid, each);
    stage.done(`${rows.length} past findings, ${[...tried.values()].filter(({ isChanged }) => isChanged).length} would have changed`);
  }
  const list = [...tried.values()].sort((a, b) => (b.row.ThreatRiskLevel ?? 0) - (a.row.ThreatRiskLevel ?? 0));
  if (json) io.json(jsonOf(entries, rows.length, list));
  else print(context, entries, list);
  return ExitCode.done;
}

function triedOf(rows: readonly FindingRow[], before: Outcome, after: Outcome, entries: readonly AllowSetting[]): readonly Tried[] {
  const byUid = new Map(rows.map((row) => [row.EventUid, row]));
  return [...before].flatMap(([uid, judgement]) => {
    const row = byUid.get(uid);
    const score = after.get(uid)?.score ?? 0;
    if (row === undefined || judgement.score < REPORT_SCORE) return [];
    const isChanged = score < judgement.score;
    const by = entries.filter((entry) => names(entry, judgement) || (isChanged && isUnseen(entry)));
    return isChanged || by.length > 0 ? { row, score, isChanged, entries: by } : [];
  });
}

/** Neither the location's name nor the number stands in a judgement: any that changed may have it. */
const isUnseen = ({ kind }: AllowSetting) => kind === 'named-location' || kind === 'shared-target';

/** Whether an entry speaks of a judgement's address, user or actor. */
function names(entry: AllowSetting, judgement: Judgement): boolean {
  const allowed = compileAllowList(allowListOf([{ ...entry, untilMs: undefined }]));
  const parties = [...judgement.users, ...(judgement.actor === undefined ? [] : [judgement.actor])].flatMap(({ userId, upn }) => [
    userId,
    upn,
  ]);
  const addresses = [judgement.source.ip, judgement.subject.replace(/^ip:/, ''), ...judgement.events.map(({ ip }) => ip)];
  return addresses.some((address) => allowed.address(address) > 0) || allowed.isUser(parties, 0) || allowed.isServiceAccount(parties, 0);
}

function afterText({ score, isChanged }: Tried): string {
  if (!isChanged) return 'the same';
  return score < REPORT_SCORE ? 'hidden' : `${severityOf(score)} ${score}`;
}

const isHidden = ({ score }: Tried) => score < REPORT_SCORE;
const isWeaker = (tried: Tried) => tried.isChanged && !isHidden(tried);

function print({ io }: CommandContext, entries: readonly AllowSetting[], tried: readonly Tried[]): void {
  if (tried.length > 0) {
    const table = tableText(
      [
        { title: 'NOW', paint: paintSeverity },
        { title: 'WITH IT' },
        { title: 'FINDING' },
        { title: 'WHO', overflow: 'cut' },
        { title: 'WHEN' },
        { title: 'ENTRY', overflow: 'cut' },
      ],
      tried.map((each) => [
        `${each.row.EventSeverity} ${each.row.ThreatRiskLevel}`,
        afterText(each),
        each.row.EventUid.slice(0, 8),
        whoText(each.row).replace(/@.*/, ''),
        whenText(each.row),
        [...new Set(each.entries.map(({ value }) => value))].join(', ') || '(learnt elsewhere)',
      ]),
      { columns: io.columns, indent: '  ', color: io.color },
    );
    io.out(`\n${table}\n`);
  }
  const [hidden, weaker] = [tried.filter(isHidden).length, tried.filter(isWeaker).length];
  io.out(
    `${counted(entries.length, 'entry', 'entries')}: ${counted(hidden, 'past finding')} would have been hidden, ${weaker} weaker. Nothing was changed.`,
  );
  const same = tried.length - hidden - weaker;
  if (same > 0)
    io.out(`${counted(same, 'finding')} would have stayed the same: other evidence is enough. factorwatch findings explain ID shows it.`);
}

function jsonOf(entries: readonly AllowSetting[], findings: number, tried: readonly Tried[]) {
  const told = ({ row, score, entries: by }: Tried) => ({
    EventUid: row.EventUid,
    Username: row.Username,
    EventStartTime: row.EventStartTime,
    EventSeverity: row.EventSeverity,
    ThreatRiskLevel: row.ThreatRiskLevel,
    with: score < REPORT_SCORE ? null : { EventSeverity: severityOf(score), ThreatRiskLevel: score },
    entries: by.map(({ kind, value }) => ({ kind, value })),
  });
  return {
    entries: entries.map(settingJson),
    findings,
    hidden: tried.filter(isHidden).map(told),
    weaker: tried.filter(isWeaker).map(told),
    same: tried.filter(({ isChanged }) => !isChanged).map(told),
  };
}

export function settingJson({ kind, value, untilMs, reason, source }: AllowSetting) {
  return { kind, value, until: untilMs === undefined ? null : new Date(untilMs).toISOString(), reason, source };
}

import { FactorwatchError } from '../core/errors.ts';
import { TICKS_PER_MS } from '../core/ticks.ts';
import { VERDICTS } from '../findings/verdict.ts';
import type { DetectionEngine, EngineOptions, Verdict } from '../scoring/engine-api.ts';
import type { Checkpoint } from './checkpoint.ts';
import { newestRows } from './current-findings.ts';
import { type Ledger, rebuilt } from './ledger.ts';
import type { Pipeline } from './pipeline-file.ts';
import { ledgerOf } from './recover-ledger.ts';
import type { RunDeps } from './run-deps.ts';
import type { Session } from './session.ts';

/** Where a run starts from. */
export interface RunState {
  /** Undefined: from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  readonly engine: DetectionEngine;
  readonly ledger: Ledger;
}

/**
 * The engine and ledger of the checkpoint. What cannot be used (another version, damaged, lost) is rebuilt: the rows are read
 * again from the beginning, and the ledger, from the findings that were written, keeps what is unchanged from being written twice.
 */
export async function loadState(session: Session, pipeline: Pipeline, deps: RunDeps): Promise<RunState> {
  const { checkpoint, unusable } = session;
  // Others may have written before the first run.
  const merged = async () => {
    const ledger = new Map(ledgerOf(await newestRows(deps.workspace, deps.signal)));
    for (const [uid, entry] of session.ledger) if (entry.revision >= (ledger.get(uid)?.revision ?? 0)) ledger.set(uid, entry);
    return ledger;
  };
  const rebuild = async (why: string | undefined, ledger?: Ledger): Promise<RunState> => {
    if (why !== undefined) deps.warn(`the state of ${pipeline.name} cannot be used (${why}); it is built again from the workspace`);
    const known = ledger ?? (await merged());
    const engine = deps.engine(engineOptions(pipeline, known, deps), []);
    // A backfill reads on its own account what the live runs have read: it is no state that was lost.
    return { checkpoint: undefined, engine, ledger: deps.live === undefined ? rebuilt(known) : known };
  };
  if (checkpoint === undefined) return rebuild(unusable);
  try {
    return { checkpoint, engine: deps.engine(engineOptions(pipeline, checkpoint.ledger, deps), session.parts), ledger: checkpoint.ledger };
  } catch (error) {
    if (!(error instanceof FactorwatchError)) throw error;
    return rebuild(error.message, checkpoint.ledger);
  }
}

/** How a pipeline sets up its engine. */
export function engineOptions(
  pipeline: Pipeline,
  ledger: Ledger,
  { allow, detectors }: Pick<RunDeps, 'allow' | 'detectors'>,
): EngineOptions {
  const settings = Object.entries(pipeline.detectors);
  const off = new Set(settings.filter(([, { enabled }]) => !enabled).map(([id]) => id));
  return {
    latenessMs: Number(pipeline.lateness / TICKS_PER_MS),
    detectors: off.size === 0 ? undefined : [...detectors.keys()].filter((id) => !off.has(id)),
    parameters: Object.fromEntries(settings.map(([id, { enabled: _, ...parameters }]) => [id, parameters])),
    allow,
    findingsPerDay: pipeline.findings_per_day,
    verdicts: verdictsOf(ledger),
  };
}

function verdictsOf(ledger: Ledger): Verdict[] {
  return [...ledger.values()].flatMap(({ verdict }) => {
    if (verdict === undefined) return [];
    const { kind, subject, anchor } = verdict.unit;
    return { kind, subject, anchor, verdict: VERDICTS[verdict.verdict].meaning };
  });
}

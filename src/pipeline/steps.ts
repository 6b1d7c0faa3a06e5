import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { msFromTicks, TICKS_PER_DAY, TICKS_PER_MS, type Ticks } from '../core/ticks.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import type { Judgement } from '../scoring/judgement.ts';
import type { EnginePart } from './checkpoint.ts';
import { type Fetched, fetchInterval } from './fetch-interval.ts';
import { planRevisions } from './ledger.ts';
import { opinionsOf } from './opinions.ts';
import { sliceRows } from './outbox.ts';
import type { Pipeline, PipelineQuery } from './pipeline-file.ts';
import type { Progress } from './progress.ts';
import type { RunState } from './run-state.ts';
import { closingRows, type RunTotals } from './run-totals.ts';
import type { RunDeps } from './runner.ts';
import type { Session, Step } from './session.ts';
import { FIRST_SPAN, gridFloor, type Interval, nextInterval, nextSpan, windowCount } from './windows.ts';

/** What a run tells of a row that it wrote. */
export type Written = Pick<FindingRow, 'EventUid' | 'EventSeverity' | 'AlertStatus' | 'FindingRevision'>;

export interface Work {
  readonly pipeline: Pipeline;
  /** Those whose table exists. */
  readonly queries: readonly PipelineQuery[];
  readonly tables: ReadonlySet<string>;
  readonly interval: Interval;
  readonly session: Session;
  readonly state: RunState;
  readonly totals: RunTotals;
}

/** A late row may be of any age; the queries look 90 days before their start for its event. */
const EARLIEST = 100n * TICKS_PER_DAY;
/** A new snapshot, once the deltas since the last one have grown to half of it or to so many. */
const MOST_DELTAS = 40;

/** Reads the interval, what came late first, and commits after each fetch. */
export async function readAndJudge(work: Work, deps: RunDeps): Promise<readonly Written[]> {
  const { pipeline, interval, session, state, totals, queries } = work;
  const { workspace, clock, signal } = deps;
  const { engine } = state;
  const window = pipeline.window;
  const arrivedUpTo = (await workspace.arrivalMark()).upTo;
  const written: Written[] = [];
  let { ledger } = state;
  let judgements: Judgement[] = [];
  let saved: readonly EnginePart[] = state.checkpoint?.engine ?? [];
  totals.windowsTotal = windowCount(interval, window);

  const tell = (stage: Progress['stage']) =>
    deps.onProgress?.({
      pipeline: pipeline.name,
      stage,
      windows: totals.windows,
      windowsTotal: totals.windowsTotal,
      rows: totals.rowsRead,
      findings: totals.findingsCreated + totals.findingsUpdated,
      elapsedMs: clock() - totals.startedMs,
    });

  const judge = async ({ batches, rows }: Fetched, upTo: Ticks) => {
    tell('detect');
    const started = clock();
    for (const { query, batch } of batches) {
      totals.rowsDuplicate += engine.add(query.table, query.kind, batch).duplicates;
      totals.lag.add(batch);
      // A batch is up to 65,536 rows: signals and a server in this process get their turn.
      await yieldToLoop();
    }
    engine.advance(msFromTicks(upTo - pipeline.lateness));
    judgements.push(...engine.takeJudgements());
    totals.rowsRead += rows;
    totals.detectMs += clock() - started;
  };

  /** Makes durable what was read up to a time, and writes what it says. */
  const commit = async (until: Ticks, span: number) => {
    tell('write');
    const final = until === interval.until;
    const opinions = await opinionsOf(judgements, final ? engine.provisional() : undefined, {
      workspace,
      tables: work.tables,
      queries: deps.queries,
      latenessMs: Number(pipeline.lateness / TICKS_PER_MS),
      productVersion: deps.identity.productVersion,
      runKind: deps.identity.runKind,
      titles: deps.detectors,
      signal,
    });
    judgements = [];
    const plan = planRevisions(ledger, opinions, msFromTicks(until));
    ledger = plan.ledger;
    const nowMs = clock();
    const rows = plan.revisions.map(({ content, revision }): FindingRow => {
      return { TimeGenerated: new Date(nowMs).toISOString(), ...content, FindingRevision: revision, RunId: deps.identity.runId };
    });
    for (const { EventUid, EventSeverity, AlertStatus, FindingRevision } of rows) {
      if (FindingRevision === 1) totals.findingsCreated += 1;
      else totals.findingsUpdated += 1;
      written.push({ EventUid, EventSeverity, AlertStatus, FindingRevision });
    }
    const findings = sliceRows(FACTOR_FINDINGS.stream, rows);
    const closing = final
      ? closingRows({
          pipeline,
          identity: deps.identity,
          totals,
          nowMs,
          from: interval.from,
          until,
          watermarkBefore: state.checkpoint?.until,
          slices: findings,
          engine: { ...engine.stats },
        })
      : [];
    const step: Step = {
      checkpoint: { until, arrival: arrivedUpTo, span, ledger },
      engine: nextPart(saved) === 'delta' ? { kind: 'delta', bytes: engine.delta() } : { kind: 'snapshot', bytes: engine.snapshot() },
      slices: [...findings, ...sliceRows(FACTOR_RUNS.stream, closing)],
    };
    const delivery = await session.commit(step);
    saved = delivery.engine;
    totals.rejected += delivery.rejected;
    tell('write');
  };

  const fetching = { workspace, queries, stats: totals.queries, clock, signal };
  const seen = state.checkpoint?.arrival;
  if (seen !== undefined && arrivedUpTo !== undefined && arrivedUpTo > seen) {
    const start = await workspace.earliest(queries.map((query) => query.table));
    const late: Interval = { from: start === undefined || start < EARLIEST ? EARLIEST : gridFloor(start, window), until: interval.from };
    let span = FIRST_SPAN;
    for (let at = late.from; at < late.until; ) {
      const fetched = await fetchInterval((windows) => nextInterval({ from: at, until: late.until }, window, windows), span, {
        ...fetching,
        arrival: { after: seen, upTo: arrivedUpTo },
      });
      totals.rowsLate += fetched.rows;
      if (fetched.rows > 0) await judge(fetched, fetched.interval.until);
      at = fetched.interval.until;
      span = nextSpan(fetched.span, fetched.rows, window);
    }
    if (interval.from === interval.until) await commit(interval.until, state.checkpoint?.span ?? FIRST_SPAN);
  }

  let span = state.checkpoint?.span ?? FIRST_SPAN;
  for (let at = interval.from; at < interval.until; ) {
    tell('read');
    const fetched = await fetchInterval((windows) => nextInterval({ from: at, until: interval.until }, window, windows), span, {
      ...fetching,
      arrival: arrivedUpTo === undefined ? undefined : { after: -1n, upTo: arrivedUpTo },
    });
    await judge(fetched, fetched.interval.until);
    totals.windows += windowCount(fetched.interval, window);
    at = fetched.interval.until;
    span = nextSpan(fetched.span, fetched.rows, window);
    await commit(at, span);
  }
  return written;
}

function nextPart(saved: readonly EnginePart[]): 'snapshot' | 'delta' {
  const [snapshot, ...deltas] = saved;
  if (snapshot === undefined || deltas.length >= MOST_DELTAS) return 'snapshot';
  return deltas.reduce((sum, part) => sum + part.bytes, 0) * 2 > snapshot.bytes ? 'snapshot' : 'delta';
}

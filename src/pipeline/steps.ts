import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { msFromTicks, TICKS_PER_DAY, TICKS_PER_MS, type Ticks } from '../core/ticks.ts';
import type { FindingRow } from '../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import type { Judgement } from '../scoring/judgement.ts';
import { writeBesideLive } from './beside-live.ts';
import type { EnginePart } from './checkpoint.ts';
import { type Fetched, fetchInterval } from './fetch-interval.ts';
import { findingSlices } from './finding-slices.ts';
import type { Ledger, Opinions, Revision } from './ledger.ts';
import { opinionsOf } from './opinions.ts';
import { planBesideOthers } from './other-writers.ts';
import { type Slice, sliceRows } from './outbox.ts';
import type { Pipeline, PipelineQuery } from './pipeline-file.ts';
import type { Progress } from './progress.ts';
import type { RunDeps } from './run-deps.ts';
import type { RunState } from './run-state.ts';
import { closingRows, type RunTotals } from './run-totals.ts';
import type { Session } from './session.ts';
import { FIRST_SPAN, gridFloor, type Interval, nextInterval, nextSpan, windowCount } from './windows.ts';

/** What a run tells of a row that it wrote. */
export type Written = Pick<FindingRow, 'EventUid' | 'EventSeverity' | 'AlertStatus' | 'FindingRevision'>;

export interface Work {
  readonly pipeline: Pipeline;
  /** Those whose table exists. */
  readonly queries: readonly PipelineQuery[];
  readonly tables: ReadonlySet<string>;
  readonly interval: Interval;
  /** Rows of an earlier ingestion time are never read, however late they arrive; undefined = all are. */
  readonly since?: Ticks | undefined;
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
  const arrivedUpTo = (await deps.workspace.arrivalMark()).upTo;
  const steps = new Steps(work, deps, arrivedUpTo);
  const seen = work.state.checkpoint?.arrival;
  if (seen !== undefined && arrivedUpTo !== undefined && arrivedUpTo > seen) await steps.readLate(seen, arrivedUpTo);
  await steps.readOn();
  return steps.written;
}

/** One run under way. */
class Steps {
  readonly written: Written[] = [];
  readonly #work: Work;
  readonly #deps: RunDeps;
  readonly #arrivedUpTo: bigint | undefined;
  #ledger: Ledger;
  /** Taken from the engine since the last commit. */
  #judgements: Judgement[] = [];
  #saved: readonly EnginePart[];
  /** Of what was saved last: it is in the store before the next is made. */
  #memory: ArrayBufferLike | undefined;

  constructor(work: Work, deps: RunDeps, arrivedUpTo: bigint | undefined) {
    this.#work = work;
    this.#deps = deps;
    this.#arrivedUpTo = arrivedUpTo;
    this.#ledger = work.state.ledger;
    this.#saved = work.state.checkpoint?.engine ?? [];
    work.totals.windowsTotal = windowCount(work.interval, work.pipeline.window);
  }

  /** Rows with an ingestion time before the checkpoint that arrived after it, in the order of ingestion. */
  async readLate(after: bigint, upTo: bigint): Promise<void> {
    const { pipeline, interval, totals, queries, state, since = EARLIEST } = this.#work;
    const start = await this.#deps.workspace.earliest(queries.map((query) => query.table));
    // Nothing is there at all, or it does not say since when: there is no row that could have come late.
    const from = start === undefined ? interval.from : start < since ? since : gridFloor(start, pipeline.window);
    let span = FIRST_SPAN;
    for (let at = from; at < interval.from; ) {
      const fetched = await this.#fetch({ from: at, until: interval.from }, span, { after, upTo });
      totals.rowsLate += fetched.rows;
      if (fetched.rows > 0) await this.#judge(fetched);
      at = fetched.interval.until;
      span = nextSpan(fetched.span, fetched.rows, pipeline.window);
    }
    if (interval.from === interval.until) await this.#commit(interval.until, state.checkpoint?.span ?? FIRST_SPAN);
  }

  /** From the checkpoint to the end that is wanted. */
  async readOn(): Promise<void> {
    const { pipeline, interval, totals, state } = this.#work;
    const arrival = this.#arrivedUpTo === undefined ? undefined : { after: -1n, upTo: this.#arrivedUpTo };
    let span = state.checkpoint?.span ?? FIRST_SPAN;
    for (let at = interval.from; at < interval.until; ) {
      this.#tell('read');
      const fetched = await this.#fetch({ from: at, until: interval.until }, span, arrival);
      await this.#judge(fetched);
      totals.windows += windowCount(fetched.interval, pipeline.window);
      at = fetched.interval.until;
      span = nextSpan(fetched.span, fetched.rows, pipeline.window);
      await this.#commit(at, span);
    }
  }

  #fetch(rest: Interval, span: number, arrival: { readonly after: bigint; readonly upTo: bigint } | undefined): Promise<Fetched> {
    const { pipeline, queries, totals } = this.#work;
    const { workspace, clock, signal } = this.#deps;
    const options = { workspace, queries, stats: totals.queries, clock, signal, arrival };
    return fetchInterval((windows) => nextInterval(rest, pipeline.window, windows), span, options);
  }

  async #judge({ batches, rows, interval }: Fetched): Promise<void> {
    const { pipeline, totals, state } = this.#work;
    this.#tell('detect');
    const started = this.#deps.clock();
    for (const { query, batch } of batches) {
      totals.rowsDuplicate += state.engine.add(query.table, query.kind, batch).duplicates;
      totals.lag.add(batch);
      // A batch is up to 65,536 rows: signals and a server in this process get their turn.
      await yieldToLoop();
    }
    state.engine.advance(msFromTicks(interval.until - pipeline.lateness));
    this.#judgements.push(...state.engine.takeJudgements());
    totals.rowsRead += rows;
    totals.detectMs += this.#deps.clock() - started;
  }

  /** Makes durable what was read up to a time, and writes what it says. */
  async #commit(until: Ticks, span: number): Promise<void> {
    const { interval, session, state, totals, pipeline, tables } = this.#work;
    const { workspace, signal, identity, queries, detectors } = this.#deps;
    this.#tell('write');
    const final = until === interval.until;
    const opinions = await opinionsOf(this.#judgements, final ? state.engine.provisional() : undefined, {
      workspace,
      tables,
      queries,
      latenessMs: Number(pipeline.lateness / TICKS_PER_MS),
      productVersion: identity.productVersion,
      runKind: identity.runKind,
      titles: detectors,
      signal,
    });
    this.#judgements = [];
    const nowMs = msFromTicks(until);
    let findings: readonly Slice[] = [];
    const { live } = this.#deps;
    if (live === undefined) {
      const plan = await planBesideOthers(this.#ledger, opinions, { workspace, runKind: identity.runKind, nowMs, signal });
      this.#ledger = plan.ledger;
      findings = this.#slicesOf(plan.revisions);
    } else if (isSaying(opinions)) {
      const slicesOf = (revisions: readonly Revision[]) => this.#slicesOf(revisions);
      const written = await writeBesideLive(this.#ledger, opinions, { deps: this.#deps, live, nowMs, slicesOf });
      this.#ledger = written.ledger;
      totals.rejected += written.rejected;
    }
    const kind = nextPart(this.#saved);
    const bytes = kind === 'delta' ? state.engine.delta(this.#memory) : state.engine.snapshot(this.#memory);
    this.#memory = bytes.buffer;
    const delivery = await session.commit({
      checkpoint: { until, arrival: this.#arrivedUpTo, span, ledger: this.#ledger },
      engine: { kind, bytes },
      slices: final ? [...findings, ...this.#closing()] : findings,
    });
    this.#saved = delivery.engine;
    totals.rejected += delivery.rejected;
    this.#tell('write');
  }

  #slicesOf(revisions: readonly Revision[]): readonly Slice[] {
    const { totals } = this.#work;
    const { identity, clock } = this.#deps;
    const slices = findingSlices(this.#rowsOf(revisions), identity, clock());
    for (const slice of slices) {
      totals.rowsSent += slice.rows;
      totals.bytesSent += Buffer.byteLength(slice.text);
    }
    return slices;
  }

  #rowsOf(revisions: readonly Revision[]): readonly FindingRow[] {
    const { totals } = this.#work;
    const TimeGenerated = new Date(this.#deps.clock()).toISOString();
    return revisions.map(({ content, revision }) => {
      if (revision === 1) totals.findingsCreated += 1;
      else totals.findingsUpdated += 1;
      const row: FindingRow = { TimeGenerated, ...content, FindingRevision: revision, RunId: this.#deps.identity.runId };
      const { EventUid, EventSeverity, AlertStatus, FindingRevision } = row;
      this.written.push({ EventUid, EventSeverity, AlertStatus, FindingRevision });
      return row;
    });
  }

  #closing(): readonly Slice[] {
    const { pipeline, interval, totals, state } = this.#work;
    const { identity, clock } = this.#deps;
    const watermarkBefore = state.checkpoint?.until;
    const rows = closingRows({
      pipeline,
      identity,
      totals,
      nowMs: clock(),
      interval,
      watermarkBefore,
      engine: state.engine.stats,
    });
    return sliceRows(FACTOR_RUNS.stream, rows);
  }

  #tell(stage: Progress['stage']): void {
    const { pipeline, totals } = this.#work;
    this.#deps.onProgress?.({
      pipeline: pipeline.name,
      stage,
      windows: totals.windows,
      windowsTotal: totals.windowsTotal,
      rows: totals.rowsRead,
      findings: totals.findingsCreated + totals.findingsUpdated,
      elapsedMs: this.#deps.clock() - totals.startedMs,
    });
  }
}

function nextPart(saved: readonly EnginePart[]): 'snapshot' | 'delta' {
  const [snapshot, ...deltas] = saved;
  if (snapshot === undefined || deltas.length >= MOST_DELTAS) return 'snapshot';
  return deltas.reduce((sum, part) => sum + part.bytes, 0) * 2 > snapshot.bytes ? 'snapshot' : 'delta';
}

/** Whether there is anything that could become a row: what was provisional before is spoken of, too, once it is asked for. */
function isSaying({ committed, provisional, retracted }: Opinions): boolean {
  return committed.size > 0 || retracted.size > 0 || provisional !== undefined;
}

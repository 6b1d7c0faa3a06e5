import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { msFromTicks } from '../core/ticks.ts';
import { eventUid, type UnitKey } from '../findings/event-uid.ts';
import type { DetectionEngine } from '../scoring/engine-api.ts';
import type { Judgement } from '../scoring/judgement.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { fetchInterval } from './fetch-interval.ts';
import { planInterval } from './interval.ts';
import type { Pipeline } from './pipeline-file.ts';
import { FIRST_SPAN, nextInterval, nextSpan, windowCount } from './windows.ts';

export interface ReplayOptions {
  readonly workspace: Workspace;
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((windows: number, windowsTotal: number, rows: number) => void) | undefined;
}

/** What an engine says of each unit in the end, by EventUid. */
export type Outcome = ReadonlyMap<string, Judgement>;

/**
 * Reads all that a pipeline would read on its first start, once, through several engines that differ in their settings, and gives what each says in
 * the end. Nothing is written, no state is touched.
 */
export async function replay(pipeline: Pipeline, engines: readonly DetectionEngine[], options: ReplayOptions): Promise<readonly Outcome[]> {
  const { workspace, clock, signal, onProgress } = options;
  const present = await workspace.tables(pipeline.queries.map(({ table }) => table));
  const queries = pipeline.queries.filter((query) => present.has(query.table));
  const tables = queries.map((query) => query.table);
  const { interval } = await planInterval({}, { checkpoint: undefined, pipeline, workspace, tables, nowMs: clock() });
  const outcomes = engines.map(() => new Map<string, Judgement>());
  if (interval === undefined) return outcomes;
  const stats = new Map(queries.map(({ name }) => [name, { rows: 0, queries: 0, durationMs: 0 }]));
  const arrival = (await workspace.arrivalMark()).upTo;
  const take = (judgements: readonly Judgement[], into: Map<string, Judgement>) => {
    for (const judgement of judgements) {
      const uid = eventUid(judgement as UnitKey);
      if (judgement.retracted === true) into.delete(uid);
      else into.set(uid, judgement);
    }
  };
  let span = FIRST_SPAN;
  let rows = 0;
  let windows = 0;
  for (let at = interval.from; at < interval.until; ) {
    const rest = { from: at, until: interval.until };
    const fetched = await fetchInterval((count) => nextInterval(rest, pipeline.window, count), span, {
      workspace,
      queries,
      stats,
      clock,
      signal,
      arrival: arrival === undefined ? undefined : { after: -1n, upTo: arrival },
    });
    rows += fetched.rows;
    windows += windowCount(fetched.interval, pipeline.window);
    for (const [i, engine] of engines.entries()) {
      for (const { query, batch } of fetched.batches) {
        engine.add(query.table, query.kind, batch);
        // Signals and a server in this process get their turn.
        await yieldToLoop();
      }
      engine.advance(msFromTicks(fetched.interval.until - pipeline.lateness));
      take(engine.takeJudgements(), outcomes[i]!);
    }
    onProgress?.(windows, windowCount(interval, pipeline.window), rows);
    at = fetched.interval.until;
    span = nextSpan(fetched.span, fetched.rows, pipeline.window);
  }
  for (const [i, engine] of engines.entries()) take(engine.provisional(), outcomes[i]!);
  return outcomes;
}

import { msFromTicks } from '../../src/core/ticks.ts';
import { unitKey } from '../../src/detectors/stream/unit.ts';
import { Engine } from '../../src/scoring/engine.ts';
import type { EngineOptions } from '../../src/scoring/engine-api.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { batchOf, type EventRow, kindOf } from './events.ts';

const tables = { 'sign-in': 'SigninLogs', audit: 'AuditLogs', risk: 'AADUserRiskEvents', identity: 'IdentityInfo' } as const;
const LATENESS_MS = 15 * 60_000;

/** Adds rows as they come: a batch for each stretch of one kind. */
export function feed(engine: Engine, rows: readonly EventRow[]): void {
  for (let from = 0; from < rows.length; ) {
    const kind = kindOf(rows[from]!);
    let to = from + 1;
    while (to < rows.length && kindOf(rows[to]!) === kind) to++;
    engine.add(tables[kind], kind, batchOf(kind, rows.slice(from, to)));
    from = to;
  }
}

/** The current revision of each finding, by key. */
export class Ledger {
  readonly current = new Map<string, Judgement>();

  take(judgements: readonly Judgement[]): void {
    for (const judgement of judgements) {
      const key = unitKey(judgement.kind as 'source', judgement.tenantId, judgement.subject, judgement.anchor);
      if (judgement.retracted === true) this.current.delete(key);
      else this.current.set(key, judgement);
    }
  }

  sorted(): readonly Judgement[] {
    return [...this.current].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, judgement]) => judgement);
  }
}

/** Everything in one go. */
export function judgeAll(rows: readonly EventRow[], options: EngineOptions = {}): readonly Judgement[] {
  const engine = new Engine(options);
  const ledger = new Ledger();
  feed(engine, rows);
  engine.advance(Number.POSITIVE_INFINITY);
  ledger.take(engine.takeJudgements());
  return ledger.sorted();
}

/** An engine that saw everything, saved and restored before the row at `cut`; its judgements are those after that. */
export function restartedAt(rows: readonly EventRow[], cut: number): Engine {
  const first = new Engine();
  feed(first, rows.slice(0, cut));
  first.advance(Number.POSITIVE_INFINITY);
  const second = Engine.restore(first.snapshot());
  feed(second, rows.slice(cut));
  second.advance(Number.POSITIVE_INFINITY);
  return second;
}

export interface Cut {
  /** Ends of runs, as ingestion times in Unix ms, ascending. */
  readonly untils: readonly number[];
  readonly provisional?: boolean;
  /** What happens between runs. */
  readonly between?: (engine: Engine) => Engine;
}

/** As a pipeline does it: rows by ingestion time, a run for each `until`, a last one that sees everything out. */
export function judgeInRuns(rows: readonly EventRow[], cut: Cut, options: EngineOptions = {}): readonly Judgement[] {
  let engine = new Engine(options);
  const ledger = new Ledger();
  let left = [...rows];
  for (const until of [...cut.untils, Number.POSITIVE_INFINITY]) {
    feed(
      engine,
      left.filter((row) => msFromTicks(row.IngestedAt) < until),
    );
    left = left.filter((row) => msFromTicks(row.IngestedAt) >= until);
    engine.advance(until - LATENESS_MS);
    ledger.take(engine.takeJudgements());
    if (cut.provisional === true) ledger.take(engine.provisional());
    engine = cut.between?.(engine) ?? engine;
  }
  return ledger.sorted();
}

import type { RecordBatch } from 'apache-arrow';
import type { EventKind, EventTable } from '../detectors/evidence.ts';
import { allDetectors } from '../detectors/registry.ts';
import { Stream } from '../detectors/stream/stream.ts';
import { keyOfUnit, type Unit, unitKey } from '../detectors/stream/unit.ts';
import { type Allowed, compileAllowList } from './allow.ts';
import { BaseRate, type Ratings } from './base-rate.ts';
import { Budget, type Group } from './budget.ts';
import type { AddOutcome, Coverage, DetectionEngine, EngineOptions, EngineStats } from './engine-api.ts';
import { type Fused, fuse } from './fusion.ts';
import type { Judgement } from './judgement.ts';
import { judgementOf } from './judging.ts';
import type { TailState } from './tail/tail.ts';
import { REPORT_SCORE, weights } from './weights.ts';

const LATENESS_MS = 15 * 60_000;

function fused(unit: Readonly<Unit>): Fused {
  return fuse(unit.kind, Object.values(unit.evidence).flat(), weights);
}

/** The streaming engine; see DetectionEngine for the contract. One instance is one partition of users; it is not safe to share between threads. */
export class Engine implements DetectionEngine {
  readonly #stream: Stream;
  readonly #allowed: Allowed;
  readonly #budget: Budget;
  readonly #baseRate: BaseRate;
  #changed = new Set<string>();
  /** Units that only a provisional judgement reported, and the event time up to which they must be seen out. */
  #provisional = new Map<string, { readonly endMs: number; readonly last: Judgement }>();
  #rows = 0;
  #duplicates = 0;
  #late = 0;
  #judged = 0;

  constructor(options: EngineOptions = {}) {
    this.#allowed = compileAllowList(options.allow ?? {});
    this.#stream = new Stream(allDetectors, {
      latenessMs: options.latenessMs ?? LATENESS_MS,
      maxUsers: options.maxUsers ?? 5_000_000,
      maxSources: options.maxSources ?? 1_000_000,
      egress: this.#allowed,
      isSharedTarget: this.#allowed.isSharedTarget,
      isServiceAccount: this.#allowed.isServiceAccount,
      isBreakGlass: this.#allowed.isBreakGlass,
      detectors: options.detectors,
      verdicts: options.verdicts,
      parameters: options.parameters ?? {},
      judge: (unit) => this.#judge(unit),
      closed: (units, orderMs) =>
        this.#budget.closed(
          units.map((unit) => ({ unit, fused: fused(unit) })),
          orderMs,
          this.#stream.users.size,
        ),
    });
    const tails = this.#stream.objects<TailState>('budget.tails', 2);
    this.#budget = new Budget({ tails, groups: this.#stream.objects<Group>('budget.groups', 20_000) }, options.findingsPerDay);
    this.#baseRate = new BaseRate(this.#stream.objects<Ratings>('base-rate', 1000));
  }

  /**
   * Restores a snapshot and the deltas taken after it, in order, and takes over their bytes: the engine's records stay where they lie in them. They
   * cannot be restored again. FactorwatchError state-version, state-damaged.
   */
  static restore(snapshot: Uint8Array, options: EngineOptions = {}, deltas: readonly Uint8Array[] = []): Engine {
    const engine = new Engine(options);
    engine.#load(snapshot, 'whole');
    for (const delta of deltas) engine.#load(delta, 'changes');
    return engine;
  }

  add(table: EventTable, kind: EventKind, batch: RecordBatch): AddOutcome {
    const outcome = this.#stream.add(table, kind, batch);
    this.#rows += outcome.rows;
    this.#duplicates += outcome.duplicates;
    this.#late += outcome.late;
    return outcome;
  }

  advance(watermarkMs: number): void {
    this.#stream.advance(watermarkMs);
  }

  /** Called at each event that changes a unit's evidence: whether it is ever reported does not depend on when somebody asks. */
  #judge(unit: Unit): void {
    this.#judged++;
    this.#baseRate.begin(unit);
    const judged = fused(unit);
    this.#baseRate.note(unit, judged);
    unit.reached ||= judged.score >= REPORT_SCORE;
    this.#budget.note(unit, judged);
    unit.changed = true;
    this.#changed.add(keyOfUnit(unit));
  }

  #isReported(unit: Readonly<Unit>): boolean {
    if (!unit.reached) return false;
    const names = unit.users.length === 1 ? unit.users.flatMap(({ userId, upn }) => [userId, upn]) : [];
    if (this.#allowed.isUser(names, unit.startMs)) return false;
    return unit.kind !== 'source' || !unit.subject.startsWith('ip:') || this.#allowed.address(unit.subject.slice(3)) <= unit.startMs;
  }

  #judgementOf(unit: Readonly<Unit>): Judgement {
    return { ...judgementOf(unit, weights), overBudget: this.#budget.isOver(unit, fused(unit)) };
  }

  coverage(): Coverage {
    return this.#stream.covered();
  }

  takeJudgements(): readonly Judgement[] {
    const taken: Judgement[] = [];
    for (const key of this.#changed) {
      const unit = this.#stream.units.editExisting(key);
      if (unit === undefined) continue;
      unit.changed = false;
      if (!this.#isReported(unit)) continue;
      this.#provisional.delete(key);
      taken.push(this.#judgementOf(unit));
    }
    this.#changed = new Set();
    for (const [key, { endMs, last }] of this.#provisional) {
      if (endMs >= this.#stream.pending.committedMs) continue;
      this.#provisional.delete(key);
      taken.push({ ...last, retracted: true });
    }
    return taken;
  }

  provisional(): readonly Judgement[] {
    const before = this.#changed;
    const judged = this.#judged;
    const found: Judgement[] = [];
    this.#changed = new Set();
    this.#stream.tryPending(() => {
      for (const key of this.#changed) {
        const unit = this.#stream.units.get(key);
        if (unit === undefined || !this.#isReported(unit)) continue;
        found.push(this.#judgementOf(unit));
      }
    });
    this.#changed = before;
    this.#judged = judged;
    for (const judgement of found) {
      const key = unitKey(judgement.kind as Unit['kind'], judgement.tenantId, judgement.subject, judgement.anchor);
      if (this.#stream.units.get(key)?.reached !== true) this.#provisional.set(key, { endMs: judgement.endMs, last: judgement });
    }
    return found;
  }

  snapshot(memory?: ArrayBufferLike): Uint8Array {
    return this.#stream.save('whole', JSON.stringify([...this.#provisional]), memory);
  }

  delta(memory?: ArrayBufferLike): Uint8Array {
    return this.#stream.save('changes', JSON.stringify([...this.#provisional]), memory);
  }

  #load(bytes: Uint8Array, part: 'whole' | 'changes'): void {
    const { units } = this.#stream;
    const provisional = JSON.parse(this.#stream.load(bytes, part)) as [string, { endMs: number; last: Judgement }][];
    this.#provisional = new Map(provisional);
    this.#changed = new Set([...units.keys()].filter((key) => units.get(key)?.changed === true));
  }

  get stats(): EngineStats {
    return {
      rows: this.#rows,
      duplicates: this.#duplicates,
      late: this.#late,
      judged: this.#judged,
      pending: this.#stream.pending.size,
      users: this.#stream.users.size,
      userBytes: this.#stream.users.bytes,
      sources: this.#stream.sources.size,
      openUnits: this.#stream.units.size,
      watermarkMs: this.#stream.pending.committedMs,
      budget: this.#budget.stats,
    };
  }
}

import type { Contribution } from '../detectors/evidence.ts';
import { dayText, keyOfUnit, type Unit } from '../detectors/stream/unit.ts';
import type { Fused } from './fusion.ts';
import { newTail, observe, refit, type TailState, type Threshold } from './tail/tail.ts';
import { REPORT_SCORE } from './weights.ts';

/** A table of the stream's state: saved, restored and undone with it. */
export interface KeptTable<T> {
  get(key: string): Readonly<T> | undefined;
  edit(key: string, create: () => T): T;
}

/** The strongest unit of one address on one day. */
export interface Group {
  touchedMs: number;
  leader: string;
  value: number;
}

export interface BudgetTables {
  readonly tails: KeptTable<TailState>;
  readonly groups: KeptTable<Group>;
}

/** What is told of the budget in FactorRuns_CL, by kind of unit. */
export type BudgetStats = Readonly<Record<string, Readonly<{ scored: number; excesses: number; threshold: Threshold | null }>>>;

/** Kinds that have a tail of their own. A source is the group of many already: it stands for them and is never over budget. */
const BUDGETED = ['registration', 'user-day'] as const;
const isBudgeted = (kind: string) => (BUDGETED as readonly string[]).includes(kind);

/** An analyst of so many users reads one finding a day. */
const USERS_A_FINDING = 20_000;
/** Capped sums are lumpy: what the caps took away orders units of one sum, by a thousandth of what it said. */
const TIE = 1e-3;

/**
 * The alert budget: which findings an analyst who reads about so many a day would not get to. It never lowers a severity and never drops a finding; it
 * says OverBudget, nothing else. The threshold follows the tail of the scores (detectors.md B2, SPOT); units of one address on one day count as
 * one, for which the strongest stands. Hard evidence is never over budget; without enough units to know the tail nothing is.
 */
export class Budget {
  readonly #tables: BudgetTables;
  readonly #perDay: number | undefined;

  constructor(tables: BudgetTables, perDay: number | undefined) {
    this.#tables = tables;
    this.#perDay = perDay;
  }

  /** A unit was judged: it may be the strongest of its address now. */
  note(unit: Readonly<Unit>, fused: Fused): void {
    const group = groupOf(unit);
    if (group === undefined || fused.score < REPORT_SCORE) return;
    const key = keyOfUnit(unit);
    const value = leading(unit, fused);
    const held = this.#tables.groups.get(group);
    if (held !== undefined && held.leader !== key && !isStronger(value, key, held)) return;
    Object.assign(
      this.#tables.groups.edit(group, () => ({ touchedMs: unit.touchedMs, leader: key, value })),
      { touchedMs: Math.max(unit.touchedMs, held?.touchedMs ?? 0), leader: key, value },
    );
  }

  /** Units that change no more, in an order that is the units' own, at a time of the stream; `users` of the tenant. */
  closed(units: readonly { readonly unit: Readonly<Unit>; readonly fused: Fused }[], nowMs: number, users: number): void {
    for (const kind of BUDGETED) {
      const mine = units.filter(({ unit }) => unit.kind === kind && this.#leads(unit));
      if (mine.length === 0) continue;
      const tail = this.#tables.tails.edit(kind, () => newTail(nowMs));
      for (const { unit, fused } of mine) observe(tail, strengthOf(unit, fused), nowMs);
      refit(tail, this.#perDay ?? Math.max(1, users / USERS_A_FINDING));
    }
  }

  isOver(unit: Readonly<Unit>, fused: Fused): boolean {
    const threshold = this.#tables.tails.get(unit.kind)?.threshold ?? null;
    if (threshold === null || fused.hard || fused.wanted) return false;
    return !this.#leads(unit) || strengthOf(unit, fused) <= threshold.value;
  }

  #leads(unit: Readonly<Unit>): boolean {
    const group = groupOf(unit);
    const leader = group === undefined ? undefined : this.#tables.groups.get(group)?.leader;
    return leader === undefined || leader === keyOfUnit(unit);
  }

  get stats(): BudgetStats {
    return Object.fromEntries(
      BUDGETED.map((kind) => {
        const tail = this.#tables.tails.get(kind);
        const scored = (tail?.sketch.count ?? 0) + (tail?.beyond ?? 0);
        return [kind, { scored, excesses: tail?.ring.length ?? 0, threshold: tail?.threshold ?? null }];
      }),
    );
  }
}

const isStronger = (value: number, key: string, held: Readonly<Group>) => value > held.value || (value === held.value && key < held.leader);

const evidenceOf = (unit: Readonly<Unit>): readonly Contribution[] => Object.values(unit.evidence).flat();

function strengthOf(unit: Readonly<Unit>, { logOdds }: Fused): number {
  return logOdds + TIE * evidenceOf(unit).reduce((sum, { llr }) => sum + llr, 0);
}

/** A source leads its address whatever its score: it names all the users. */
const leading = (unit: Readonly<Unit>, fused: Fused) => (unit.kind === 'source' ? Number.MAX_VALUE : strengthOf(unit, fused));

function groupOf({ kind, tenantId, subject, anchor, source, openedMs }: Readonly<Unit>): string | undefined {
  if (kind === 'source') return subject.startsWith('ip:') ? `${tenantId} ${subject} ${anchor}` : undefined;
  return source.ip === '' || !isBudgeted(kind) ? undefined : `${tenantId} ip:${source.ip} ${dayText(openedMs)}`;
}

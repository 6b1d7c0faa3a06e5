import type { RecordBatch } from 'apache-arrow';
import type { EventKind } from '../../src/events/contracts.ts';
import type { AddOutcome, Coverage, DetectionEngine, EngineOptions } from '../../src/scoring/engine-api.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { fakeJudgement } from './fake-judgement.ts';

/** An engine whose opinion of a unit is the sum of its events' weights in the order of the contract: enough to test the way. */
export class FakeEngine implements DetectionEngine {
  readonly #latenessMs: number;
  #events: { readonly id: string; readonly unit: string; readonly ms: number; readonly place: number; readonly weight: number }[] = [];
  #judged = new Set<string>();
  #reported = new Map<string, string>();
  #watermarkMs = 0;
  #changed = new Set<string>();
  #duplicates = 0;

  constructor({ latenessMs = 900_000 }: EngineOptions, parts: readonly Uint8Array[]) {
    this.#latenessMs = latenessMs;
    const last = parts.at(-1);
    if (last === undefined) return;
    const state = JSON.parse(new TextDecoder().decode(last));
    this.#events = state.events;
    this.#judged = new Set(state.judged);
    this.#reported = new Map(state.reported);
    this.#watermarkMs = state.watermarkMs;
  }

  add(_table: string, _kind: EventKind, batch: RecordBatch): AddOutcome {
    const known = new Set(this.#events.map((event) => event.id));
    let duplicates = 0;
    for (let i = 0; i < batch.numRows; i++) {
      const cell = (name: string) => batch.getChild(name)?.get(i);
      const ms = (name: string) => Number((cell(name) - 621_355_968_000_000_000n) / 10_000n);
      if (known.has(cell('Id'))) {
        duplicates += 1;
        continue;
      }
      known.add(cell('Id'));
      const [event, ingested] = [ms('EventTime'), ms('IngestedAt')];
      const place = Math.max(event, ingested - this.#latenessMs);
      this.#events.push({ id: cell('Id'), unit: cell('CorrelationId'), ms: event, place, weight: Number(cell('ResultReason')) });
    }
    this.#duplicates += duplicates;
    return { rows: batch.numRows, duplicates, late: 0 };
  }
  coverage(): Coverage {
    return {
      signIns: 0,
      audits: 0,
      tenantless: 0,
      tenants: [],
      nameless: 0,
      firstSignInMs: 0,
      unknown: {},
      users: 0,
      unseen: 0,
      early: 0,
      madeUpDevices: 0,
    };
  }
  advance(watermarkMs: number): void {
    for (const event of this.#events) {
      if (event.place >= watermarkMs || this.#judged.has(event.id)) continue;
      this.#judged.add(event.id);
      this.#changed.add(event.unit);
    }
    this.#watermarkMs = Math.max(this.#watermarkMs, watermarkMs);
  }
  takeJudgements(): readonly Judgement[] {
    const taken = this.#opinions(this.#changed, (id) => this.#judged.has(id));
    for (const judgement of taken) this.#reported.set(judgement.anchor, JSON.stringify(judgement));
    this.#changed.clear();
    return taken;
  }
  provisional(): readonly Judgement[] {
    const pending = new Set(this.#events.filter((event) => !this.#judged.has(event.id)).map((event) => event.unit));
    return this.#opinions(pending, () => true);
  }
  #opinions(units: ReadonlySet<string>, counts: (id: string) => boolean): Judgement[] {
    return [...units].flatMap((unit) => {
      const events = this.#events
        .filter((event) => event.unit === unit && counts(event.id))
        .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
      let sum = 0;
      let peak = 0;
      for (const event of events) {
        sum += event.weight;
        peak = Math.max(peak, sum);
      }
      return peak >= 30 ? [fakeJudgement(unit, sum, events)] : [];
    });
  }
  snapshot(): Uint8Array {
    return new TextEncoder().encode(
      JSON.stringify({ events: this.#events, judged: [...this.#judged], reported: [...this.#reported], watermarkMs: this.#watermarkMs }),
    );
  }
  delta(): Uint8Array {
    return this.snapshot();
  }
  get stats() {
    return {
      rows: this.#events.length,
      duplicates: this.#duplicates,
      late: 0,
      judged: this.#judged.size,
      pending: this.#events.length - this.#judged.size,
      users: 0,
      sources: 0,
      openUnits: 0,
      userBytes: 0,
      watermarkMs: this.#watermarkMs,
      budget: {},
    };
  }
}

import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  type RecordBatch,
  Schema,
  Table,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import type { KqlColumn } from '../../src/core/kql-types.ts';
import { type Ticks, ticksFromMs } from '../../src/core/ticks.ts';
import { columnsOf, type EventKind } from '../../src/events/contracts.ts';
import type { AddOutcome, Coverage, DetectionEngine, EngineOptions } from '../../src/scoring/engine-api.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';
import type { FetchRequest, IngestOutcome, Workspace } from '../../src/workspace/workspace.ts';

/** A row of AuditLogs as the fake workspace holds it; times are Unix milliseconds. */
export interface FakeRow {
  readonly id: string;
  readonly unit: string;
  readonly eventMs: number;
  readonly ingestedMs: number;
  /** Adds to the score of its unit. */
  readonly weight: number;
  /** Arrival number. */
  readonly arrival: number;
}

const TABLE_KINDS: Readonly<Record<string, EventKind>> = {
  AuditLogs: 'audit',
  SigninLogs: 'sign-in',
  AADNonInteractiveUserSignInLogs: 'sign-in',
  AADUserRiskEvents: 'risk',
  IdentityInfo: 'identity',
};

/** A workspace of plain arrays: rows of AuditLogs to read, and whatever is ingested. */
export class FakeWorkspace implements Workspace {
  readonly kind = 'embedded';
  rows: FakeRow[] = [];
  /** What ingest was given, by stream. */
  readonly received = new Map<string, Record<string, unknown>[]>();
  readonly missing = new Set<string>();
  fetches = 0;
  onIngest: ((stream: string, rows: readonly Readonly<Record<string, unknown>>[]) => IngestOutcome | undefined) | undefined;

  async tables() {
    const names = [...Object.keys(TABLE_KINDS), 'FactorFindings_CL'].filter((name) => !this.missing.has(name));
    return new Map(names.map((name) => [name, [] as KqlColumn[]]));
  }
  async check({ kql }: { readonly kql: string }) {
    const table = /\n(AuditLogs|AADUserRiskEvents|IdentityInfo)\b/.exec(kql)?.[1];
    return columnsOf(TABLE_KINDS[table ?? 'SigninLogs']!);
  }
  async query() {
    return { columns: [], chunks: (async function* () {})(), partial: () => undefined };
  }
  async *fetch({ name, from, until, arrival }: FetchRequest): AsyncIterable<RecordBatch> {
    this.fetches += 1;
    if (name !== 'registrations') return;
    const rows = this.rows.filter((row) => {
      const ingested = ticksFromMs(row.ingestedMs);
      const arrived = BigInt(row.arrival);
      return ingested >= from && ingested < until && (arrival === undefined || (arrived > arrival.after && arrived <= arrival.upTo));
    });
    // In no order, in several batches.
    const shuffled = rows.toSorted((a, b) => (a.id.split('').reverse().join('') < b.id.split('').reverse().join('') ? -1 : 1));
    for (let i = 0; i < shuffled.length; i += 7) yield auditBatch(shuffled.slice(i, i + 7));
  }
  async arrivalMark() {
    return { upTo: BigInt(Math.max(0, ...this.rows.map((row) => row.arrival))) };
  }
  async earliest(): Promise<Ticks | undefined> {
    return this.rows.length === 0 ? undefined : ticksFromMs(Math.min(...this.rows.map((row) => row.ingestedMs)));
  }
  async ingest(stream: string, rows: readonly Readonly<Record<string, unknown>>[]) {
    const outcome = this.onIngest?.(stream, rows) ?? { accepted: rows.length, rejected: [] };
    const bad = new Set(outcome.rejected.map(({ row }) => row));
    this.received.set(stream, [...(this.received.get(stream) ?? []), ...rows.filter((_, i) => !bad.has(i))]);
    return outcome;
  }
  async close() {}

  /** As FactorFindings(), without what may differ between equal findings. */
  findings({ revisions = true } = {}): unknown[] {
    const newest = new Map<string, Record<string, unknown>>();
    for (const row of this.received.get('Custom-FactorFindings_CL') ?? []) {
      const known = newest.get(String(row['EventUid']));
      if (known === undefined || Number(row['FindingRevision']) >= Number(known['FindingRevision']))
        newest.set(String(row['EventUid']), row);
    }
    return [...newest.values()]
      .filter((row) => (row['AdditionalFields'] as { Withdrawn?: boolean }).Withdrawn !== true)
      .map(({ TimeGenerated: _, RunId: __, FindingRevision, ...row }) => (revisions ? { ...row, FindingRevision } : row))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
}

function auditBatch(rows: readonly FakeRow[]): RecordBatch {
  const columns = columnsOf('audit');
  const cells: Record<string, (row: FakeRow) => unknown> = {
    EventTime: (row) => ticksFromMs(row.eventMs),
    IngestedAt: (row) => ticksFromMs(row.ingestedMs),
    Id: (row) => row.id,
    CorrelationId: (row) => row.unit,
    OperationName: () => 'User registered security info',
    ResultReason: (row) => String(row.weight),
  };
  const vectors: Record<string, Vector> = {};
  const fields = columns.map(({ name, type }, i) => {
    const values = rows.map((row) => cells[name]?.(row) ?? (type === 'string' ? '' : null));
    const arrow =
      type === 'datetime'
        ? new Int64()
        : type === 'bool'
          ? new Bool()
          : type === 'real'
            ? new Float64()
            : new Dictionary(new Utf8(), new Int32(), i);
    vectors[name] = vectorFromArray(values as never[], arrow as never) as Vector;
    return new Field(name, arrow, true);
  });
  return new Table(new Schema(fields), vectors as never).batches[0]!;
}

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
    return { signIns: 0, audits: 0, tenantless: 0, tenants: [], firstSignInMs: 0, unknown: {}, users: 0, unseen: 0, early: 0 };
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

export function fakeJudgement(
  unit: string,
  score: number,
  events: readonly { readonly id: string; readonly ms: number; readonly weight: number }[],
): Judgement {
  const odds = 10 ** ((score - 50) / 15);
  return {
    kind: 'registration',
    tenantId: 'tenant',
    subject: `user-of-${unit}`,
    anchor: unit,
    posterior: odds / (1 + odds),
    score,
    hardEvidence: false,
    contributions: events.map((event) => ({
      detector: 'D6-registration-after-risky-session',
      group: 'registration',
      llr: event.weight / 10,
      words: `Event ${event.id} weighs ${event.weight}.`,
      counts: { weight: event.weight },
      eventIds: [event.id],
      techniques: ['T1556.006'],
    })),
    benignIf: ['The user says so.'],
    gaps: [],
    users: [{ userId: `user-of-${unit}`, upn: `${unit}@contoso.test` }],
    events: events.map((event) => ({
      table: 'AuditLogs',
      id: event.id,
      timeMs: event.ms,
      what: 'User registered security info',
      ip: '198.51.100.7',
      country: 'NL',
      city: '',
      asn: '9009',
      deviceId: '',
      deviceName: '',
      app: '',
    })),
    startMs: Math.min(...events.map((event) => event.ms)),
    endMs: Math.max(...events.map((event) => event.ms)),
    originalId: events[0]!.id,
    source: { ip: '198.51.100.7', country: 'NL', city: '', asn: '9009', deviceId: '', sessionId: '', app: '' },
    methods: ['Mobile Phone SMS'],
    closedReason: score < 30 ? 'The new method was used from the usual managed device.' : undefined,
  };
}

/** Thrown at a boundary instead of a kill. */
export class Crash extends Error {}

/** Counts each durable act of a store and workspace, and crashes before or after the nth. */
export class Boundaries {
  count = 0;
  crashAt = Number.POSITIVE_INFINITY;
  when: 'before' | 'after' = 'before';

  async cross<T>(act: () => Promise<T>): Promise<T> {
    this.count += 1;
    const here = this.count === this.crashAt;
    // What is in flight dies with the process: after the crash nothing more gets through.
    if (this.count > this.crashAt || (here && this.when === 'before')) throw new Crash();
    const result = await act();
    if (here) throw new Crash();
    return result;
  }
  store(inner: CheckpointStore): CheckpointStore {
    return {
      ...inner,
      write: (name, bytes) => this.cross(() => inner.write(name, bytes)),
      remove: (name) => this.cross(() => inner.remove(name)),
    };
  }
}

/** A store in memory; its lock is always free, as after a crash. */
export function memoryStore(): CheckpointStore & { readonly blobs: Map<string, Uint8Array> } {
  const blobs = new Map<string, Uint8Array>();
  return {
    blobs,
    place: 'memory',
    lock: async () => ({ takenOverFrom: undefined, release: async () => {} }),
    read: async (name) => blobs.get(name)?.slice(),
    write: async (name, bytes) => void blobs.set(name, bytes),
    remove: async (name) => void blobs.delete(name),
    list: async (prefix) => [...blobs.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

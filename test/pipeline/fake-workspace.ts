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

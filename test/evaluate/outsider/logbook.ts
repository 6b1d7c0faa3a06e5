import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { Dice } from './dice.ts';

export type Table = 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AuditLogs' | 'AADUserRiskEvents' | 'IdentityInfo';

/** How this tenant's export writes what Entra ID says. */
export interface Writing {
  readonly tables: readonly Table[];
  /** Columns of type dynamic arrive as text. */
  readonly dynamicAsText: boolean;
  readonly asnAsNumber: boolean;
  /** Share of rows without Location: federated sign-ins, or a data base without an answer. */
  readonly emptyLocation: number;
  /** Share of successes whose AuthenticationDetails are '[]'. */
  readonly noDetails: number;
  /** Share of registrations that carry an address of the service instead of the person's. */
  readonly serviceApi: number;
  /** Share of changes with a Core Directory twin, and of those that have nothing else. */
  readonly twin: number;
  readonly twinOnly: number;
  /** The audit event names the method in AdditionalDetails, too. */
  readonly methodKey: boolean;
  readonly late: number;
  readonly twice: number;
  /** Without the licence for it, risk is 'hidden' wherever there is any. */
  readonly riskHidden: boolean;
}

export type Row = Record<string, unknown>;

const stamp = (ms: number, digits: string) => `${new Date(ms).toISOString().slice(0, -1)}${digits}Z`;

/** Takes rows in the order they are thought of and writes one file a table, with the time each came in. */
export class Logbook {
  readonly counts: Record<string, number> = {};
  readonly #files = new Map<Table, WriteStream>();
  readonly #lines = new Map<Table, string[]>();

  readonly dice: Dice;
  readonly writing: Writing;
  readonly tenantId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly #folder: string;

  constructor(frame: Pick<Logbook, 'dice' | 'writing' | 'tenantId' | 'startMs' | 'endMs'>, folder: string) {
    this.dice = frame.dice;
    this.writing = frame.writing;
    this.tenantId = frame.tenantId;
    this.startMs = frame.startMs;
    this.endMs = frame.endMs;
    this.#folder = folder;
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const table of this.writing.tables) this.#files.set(table, createWriteStream(path.join(this.#folder, `${table}.ndjson`)));
  }

  day = (at: number): number => Math.floor((at - this.startMs) / 86_400_000);

  write(table: Table, at: number, row: Row, dynamic: readonly string[] = []): void {
    if (!this.writing.tables.includes(table) || at < this.startMs || at >= this.endMs) return;
    const { dice } = this;
    const time = stamp(at, dice.text(4, '0123456789'));
    const delay = dice.chance(this.writing.late) ? dice.between(1, 7) * 3_600_000 : Math.min(3_600_000, dice.lognormal(150_000, 0.6));
    const made: Row = { TenantId: this.tenantId, TimeGenerated: time, ...row, Type: table };
    if (this.writing.dynamicAsText) for (const name of dynamic) made[name] = JSON.stringify(made[name]);
    this.#line(table, { ...made, _IngestionTime: stamp(at + delay, '0000') });
    if (dice.chance(this.writing.twice))
      this.#line(table, { ...made, _IngestionTime: stamp(at + delay + dice.between(60_000, 5_000_000), '0000') });
  }

  #line(table: Table, row: Row): void {
    this.counts[table] = (this.counts[table] ?? 0) + 1;
    const lines = this.#lines.get(table) ?? [];
    lines.push(JSON.stringify(row));
    this.#lines.set(table, lines);
  }

  /** Gives the day's rows to the files, in no order. */
  async turn(): Promise<void> {
    for (const [table, lines] of this.#lines) {
      const file = this.#files.get(table)!;
      if (!file.write(`${this.dice.shuffled(lines).join('\n')}\n`)) await once(file, 'drain');
    }
    this.#lines.clear();
  }

  async close(): Promise<void> {
    await this.turn();
    for (const file of this.#files.values()) {
      file.end();
      await finished(file);
    }
  }
}

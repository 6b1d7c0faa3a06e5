import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR, MINUTE } from './cities.ts';
import type { Dice } from './dice.ts';

export type Table = 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AADServicePrincipalSignInLogs' | 'AuditLogs';

type Row = Readonly<Record<string, unknown>>;

/** Rows as they arrive: most within minutes, one in a hundred hours late, a few twice, none in the order of their times. */
export class Logbook {
  readonly #dice: Dice;
  readonly #start: number;
  readonly #end: number;
  readonly #rows = new Map<Table, { readonly arrival: number; readonly line: string }[]>();

  /** Rows with a time outside of start..end (Unix ms, end exclusive) are not kept: the workspace was not there yet. */
  constructor(dice: Dice, start: number, end: number) {
    this.#dice = dice;
    this.#start = start;
    this.#end = end;
  }

  /** Whether the row was kept. */
  add(table: Table, at: number, row: Row): boolean {
    if (at < this.#start || at >= this.#end) return false;
    const late = this.#dice.chance(0.01) ? this.#dice.between(HOUR, 9 * HOUR) : this.#dice.lognormal(3 * MINUTE, 0.5);
    this.#keep(table, at, at + late, row);
    if (this.#dice.chance(0.003)) this.#keep(table, at, at + late + this.#dice.between(MINUTE, HOUR), row);
    return true;
  }

  #keep(table: Table, at: number, arrival: number, row: Row): void {
    const ingested = Math.floor(arrival);
    const line = JSON.stringify({ TimeGenerated: iso(at), _IngestionTime: iso(ingested), ...row });
    const rows = this.#rows.get(table) ?? [];
    this.#rows.set(table, rows);
    rows.push({ arrival: ingested, line });
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#rows].map(([table, rows]) => [table, rows.length]));
  }

  /** One NDJSON file a table, in the order of arrival. */
  async write(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const [table, rows] of this.#rows) {
      rows.sort((a, b) => a.arrival - b.arrival || (a.line < b.line ? -1 : 1));
      const file = createWriteStream(join(folder, `${table}.ndjson`));
      for (const { line } of rows) if (!file.write(`${line}\n`)) await once(file, 'drain');
      file.end();
      await once(file, 'finish');
    }
  }
}

export const iso = (at: number): string => new Date(at).toISOString();

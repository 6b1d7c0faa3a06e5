import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dice } from './dice.ts';
import type { City } from './places.ts';

export const TABLES = ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'AADUserRiskEvents', 'IdentityInfo'] as const;
export type TableName = (typeof TABLES)[number];

/** That a person's own device was at a place: what the logs are made from, not in them. */
export interface Presence {
  readonly userId: string;
  readonly time: number;
  readonly city: City;
}

interface Line {
  readonly arrives: number;
  readonly text: string;
}

export interface Label {
  readonly user_ids: readonly string[];
  readonly upns: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly registration_event_ids: readonly string[];
}

export interface Incident extends Label {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly registration_time: string | null;
  readonly must_detect: boolean;
  readonly min_severity: string;
}

export interface Decoy extends Label {
  readonly id: string;
  readonly kind: string;
}

/** Everything that was written down, with the time at which each row reaches the workspace. */
export class Book {
  readonly presences: Presence[] = [];
  readonly incidents: Incident[] = [];
  readonly decoys: Decoy[] = [];
  readonly #lines: Readonly<Record<TableName, Line[]>> = {
    SigninLogs: [],
    AADNonInteractiveUserSignInLogs: [],
    AuditLogs: [],
    AADUserRiskEvents: [],
    IdentityInfo: [],
  };
  readonly #dice: Dice;
  readonly #from: number;
  readonly #until: number;

  constructor(dice: Dice, from: number, until: number) {
    this.#dice = dice;
    this.#from = from;
    this.#until = until;
  }

  /** Writes a row down; the delay is minutes for most, hours for one in a hundred, and some rows come twice. A time outside the logs is no row. */
  add(table: TableName, time: number, row: Readonly<Record<string, unknown>>): boolean {
    if (time < this.#from || time >= this.#until) return false;
    const dice = this.#dice;
    const delay = dice.chance(0.01) ? dice.between(60, 600) : Math.min(55, dice.lognormal(3, 0.7));
    const write = (arrives: number) => {
      const text = JSON.stringify({
        TimeGenerated: new Date(time).toISOString(),
        ...row,
        Type: table,
        _IngestionTime: new Date(arrives).toISOString(),
      });
      this.#lines[table].push({ arrives, text });
    };
    const arrives = Math.round(time + delay * 60_000);
    write(arrives);
    if (dice.chance(0.002)) write(arrives + dice.int(30_000, 900_000));
    return true;
  }

  /** Rows of a table as text, in order of arrival. */
  lines(table: TableName): readonly string[] {
    return this.#lines[table].sort((a, b) => a.arrives - b.arrives).map(({ text }) => text);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(TABLES.map((table) => [table, this.#lines[table].length]));
  }

  labels(users: number): string {
    const { incidents, decoys } = this;
    const iso = (time: number) => new Date(time).toISOString();
    return `${JSON.stringify({ start: iso(this.#from), end: iso(this.#until), users, incidents, decoys }, null, 1)}\n`;
  }

  async save(folder: string, users: number): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const table of TABLES) {
      const lines = this.lines(table);
      if (lines.length === 0) continue;
      const out = createWriteStream(join(folder, `${table}.ndjson`));
      for (let at = 0; at < lines.length; at += 2000) {
        if (!out.write(`${lines.slice(at, at + 2000).join('\n')}\n`)) await once(out, 'drain');
      }
      out.end();
      await once(out, 'finish');
    }
    await writeFile(join(folder, 'labels.json'), this.labels(users));
  }
}

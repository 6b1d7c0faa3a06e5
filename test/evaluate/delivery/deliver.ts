import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountRow, COPIES, isListed, riskRow } from './accounts.ts';
import { auditRow } from './audit-rows.ts';
import type { Book, SignIn } from './book.ts';
import { HOUR, MINUTE } from './clock.ts';
import { diagnosticRecord } from './diagnostic.ts';
import { type Dice, diceOf } from './dice.ts';
import type { Road } from './roads.ts';
import { type Row, signInRow } from './sign-in-rows.ts';
import type { World } from './world.ts';

/** A row on its way: when it happened and when it comes; it is made when it is written, for all of them do not fit in memory. */
interface Parcel {
  readonly arrives: number;
  readonly make: () => Row;
}

/** Minutes of delay, hours for a few; whole outages come at once, when they end. */
function delay(road: Road, dice: Dice): number {
  const { medianMinutes, share, hours } = road.late;
  return dice.chance(share) ? dice.between(1, hours) * HOUR : dice.lognormal(medianMinutes, 0.6) * MINUTE;
}

/** A row, and what an at-least-once delivery makes of it: twice the same, or once more with what became known later. */
function parcels(road: Road, dice: Dice, happened: number, row: () => Row): Parcel[] {
  const arrives = happened + delay(road, dice);
  const stamped = new Date(happened + Math.min(arrives - happened, road.stampMinutes * dice.between(0, 3) * MINUTE)).toISOString();
  const make = (at: number, more: Row = {}): Parcel => ({
    arrives: at,
    make: () => ({ TimeGenerated: stamped, ...row(), ...more, ...(road.arrival ? { _IngestionTime: new Date(at).toISOString() } : {}) }),
  });
  const sent = [make(arrives)];
  if (dice.chance(road.repeats)) sent.push(make(arrives + dice.int(1, 90) * MINUTE));
  if (dice.chance(road.revisions)) sent.push(make(arrives + dice.int(5, 60) * MINUTE, { DurationMs: dice.int(40, 900) }));
  return sent;
}

const ORDERS: Readonly<Record<Road['order'], (parcels: Parcel[], dice: Dice) => Parcel[]>> = {
  arrival: (all) => all.sort((a, b) => a.arrives - b.arrives),
  'newest-first': (all) => all.sort((a, b) => b.arrives - a.arrives),
  shuffled: (all, dice) => {
    for (let i = all.length - 1; i > 0; i--) {
      const j = dice.int(0, i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all;
  },
};

async function write(file: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(file);
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < 1 << 20) continue;
    if (!out.write(chunk)) await once(out, 'drain');
    chunk = '';
  }
  out.end(chunk);
  await once(out, 'close');
}

/** The portal's way to write a time: in the columns' names stands [UTC], and in the cells no zone. */
const portalTime = (iso: unknown) => {
  const time = new Date(String(iso));
  const clock = time.toLocaleTimeString('en-US', { timeZone: 'UTC', hour12: true });
  return `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}, ${clock.replace(/ (AM|PM)/, `.${String(time.getUTCMilliseconds()).padStart(3, '0')} $1`)}`;
};
const TIMES = new Set(['TimeGenerated', 'ActivityDateTime']);
const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;

function* csv(rows: Iterable<Row>): Iterable<string> {
  let isFirst = true;
  for (const row of rows) {
    if (isFirst)
      yield Object.keys(row)
        .map((column) => cell(TIMES.has(column) ? `${column} [UTC]` : column))
        .join(',');
    isFirst = false;
    yield Object.entries(row)
      .map(([column, value]) => cell(TIMES.has(column) ? portalTime(value) : value))
      .join(',');
  }
}

/** The first of what one program of a person renewed within an hour from one address stands for all. */
function aggregated(signIns: readonly SignIn[]): readonly SignIn[] {
  const seen = new Set<string>();
  return signIns.filter(({ at, person, seat, app, code, interactive }) => {
    if (interactive) return true;
    const key = `${person.id}/${seat.point.ip}/${app}/${code}/${Math.floor(at / HOUR)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Writes the tables of a tenant into a folder, by the tenant's road; gives the number of rows of each file. */
export async function deliver(world: World, book: Book, folder: string): Promise<Readonly<Record<string, number>>> {
  const { tenant, seed } = world;
  const { road } = tenant;
  mkdirSync(folder, { recursive: true });
  const dice = diceOf(`${seed}/road`);
  const tenantId = diceOf(`${seed}/tenant`).guid();
  const inSpan = ({ at }: { readonly at: number }) => at >= world.start && at < world.end;
  const signIns = (road.aggregated ? aggregated(book.signIns) : book.signIns).filter(inSpan);
  const rowOf = (signIn: SignIn) => () => signInRow(signIn, tenant, tenantId, diceOf(`${seed}/row/${signIn.id}`));
  const files: Readonly<Record<string, readonly Parcel[]>> = {
    SigninLogs: signIns.filter(({ interactive }) => interactive).flatMap((one) => parcels(road, dice, one.at, rowOf(one))),
    AADNonInteractiveUserSignInLogs: signIns
      .filter(({ interactive }) => !interactive)
      .flatMap((one) => parcels(road, dice, one.at, rowOf(one))),
    AuditLogs: book.audits
      .filter(inSpan)
      .flatMap((one) => parcels(road, dice, one.at, () => auditRow(one, tenant, tenantId, diceOf(`${seed}/row/${one.id}`)))),
    AADUserRiskEvents: signIns.filter(({ risk }) => risk !== 'none').map((one) => ({ arrives: one.at, make: () => riskRow(one) })),
    IdentityInfo: tenant.directory
      ? COPIES.flatMap((day) =>
          world.people
            .filter((one) => isListed(one, day))
            .map((one) => ({ arrives: world.start, make: () => accountRow(one, day, tenant) })),
        )
      : [],
  };
  const counts: Record<string, number> = {};
  for (const [table, all] of Object.entries(files)) {
    if (all.length === 0) continue;
    counts[table] = all.length;
    const isStream = road.envelope === 'diagnostic' && (table.includes('Sign') || table === 'AuditLogs');
    const ordered = ORDERS[road.order]([...all], dice);
    const rows = (function* () {
      for (const { make } of ordered) yield isStream ? diagnosticRecord(make(), table) : make();
    })();
    const isCsv = table === 'AuditLogs' && road.audits === 'csv';
    const lines = isCsv
      ? csv(rows)
      : (function* () {
          for (const row of rows) yield JSON.stringify(row);
        })();
    await write(join(folder, `${table}.${isCsv ? 'csv' : 'ndjson'}`), lines);
  }
  return counts;
}

import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { msFromTicks, ticksFromIso } from '../core/ticks.ts';
import { liveDay } from './activity.ts';
import { ASSUMPTIONS, TENANT_KINDS } from './assumptions.ts';
import { planAttacks } from './attacks/plan.ts';
import { planDecoys } from './decoys/plan.ts';
import type { TableName } from './events.ts';
import type { Labels } from './labels.ts';
import { DAY_MS, type SimulateOptions } from './model.ts';
import { buildTenant, buildUser } from './population.ts';
import { hashOf } from './rng.ts';
import { identityEvent } from './rows/identity.ts';
import { type Row, signInRow } from './rows/sign-in.ts';
import { timeText } from './rows/time-text.ts';
import { withSecondAccounts } from './second-accounts.ts';
import { Stage } from './stage.ts';
import { type Delivered, World } from './world.ts';

export type { SimulateOptions } from './model.ts';

export const SIMULATED_TABLES: readonly TableName[] = [
  'SigninLogs',
  'AADNonInteractiveUserSignInLogs',
  'AuditLogs',
  'AADUserRiskEvents',
  'IdentityInfo',
];
const DEFAULT_START = '2026-09-01';
const CHUNK_ROWS = 500;

function checked(options: SimulateOptions): number {
  const refuse = (message: string, hint: string): never => {
    throw new FactorwatchError('simulate-options', message, { exitCode: ExitCode.usage, hint });
  };
  const whole = (name: string, value: number, most: number) => {
    if (!Number.isInteger(value) || value < 1 || value > most) refuse(`${name} is ${value}`, `a whole number from 1 to ${most}`);
  };
  whole('users', options.users, 5_000_000);
  whole('days', options.days, 400);
  if (!Number.isInteger(options.seed)) refuse(`seed is ${options.seed}`, 'a whole number');
  if (!TENANT_KINDS.includes(options.tenant)) refuse(`no tenant ${options.tenant}`, `one of ${TENANT_KINDS.join(', ')}`);
  const start = options.start ?? DEFAULT_START;
  const ticks = /^\d{4}-\d{2}-\d{2}$/.test(start) ? ticksFromIso(start) : undefined;
  if (ticks === undefined) return refuse(`start is ${start}`, 'a day, as 2026-09-01');
  return msFromTicks(ticks);
}

/** One delivered row. `_IngestionTime` is no part of its content: a row that comes twice differs in nothing else. */
function delivered({ event, ingested }: Delivered): Row {
  if (!('row' in event)) return signInRow(event, ingested);
  return { ...event.row, _IngestionTime: timeText(ingested) };
}

/** IdentityInfo: everybody on the first day, then each person once a week and whoever is new. */
function snapshot(world: World, day: number): void {
  for (const user of world.users) {
    const born = Math.max(0, Math.ceil(user.createdDay));
    if (day < born || (day !== born && (user.index + day) % 7 !== 0)) continue;
    world.emit(identityEvent(world.tenant, user, world.timeOf(day, 1 + (hashOf(user.index, day) % 3_600_000) / 3_600_000)));
  }
}

/**
 * A synthetic tenant, day by day of arrival: chunks of rows of one table in order of arrival, then the labels.
 * The same options give the same bytes. Memory holds the population and about two days of events.
 */
export function* simulate(options: SimulateOptions): Generator<{ table: TableName; rows: readonly object[] }, Labels> {
  const start = checked(options);
  const tenant = buildTenant(options.tenant, ASSUMPTIONS[options.tenant], options.seed, start, options.days);
  const users = withSecondAccounts(
    tenant,
    Array.from({ length: options.users }, (_, index) => buildUser(tenant, index)),
  );
  const world = new World(tenant, users);
  const stage = new Stage(world);
  planAttacks(stage);
  planDecoys(stage);
  for (let day = -1; day <= options.days; day++) {
    // Day -1 and the day after the last are lived too: hours east and west of Greenwich belong to their neighbours.
    for (const user of users) if (day >= user.createdDay) liveDay(world, user, day);
    if (day >= 0 && day < options.days) snapshot(world, day);
    stage.agenda.runDay(day);
    if (day > 0) yield* arrivals(world, day - 1);
  }
  for (let day = options.days; day <= world.lastDay(); day++) yield* arrivals(world, day);
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + options.days * DAY_MS).toISOString(),
    users: options.users,
    incidents: stage.incidents.filter((label) => label.start !== ''),
    decoys: stage.decoys.filter((label) => label.start !== ''),
  };
}

function* arrivals(world: World, day: number): Generator<{ table: TableName; rows: readonly object[] }> {
  const events = world.arrivals(day);
  for (const table of SIMULATED_TABLES) {
    const mine = events.filter(({ event }) => event.table === table);
    for (let at = 0; at < mine.length; at += CHUNK_ROWS) yield { table, rows: mine.slice(at, at + CHUNK_ROWS).map(delivered) };
  }
}

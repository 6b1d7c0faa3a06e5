import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CAMPAIGNS, planJoiners, planPairs } from './campaigns.ts';
import { Dice } from './dice.ts';
import { planLife } from './life.ts';
import { Logbook } from './logbook.ts';
import { planAttacks } from './plan-attacks.ts';
import { oneDay } from './routine.ts';
import { TENANTS, type TenantName } from './tenants.ts';
import { DAY, newWorld, type World, workingTime } from './world.ts';

export interface Order {
  readonly tenant: TenantName;
  readonly seed: number;
  readonly folder: string;
  readonly users?: number;
  readonly days?: number;
  /** Attacks that register a method; 4 to 10 for 2,000 users where nothing is said. */
  readonly takeovers?: number;
}

/** Writes a tenant: a file a table, and labels.json. */
export async function makeTenant({ tenant, seed, folder, users, days = 35, takeovers }: Order): Promise<World> {
  const habits = TENANTS[tenant];
  const dice = new Dice(`${tenant}/${seed}`);
  const startMs = Date.parse(habits.start);
  await mkdir(folder, { recursive: true });
  const book = new Logbook({ dice, writing: habits.writing, tenantId: dice.guid(), startMs, endMs: startMs + days * DAY }, folder);
  const world = newWorld(dice, habits, book, users ?? habits.users);
  await book.open();
  planJoiners(world);
  for (const person of world.people) planLife(world, person, (one, day) => workingTime(world, one, startMs + day * DAY));
  for (const campaign of habits.campaigns) CAMPAIGNS[campaign](world, dice.whole(Math.min(3, days - 2), Math.max(3, days - 10)));
  planPairs(world);
  planAttacks(world, takeovers);
  identities(world);
  for (let day = 0; day < days; day++) await liveThrough(world, startMs + day * DAY);
  await book.close();
  await writeFile(path.join(folder, 'labels.json'), JSON.stringify(labels(world), null, 1));
  return world;
}

/** In order of time where it matters: what happens to people, before their routine of the day. */
async function liveThrough(world: World, midnight: number): Promise<void> {
  const today = world.plans.filter(({ at }) => at >= midnight && at < midnight + DAY).sort((a, b) => a.at - b.at);
  for (const { at, run } of today) run(at);
  for (const person of world.people) oneDay(world, person, midnight);
  await world.book.turn();
}

function identities({ book, people }: World): void {
  for (const person of people)
    book.write('IdentityInfo', book.startMs + 60_000, {
      AccountObjectId: person.id,
      AccountUPN: person.upn,
      AccountDisplayName: person.name,
      AccountName: person.upn.split('@')[0],
      Department: person.department,
      AssignedRoles: person.roles,
      AccountCreationTime: new Date(person.createdMs).toISOString(),
      IsAccountEnabled: true,
      City: person.town.city,
      Country: person.town.country,
      UserType: person.guest ? 'Guest' : 'Member',
      ChangeSource: 'AzureActiveDirectory',
    });
}

function labels({ book, people, incidents, decoys }: World): unknown {
  const numbered = <T>(rows: readonly T[], name: string) =>
    rows.map((row, at) => ({ id: `${name}-${String(at + 1).padStart(4, '0')}`, ...row }));
  return {
    start: new Date(book.startMs).toISOString(),
    end: new Date(book.endMs).toISOString(),
    users: people.length,
    incidents: numbered(incidents, 'incident'),
    decoys: numbered(decoys, 'decoy'),
  };
}

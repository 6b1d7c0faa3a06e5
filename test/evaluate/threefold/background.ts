import { spray } from './attacks-by-password.ts';
import { writeAudit } from './audit-row.ts';
import { Case } from './cases.ts';
import type { Dice } from './dice.ts';
import { staysOn } from './itinerary.ts';
import { phoneLink } from './life.ts';
import { methodsAt, type Person } from './people.ts';
import { helperOf } from './scenes.ts';
import { DAY, HOUR, type World } from './world.ts';

/** Sprays that open no account: attacks, but takeovers of nobody. */
function vainSprays(world: World, dice: Dice): void {
  for (const nearness of ['near', 'far'] as const) {
    const victim = dice.pick(world.people);
    const hours = dice.pick([2, 12, 48]);
    const from = world.start + dice.int(3, 28) * DAY;
    spray(world, { victim, nearness, dice }, from, hours, dice.int(50, 200));
    const label = new Case();
    label.note(from);
    label.note(from + hours * HOUR);
    label.closeAsIncident(world.book, 'S1', `${nearness}: spray in vain`);
  }
}

function identityInfo(world: World, person: Person, dice: Dice): void {
  for (let day = dice.int(0, 3); day < world.kind.days; day += 14) {
    if (day < person.joined) continue;
    world.book.add('IdentityInfo', world.start + day * DAY + dice.int(0, 20) * HOUR, {
      AccountObjectId: person.id,
      AccountUPN: person.upn,
      AccountDisplayName: person.name,
      AccountTenantId: world.tenantId,
      AccountCreationTime: new Date(world.start + Math.max(person.joined, -900) * DAY - 2 * HOUR).toISOString(),
      AssignedRoles: person.role.name === 'IT' && person.favourites[0]! < 2 ? ['Helpdesk Administrator'] : [],
      City: person.city.name,
      Country: person.city.country,
      Department: person.role.name,
      JobTitle: person.role.name,
      IsAccountEnabled: day <= person.left,
      IsMFARegistered: methodsAt(person, world.start + day * DAY).length > 0,
      UserType: person.role.guest === true ? 'Guest' : 'Member',
      SourceSystem: 'AzureActiveDirectory',
    });
  }
}

interface Doubt {
  readonly person: Person;
  readonly time: number;
  readonly ip: string;
  readonly type: string;
  readonly level: string;
}

function doubt(world: World, { person, time, ip, type, level }: Doubt, dice: Dice): void {
  world.book.add('AADUserRiskEvents', time + dice.int(1, 40) * 60_000, {
    Id: dice.guid(),
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserDisplayName: person.name,
    RiskEventType: type,
    RiskLevel: level,
    RiskState: dice.chance(0.4) ? 'remediated' : 'atRisk',
    RiskDetail: 'none',
    Activity: 'signin',
    ActivityDateTime: new Date(time).toISOString(),
    DetectedDateTime: new Date(time + 60_000).toISOString(),
    DetectionTimingType: dice.pick(['realtime', 'offline']),
    IpAddress: ip,
    Source: 'IdentityProtection',
    OperationName: 'User Risk Detection',
  });
}

const BENIGN_DOUBTS: readonly (readonly [readonly [string, string], number])[] = [
  [['unfamiliarFeatures', 'low'], 6],
  [['unlikelyTravel', 'medium'], 3],
  [['anonymizedIPAddress', 'medium'], 2],
  [['leakedCredentials', 'high'], 0.3],
];

/** What Identity Protection says: much of it about nothing, and something of one takeover in three. */
function doubts(world: World, dice: Dice): void {
  for (const person of dice.some(world.people, 45)) {
    const stay = staysOn(world, person, dice.int(1, world.kind.days - 2))[0];
    if (stay === undefined) continue;
    const [type, level] = dice.weighted(BENIGN_DOUBTS);
    doubt(world, { person, time: stay.from, ip: phoneLink(person, stay, dice).ip, type, level }, dice);
  }
  for (const { user_ids, start, must_detect } of world.book.incidents) {
    if (!must_detect || !dice.chance(0.35)) continue;
    const person = world.people.find(({ id }) => id === user_ids[0])!;
    doubt(
      world,
      {
        person,
        time: Date.parse(start),
        ip: '',
        type: dice.pick(['unfamiliarFeatures', 'anomalousToken', 'anonymizedIPAddress']),
        level: dice.pick(['low', 'medium', 'high']),
      },
      dice,
    );
  }
}

/** Changes that no one looks twice at: passwords changed, reviews, accounts closed of those who leave. */
function officeWork(world: World, dice: Dice): void {
  for (const person of world.people) {
    const day = dice.int(1, world.kind.days - 3);
    const stay = staysOn(world, person, day).find(({ working }) => working);
    const at = stay === undefined ? 0 : stay.from + dice.int(1, 40) * 60_000;
    const base = { actor: person, target: person, ip: stay?.link.ip ?? '', correlationId: dice.guid() };
    if (stay !== undefined && dice.chance(0.12)) writeAudit(world, { ...base, operation: 'Change password (self-service)', time: at });
    if (stay !== undefined && dice.chance(0.1))
      writeAudit(world, {
        ...base,
        operation: 'User reviewed security info',
        time: at,
        reason: 'User successfully reviewed security info.',
      });
    if (person.left < world.kind.days - 2) {
      const { helper, ip } = helperOf(world, dice);
      writeAudit(world, {
        ...base,
        actor: helper,
        ip,
        operation: 'Disable account',
        time: world.start + (person.left + 1) * DAY + 20 * HOUR,
      });
    }
  }
}

/** All that is beside the people's days and the labelled events. */
export function fillBackground(world: World): void {
  const dice = world.dice.fork('background');
  vainSprays(world, dice);
  officeWork(world, dice);
  if (world.kind.identityInfo) for (const person of world.people) identityInfo(world, person, dice);
  if (world.kind.risk) doubts(world, dice);
}

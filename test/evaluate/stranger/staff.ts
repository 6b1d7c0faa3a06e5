import { APPS } from './apps.ts';
import { newPc, newPhone } from './devices.ts';
import { fixedLine, homeLine, mobileLine, officeLine } from './networks.ts';
import type { Person } from './people.ts';
import { BROADBAND, MICROSOFT, MOBILE, PLACES, type Place } from './places.ts';
import { newHandset } from './population.ts';
import type { Random } from './random.ts';
import { refreshRow } from './rows/sign-in.ts';
import { primary } from './sessions.ts';
import { DAY, HOUR } from './time.ts';
import type { World } from './world.ts';

/** People of the help desk: they may register and delete methods for others. */
export function appointHelpDesk(world: World, count: number): Person[] {
  const random = world.random.stream('helpDesk');
  const able = world.people.filter((one) => one.from === 0 && one.until > world.endMs && one.pc.kind !== 'kiosk');
  const chosen = random.shuffle(able).slice(0, count);
  for (const person of chosen) {
    person.roles.push('Authentication Administrator', 'Helpdesk Administrator');
    person.methods.add('app');
  }
  return chosen;
}

/** Accounts that were made long ago and are used by nobody. */
export function dormantAccounts(world: World, count: number): Person[] {
  const random = world.random.stream('dormant');
  const chosen = random
    .shuffle(world.people.filter((one) => one.kind === 'member' && one.from === 0 && one.roles.length === 0 && one.until > world.endMs))
    .slice(0, count);
  for (const person of chosen) {
    person.methods.clear();
    person.away.length = 0;
    world.reserve(person);
  }
  return chosen;
}

function outsider(world: World, random: Random, kind: Person['kind'], name: string, upn: string, place: Place): Person {
  const own = BROADBAND[place.country]!;
  const office = officeLine(random.pick(own), place, 1, random.stream(name));
  return {
    id: random.guid(),
    upn,
    name,
    department: '',
    title: '',
    roles: [],
    kind,
    homeTenant: kind === 'guest' ? random.guid() : '',
    created: world.traits.startMs - random.between(30, 900) * DAY,
    place,
    zone: place.zone,
    office,
    home: homeLine(random.pick(own), place, random),
    mobile: mobileLine(random.pick(MOBILE[place.country] ?? own), place, [place], random),
    vpn: undefined,
    relay: undefined,
    pc: newPc(random, { managed: false }),
    phone: newPhone(random, { managed: false }),
    methods: new Set(),
    handset: newHandset(random, place.country),
    startHour: 8,
    hours: 9,
    workdays: new Set(random.shuffle([1, 2, 3, 4, 5]).slice(0, random.whole(1, 2))),
    remoteShare: 0.2,
    phoneShare: 0,
    perDay: 1,
    from: 0,
    until: Number.POSITIVE_INFINITY,
    away: [],
    trips: [],
    agenda: [],
    sessions: new Map(),
  };
}

/** Guests of partner companies, each company behind its own address. */
export function guests(world: World, count: number, places: readonly Place[]): Person[] {
  const random = world.random.stream('guests');
  const made = Array.from({ length: count }, (_, nth) => {
    const partner = `partner${nth % 4}`;
    const name = `Guest ${nth + 1}`;
    return outsider(world, random, 'guest', name, `guest.${nth + 1}_${partner}.example#EXT#@${world.traits.domain}`, random.pick(places));
  });
  world.people.push(...made);
  return made;
}

/** The account that copies the directory from the local one: from one server, every half hour, day and night. */
export function syncAccount(world: World, place: Place): void {
  const random = world.random.stream('sync');
  const account = outsider(
    world,
    random,
    'service',
    'On-Premises Directory Synchronization Service Account',
    `Sync_DC01_${random.hex(12)}@${world.traits.domain}`,
    place,
  );
  world.people.push(account);
  const line = account.office;
  const app = {
    ...APPS.office,
    id: 'cb1056e2-e479-49de-ae31-7812af012ed8',
    name: 'Microsoft Azure Active Directory Connect',
    resource: 'Windows Azure Active Directory',
    resourceId: '00000002-0000-0000-c000-000000000000',
  };
  for (let at = world.traits.startMs + HOUR / 2; at < world.endMs - HOUR; at += HOUR)
    refreshRow(world, {
      at: at + random.whole(0, 40) * 1000,
      person: account,
      app,
      spot: line(at),
      device: { ...account.pc, id: '', name: '', trust: '', managed: false },
      agent: '',
      session: '',
      correlation: random.guid(),
      result: 0,
      mfa: false,
      steps: [primary()],
    });
}

/** Refreshes that Microsoft's own services do in a user's name show an address of Microsoft's. */
export function servicesOfMicrosoft(world: World, share: number): void {
  const random = world.random.stream('microsoft');
  const line = fixedLine(MICROSOFT.asn, PLACES.ashburn, random);
  for (const person of world.people) {
    if (person.kind !== 'member' || person.from > 0 || !random.chance(share)) continue;
    for (let nth = random.whole(1, 6); nth > 0; nth--) {
      const at = random.between(world.traits.startMs, Math.min(world.endMs, person.until) - HOUR);
      refreshRow(world, {
        at,
        person,
        app: APPS.teams,
        spot: line(at),
        device: { ...person.pc, id: '', name: '', trust: '', managed: false },
        agent: '',
        session: random.guid(),
        correlation: random.guid(),
        result: 0,
        mfa: false,
        steps: [primary('Previously satisfied')],
      });
    }
  }
}

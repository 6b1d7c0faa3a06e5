import { enrol, sessionAt } from '../enrolment.ts';
import { CITIES } from '../geo.ts';
import { type Device, HOUR_MS, type User } from '../model.ts';
import { networksOf } from '../networks.ts';
import { NEVER } from '../population.ts';
import { guidOf, hashOf, type Rng } from '../rng.ts';
import { type Stage, touch } from '../stage.ts';
import { attach, siteAddress } from '../whereabouts.ts';
import { newPhoneFor, settled } from './personal.ts';

/** New people register their first methods in their first days; in a wave many do so from one address. */
export function firstDays(stage: Stage, rng: Rng): void {
  const { world, agenda } = stage;
  const { wave, days } = world.tenant;
  const beginners = world.users.filter((user) => user.role === 'person' && user.joinDay >= 0);
  const inWave = beginners.filter((user) => wave !== undefined && user.joinDay >= wave.day && user.joinDay <= wave.day + 2);
  const label = inWave.length >= 4 ? stage.decoy('onboarding-wave', inWave) : undefined;
  for (const user of beginners) {
    if (stage.isTaken(user)) continue;
    const day = user.joinDay + (rng.chance(0.75) ? 0 : rng.int(1, 4));
    if (day >= days) continue;
    const session = sessionAt(world, user, day, rng);
    agenda.add(session.at, () => {
      const done = enrol(world, rng, user, session, rng.chance(0.8) ? { kind: 'app' } : { kind: 'sms' });
      if (!label || !inWave.includes(user)) return;
      label.registration_event_ids.push(...done.ids);
      touch(label, done.at);
    });
  }
}

/** The tenant asks everybody in a department to add a stronger method within a few days. */
export function enrolmentDrive(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const department = rng.pick(world.tenant.assumptions.departments);
  const people = world.users
    .filter((user) => settled(user) && user.department === department && !stage.isTaken(user) && rng.chance(0.7))
    .slice(0, 600);
  if (people.length < 4) return;
  const label = stage.decoy('enrolment-drive', people);
  const kind = rng.weighted([
    ['app', 4],
    ['passkey', 3],
    ['fido', 2],
  ] as const);
  for (const user of people) {
    const session = sessionAt(world, user, day + Math.min(4, Math.floor(rng.exponential(1.3))), rng);
    agenda.add(session.at, () => {
      const done = enrol(world, rng, user, session, { kind });
      label.registration_event_ids.push(...done.ids);
      touch(label, done.at);
    });
  }
}

/** One terminal on the floor at which a shift registers, one after the other. */
export function sharedKiosk(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const site = rng.int(0, world.tenant.sites.length - 1);
  const people = stage.cast(rng, rng.int(5, 14), (user) => settled(user) && user.site === site && user.directoryRoles.length === 0);
  if (people.length < 3) return;
  const label = stage.decoy('shared-kiosk', people);
  const kiosk: Device = {
    id: rng.guid(),
    name: `KIOSK-${rng.text(5, '0123456789')}`,
    kind: 'kiosk',
    os: 'Windows11',
    browser: 'Edge',
    trust: 'Azure AD joined',
    managed: true,
    lag: 20,
    from: day,
    until: NEVER,
  };
  const from = siteAddress(world.tenant, people[0]!, rng);
  let at = world.timeOf(day, rng.between(6, 15) - world.tenant.sites[site]!.city.tz);
  for (const [nth, user] of people.entries()) {
    const session = {
      at,
      until: at + rng.between(0.1, 0.3) * HOUR_MS,
      place: 'work' as const,
      device: kiosk,
      from,
      id: guidOf(hashOf(kiosk.id, nth), user.index),
    };
    agenda.add(session.at, () => {
      const done = enrol(world, rng, user, session, { kind: rng.chance(0.6) ? 'app' : 'sms', password: true });
      label.registration_event_ids.push(...done.ids);
      touch(label, done.at);
    });
    at += rng.between(0.08, 0.5) * HOUR_MS;
  }
}

/** Colleagues at one conference, behind one venue's address, abroad; some set up a phone there. */
export function conference(stage: Stage, rng: Rng, day: number): void {
  const people = stage.cast(rng, rng.int(4, Math.max(5, Math.min(30, Math.floor(stage.world.users.length / 80)))), settled);
  if (people.length < 3) return;
  const label = stage.decoy('conference-travel', people);
  const city = rng.pick(
    CITIES.filter(
      (one) => one.country !== people[0]!.home.country && ['US', 'ES', 'NL', 'SG', 'DE', 'PT', 'AE', 'AT'].includes(one.country),
    ),
  );
  const length = rng.int(3, 5);
  const line = rng.int(0, 600);
  for (const user of people) {
    user.trips.unshift({ from: day, until: day + length, city, line: rng.chance(0.7) ? line : rng.int(0, 600) });
    user.away.length = 0;
    if (rng.chance(0.2)) newPhoneFor(stage, rng, user, day + rng.int(0, length - 1));
  }
  touch(label, stage.world.timeOf(day));
  touch(label, stage.world.timeOf(day + length));
}

/** A new way out for a part of the tenant: another network, other countries, from one day on. */
export function vpnRollout(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const departments = rng.sample(world.tenant.assumptions.departments, 2);
  const people = world.users.filter((user) => settled(user) && departments.includes(user.department));
  if (people.length < 4) return;
  const label = stage.decoy('vpn-rollout', people);
  const networks = rng.chance(0.6) ? networksOf('sase', '') : [...networksOf('hosting', ''), ...networksOf('vpn', '')];
  const near = CITIES.filter((city) => ['GB', 'NL', 'DE', 'FR', 'US', 'IE', 'SE'].includes(city.country));
  world.tenant.rollout = {
    day,
    users: new Set(people.map((user) => user.index)),
    network: rng.pick(networks),
    cities: rng.sample(near, 2),
  };
  touch(label, world.timeOf(day));
  touch(label, world.timeOf(Math.min(world.tenant.days, day + 7)));
  for (const user of stage.cast(rng, Math.max(2, Math.floor(people.length / 30)), (one) => people.includes(one))) {
    const at = day + rng.int(0, 4);
    agenda.add(world.timeOf(at), () => {
      const session = sessionAt(world, user, at, rng);
      const done = enrol(world, rng, user, { ...session, from: attach(world.tenant, user, at, 'home', session.device, rng) });
      label.registration_event_ids.push(...done.ids);
    });
  }
}

/** A site gets another provider (or another owner): all its addresses change overnight. */
export function egressChange(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const nth = rng.int(0, world.tenant.sites.length - 1);
  const people = world.users.filter((user) => settled(user) && user.site === nth);
  if (people.length < 4) return;
  const label = stage.decoy('egress-change', people);
  const site = world.tenant.sites[nth]!;
  const country = site.city.country;
  const network = rng.pick(
    [...networksOf('business', country), ...networksOf('sase', ''), ...networksOf('isp', country)].filter((one) => one !== site.network),
  );
  const line = rng.int(1000, 1_000_000);
  agenda.add(world.timeOf(day), () => {
    site.network = network;
    site.line = line;
    touch(label, world.timeOf(day));
    touch(label, world.timeOf(Math.min(world.tenant.days, day + 5)));
  });
  for (const user of stage.cast(rng, Math.max(2, Math.floor(people.length / 60)), (one: User) => people.includes(one))) {
    const later = day + rng.int(0, 3);
    agenda.add(world.timeOf(later, 1), () => {
      const session = sessionAt(world, user, later, rng);
      const done = enrol(world, rng, user, { ...session, from: siteAddress(world.tenant, user, rng) });
      label.registration_event_ids.push(...done.ids);
    });
  }
}

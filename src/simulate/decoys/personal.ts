import { usualMethod } from '../activity.ts';
import { passwordReset, registerDevice } from '../admin-events.ts';
import { APPS } from '../apps.ts';
import { enrol, sessionAt } from '../enrolment.ts';
import { CITIES } from '../geo.ts';
import { DAY_MS, MINUTE_MS, type User } from '../model.ts';
import { NEVER, newLaptop, newPhone } from '../population.ts';
import type { Rng } from '../rng.ts';
import { failedPassword, signIn } from '../sign-in.ts';
import { type Stage, touch } from '../stage.ts';
import { faceOn, sessionOf } from '../whereabouts.ts';

export const settled = (user: User): boolean => user.role === 'person' && user.joinDay < 0 && user.leaveDay === NEVER;
const withApp = (user: User): boolean => settled(user) && user.methods.some((method) => method.kind === 'app');
const withPhone = (user: User): boolean => settled(user) && user.methods.some((method) => method.phone !== undefined);

/** A phone is replaced: the authenticator is set up again, the old one goes now, later or never. */
export function newPhoneFor(stage: Stage, rng: Rng, user: User, day: number): void {
  const { world, agenda } = stage;
  const phone = newPhone(rng, day, rng.chance(0.3));
  const label = stage.decoy('new-phone', [user]);
  for (const device of user.devices) if (device.kind === 'phone' && device.until > day) device.until = day;
  user.devices.push(phone);
  const session = sessionAt(world, user, day, rng);
  agenda.add(session.at, () => {
    const old = user.methods.find((method) => method.kind === 'app' && method.foreign !== true);
    const done = enrol(world, rng, user, session, { kind: 'app', phone, replaces: rng.chance(0.6) ? old : undefined });
    label.registration_event_ids.push(...done.ids);
    touch(label, session.at);
    touch(label, done.at);
  });
}

/** Trip of two weeks to another continent, a phone lost or bought there, registered from the hotel. */
export function honeymoon(stage: Stage, rng: Rng, day: number): void {
  const [user] = stage.cast(rng, 1, (one) => withApp(one) && one.trips.length === 0 && !one.corporateVpn);
  if (!user) return;
  const far = CITIES.filter(
    (city) => ['MV', 'ID', 'TH', 'MX', 'GR', 'ZA', 'JP', 'BR'].includes(city.country) && city.country !== user.home.country,
  );
  const city = rng.pick(far);
  const length = rng.int(8, 15);
  user.trips.unshift({ from: day, until: day + length, city, line: rng.int(0, 600) });
  user.away.length = 0;
  newPhoneAway(stage, rng, user, day + rng.int(2, 5), 'honeymoon');
}

function newPhoneAway(stage: Stage, rng: Rng, user: User, day: number, kind: 'honeymoon'): void {
  const { world, agenda } = stage;
  const phone = newPhone(rng, day, false);
  const label = stage.decoy(kind, [user]);
  for (const device of user.devices) if (device.kind === 'phone') device.until = Math.min(device.until, day);
  user.devices.push(phone);
  const session = {
    ...sessionAt(world, user, day, rng),
    device: phone,
    place: 'other' as const,
    id: sessionOf(world.tenant, user, phone, day),
  };
  agenda.add(session.at, () => {
    const done = enrol(world, rng, user, session, {
      kind: 'app',
      phone,
      password: true,
      replaces: rng.chance(0.4) ? user.methods[0] : undefined,
    });
    label.registration_event_ids.push(...done.ids);
    touch(label, session.at);
    touch(label, done.at);
  });
}

/** Another computer: device registration, and often Windows Hello or a passkey on it. */
export function newLaptopFor(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, (one) => settled(one) && one.methods.length > 0);
  if (!user) return;
  const managed = user.devices[0]!.managed;
  const laptop = newLaptop(rng, managed, day, 'LT');
  const label = stage.decoy('new-laptop', [user]);
  for (const device of user.devices)
    if (device.kind === 'laptop' && device.managed === managed) device.until = day + (rng.chance(0.5) ? 0 : 3);
  user.devices.push(laptop);
  const session = { ...sessionAt(world, user, day, rng), device: laptop, id: sessionOf(world.tenant, user, laptop, day) };
  agenda.add(session.at, () => {
    touch(label, session.at);
    const entry = signIn(world, rng, {
      user,
      at: session.at,
      from: session.from,
      face: faceOn(laptop, day, true),
      app: APPS.broker,
      session: session.id,
      password: true,
      second: 'prompt',
      method: usualMethod(user, rng),
    });
    touch(label, entry.at);
    if (!managed) return;
    registerDevice(
      world,
      rng,
      entry.at + rng.between(5, 30) * 1000,
      user,
      laptop,
      laptop.os.startsWith('Windows') ? '10.0.26200.6584' : '26.1',
    );
    if (!rng.chance(0.7)) return;
    const later = { ...session, at: entry.at + 3 * MINUTE_MS, until: entry.at + 40 * MINUTE_MS };
    const done = enrol(world, rng, user, later, { kind: laptop.os.startsWith('Windows') ? 'hello' : 'passkey' });
    label.registration_event_ids.push(...done.ids);
    touch(label, done.at);
  });
}

/** Another number: a phone method is added and the old one deleted, sometimes after the old number has failed. */
export function simChange(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, withPhone);
  if (!user) return;
  const label = stage.decoy('sim-change', [user]);
  const session = sessionAt(world, user, day, rng);
  agenda.add(session.at, () => {
    const old = user.methods.find((method) => method.phone !== undefined);
    touch(label, session.at);
    if (rng.chance(0.5))
      signIn(world, rng, {
        user,
        at: session.at,
        from: session.from,
        face: faceOn(session.device, day),
        device: session.device,
        app: APPS.officeHome,
        session: session.id,
        password: true,
        second: 'prompt',
        method: old,
        denials: ['noAnswer', 'wrongCode'],
        ends: '500121',
      });
    const done = enrol(
      world,
      rng,
      user,
      { ...session, at: session.at + 5 * MINUTE_MS, until: session.until + 15 * MINUTE_MS },
      { kind: old?.kind === 'sms' ? 'sms' : 'voice', replaces: old },
    );
    label.registration_event_ids.push(...done.ids);
    touch(label, done.at);
  });
}

/** Back from leave: wrong passwords, a lock-out, a self-service reset, and a fresh method the same hour. */
export function forgottenPassword(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, (one) => settled(one) && one.methods.length > 0);
  if (!user) return;
  const label = stage.decoy('forgotten-password', [user]);
  user.away.push([day - rng.int(6, 16), day]);
  const session = sessionAt(world, user, day, rng);
  agenda.add(session.at, () => {
    touch(label, session.at);
    const base = {
      user,
      from: session.from,
      face: faceOn(session.device, day),
      device: session.device,
      app: APPS.officeHome,
      session: session.id,
    } as const;
    let at = session.at;
    for (let i = rng.int(3, 11); i > 0; i--) {
      failedPassword(world, rng, { ...base, at }, i < 2 && rng.chance(0.5) ? '50053' : '50126');
      at += rng.between(6, 50) * 1000;
    }
    passwordReset(world, rng, at + 4 * MINUTE_MS, user, { actor: user, ip: session.from.ip });
    const later = { ...session, at: at + 6 * MINUTE_MS, until: at + rng.between(20, 90) * MINUTE_MS };
    const done = enrol(world, rng, user, later, { password: true });
    label.registration_event_ids.push(...done.ids);
    touch(label, done.at);
  });
}

/** The account gets another UPN; its object id stays. */
export function renamed(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, settled);
  if (!user) return;
  const label = stage.decoy('renamed-user', [user]);
  const at = world.timeOf(day, rng.between(7, 17));
  agenda.add(at, () => {
    const old = user.upn;
    user.upn = old.replace(
      /^[^@]+/,
      (local) => `${local.split('.')[0]}.${rng.pick(['Elder', 'Harrow', 'Quill', 'Sorrel', 'Tarn']).toLowerCase()}${user.index}`,
    );
    user.displayName = `${user.given} ${user.upn.split('.')[1]!.replace(/\d.*/, '')}`;
    label.upns.push(user.upn);
    touch(label, at);
    touch(label, at + DAY_MS);
    world.audit(rng, {
      at,
      activity: 'Update user',
      service: 'Core Directory',
      operationType: 'Update',
      by: { kind: 'app', name: 'Directory Sync', id: world.tenant.services.sync },
      target: user,
      changes: [
        { displayName: 'UserPrincipalName', oldValue: JSON.stringify([old]), newValue: JSON.stringify([user.upn]) },
        { displayName: 'Included Updated Properties', oldValue: null, newValue: '"UserPrincipalName"' },
      ],
      correlation: rng.guid(),
    });
    if (!rng.chance(0.5)) return;
    const done = enrol(world, rng, user, sessionAt(world, user, day + 1, rng));
    label.registration_event_ids.push(...done.ids);
  });
}

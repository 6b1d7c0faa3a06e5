import { passwordReset } from '../admin-events.ts';
import { APPS } from '../apps.ts';
import { enrol, sessionAt } from '../enrolment.ts';
import { MINUTE_MS, type User } from '../model.ts';
import { newMethod } from '../population.ts';
import { deleteMethod, registerMethod } from '../registration.ts';
import type { Rng } from '../rng.ts';
import { signIn } from '../sign-in.ts';
import { type Stage, touch } from '../stage.ts';
import { attach, faceOn, siteAddress } from '../whereabouts.ts';
import { settled } from './personal.ts';

/** People of the help desk (administrators where there is none). */
export function helpDesk(users: readonly User[]): User[] {
  const agents = users.filter((user) => user.directoryRoles.includes('Helpdesk Administrator'));
  return agents.length > 0 ? agents : users.filter((user) => user.role === 'person' && user.directoryRoles.length > 0);
}

/** A caller who lost a phone gets a pass or a number from the help desk and registers again. */
export function helpDeskReset(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, (one) => settled(one) && one.methods.length > 0 && one.directoryRoles.length === 0);
  const agents = helpDesk(world.users);
  if (!user || agents.length === 0) return;
  const label = stage.decoy('help-desk-reset', [user]);
  const session = sessionAt(world, user, day, rng);
  agenda.add(session.at, () => {
    const agent = rng.pick(agents);
    const desk = rng.chance(0.7) ? siteAddress(world.tenant, agent, rng) : attach(world.tenant, agent, day, 'home', agent.devices[0]!, rng);
    touch(label, session.at);
    let at = session.at;
    if (rng.chance(0.45)) passwordReset(world, rng, at, user, { actor: agent, ip: desk.ip });
    const old = user.methods.find((method) => method.foreign !== true);
    if (old && rng.chance(0.5)) deleteMethod(world, rng, { at: at + MINUTE_MS, user, actor: agent, ip: desk.ip }, old);
    at += rng.between(1.5, 5) * MINUTE_MS;
    const tap = rng.chance(0.6);
    const given = newMethod(rng, tap ? 'tap' : 'sms', user.phoneCountry);
    label.registration_event_ids.push(...registerMethod(world, rng, { at, user, actor: agent, ip: desk.ip }, given).ids);
    at += rng.between(1, 30) * MINUTE_MS;
    const entry = signIn(world, rng, {
      user,
      at,
      from: session.from,
      face: faceOn(session.device, day),
      device: session.device,
      app: APPS.mySignIns,
      session: session.id,
      password: !tap,
      second: 'prompt',
      method: given,
    });
    const done = enrol(world, rng, user, { ...session, at: entry.at, until: entry.at + 20 * MINUTE_MS }, { kind: 'app' });
    label.registration_event_ids.push(...done.ids);
    touch(label, done.at);
  });
}

/** The yearly test of an emergency account: a sign-in with its key, and at times a second key. */
export function breakGlassDrill(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const user = world.users.find((one) => one.role === 'break-glass' && !stage.isTaken(one));
  const admin = world.users.find((one) => one.role === 'person' && one.directoryRoles.length > 0);
  if (!user || !admin) return;
  const label = stage.decoy('break-glass-drill', [user]);
  const at = world.timeOf(day, rng.between(8, 15));
  agenda.add(at, () => {
    const from = siteAddress(world.tenant, admin, rng);
    const device = admin.devices[0]!;
    const key = user.methods[0];
    const session = { at, until: at + 30 * MINUTE_MS, place: 'work' as const, device, from, id: rng.guid() };
    signIn(world, rng, {
      user,
      at,
      from,
      face: faceOn(device, day),
      device,
      app: APPS.portal,
      session: session.id,
      second: 'prompt',
      method: key,
    });
    touch(label, at);
    if (!rng.chance(0.4)) return;
    const done = enrol(world, rng, user, session, { kind: 'fido' });
    label.registration_event_ids.push(...done.ids);
    touch(label, done.at);
  });
}

/** A person with two accounts puts the phone of the one on the other. */
export function secondAccount(stage: Stage, rng: Rng, day: number): void {
  const { world, agenda } = stage;
  const [user] = stage.cast(rng, 1, (one) => one.twinOf !== undefined);
  const own = user?.twinOf?.methods.find((method) => method.kind === 'app' || method.phone !== undefined);
  if (!user || !own) return;
  const label = stage.decoy('second-account', [user]);
  const session = sessionAt(world, user, day, rng);
  agenda.add(session.at, () => {
    const done = enrol(world, rng, user, session, { same: own });
    label.registration_event_ids.push(...done.ids);
    touch(label, session.at);
    touch(label, done.at);
  });
}

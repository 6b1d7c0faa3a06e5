import { passwordReset, policyChange } from '../admin-events.ts';
import { APPS } from '../apps.ts';
import { helpDesk } from '../decoys/support.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import { newMethod } from '../population.ts';
import { deleteMethod, registerMethod } from '../registration.ts';
import { tookHold, touch } from '../stage.ts';
import { siteAddress } from '../whereabouts.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** The help desk is talked into a pass or a number for the caller; or an administrator's own account does it. */
export const helpDeskFraud: Attack = {
  scenario: 'S5',
  name: 'Help desk social engineering',
  variants: [
    ['pass-by-phone', 3],
    ['number-by-phone', 2],
    ['reset-and-register', 2],
    ['near-the-victim', 1.5],
    ['rogue-admin', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && hasMfa(user));
    const agents = helpDesk(world.users);
    if (!victim || agents.length === 0) return false;
    const label = stage.incident('S5', variant, [victim], 'Medium');
    agenda.add(start, () => {
      const style =
        variant === 'near-the-victim'
          ? rng.pick(['residential-near', 'same-city'] as const)
          : rng.pick(['vpn', 'hosting', 'residential-abroad', 'vpn-near', 'residential-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, 'common', victim, world.dayOf(start)),
      );
      const rogue = variant === 'rogue-admin';
      const admins = world.users.filter((user) => user.role === 'person' && user.directoryRoles.length > 0 && !agents.includes(user));
      const actor = rogue && admins.length > 0 ? rng.pick(admins) : rng.pick(agents);
      const ip = rogue ? intruder.origin.next().ip : siteAddress(world.tenant, actor, rng).ip;
      let at = start;
      touch(label, at);
      if (rogue && rng.chance(0.6)) policyChange(world, rng, at - rng.between(2, 40) * MINUTE_MS, actor, ip, victim);
      if (variant === 'reset-and-register' || rng.chance(0.4)) passwordReset(world, rng, at, victim, { actor, ip });
      const old = victim.methods.find((method) => method.kind !== 'email');
      if (old && rng.chance(0.4)) deleteMethod(world, rng, { at: at + MINUTE_MS, user: victim, actor, ip }, old);
      at += rng.between(1.5, 6) * MINUTE_MS;
      const tap = variant !== 'number-by-phone' && rng.chance(0.75);
      const given = { ...newMethod(rng, tap ? 'tap' : 'sms', rng.chance(0.5) ? victim.phoneCountry : 'US'), foreign: true };
      tookHold(label, registerMethod(world, rng, { at, user: victim, actor, ip }, given));
      const then = at + rng.lognormal(12, 1) * MINUTE_MS;
      agenda.add(then, () => {
        const entry = intruder.enter(then, rng.pick([APPS.mySignIns, APPS.officeHome]), {
          password: !tap,
          second: 'prompt',
          method: given,
        });
        const done = intruder.plant(entry.at + rng.between(0.5, 20) * MINUTE_MS, likelyPlant(rng), { visits: rng.chance(0.5) });
        intruder.stay(done.at + 0.2 * HOUR_MS, rng.between(1, 5));
      });
    });
    return true;
  },
};

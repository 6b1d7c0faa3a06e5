import { passwordReset } from '../admin-events.ts';
import { APPS } from '../apps.ts';
import { MINUTE_MS } from '../model.ts';
import type { Attack } from './attack.ts';
import { Intruder, inUse } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** The victim's number is moved to the intruder's card; messages answer the prompt, then a method of the intruder's own is added. */
export const simSwap: Attack = {
  scenario: 'S11',
  name: 'SIM swap',
  variants: [
    ['reset-by-message', 3],
    ['known-password', 2],
    ['mobile-near', 2],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(
      rng,
      1,
      (user) => inUse(user) && user.methods.some((method) => method.kind === 'sms' || method.kind === 'voice'),
    );
    if (!victim) return false;
    const label = stage.incident('S11', variant, [victim], 'Medium');
    agenda.add(start, () => {
      const style =
        variant === 'mobile-near'
          ? 'mobile-near'
          : rng.pick(['vpn', 'vpn-near', 'residential-near', 'hosting-near', 'mobile-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, 'common', victim, world.dayOf(start)),
      );
      const phone = victim.methods.find((method) => method.kind === 'sms' || method.kind === 'voice');
      let at = start;
      if (variant === 'reset-by-message' || rng.chance(0.4)) {
        for (let n = rng.int(0, 3); n > 0; n--)
          at = intruder.enter(at, APPS.officeHome, { password: true, ends: '50126', risk: undefined }).at + rng.between(5, 40) * 1000;
        at += rng.between(2, 9) * MINUTE_MS;
        passwordReset(world, rng, at, victim, { actor: victim, ip: intruder.origin.next().ip });
        at += rng.between(0.5, 6) * MINUTE_MS;
      }
      const entry = intruder.enter(at, APPS.officeHome, { password: true, second: 'prompt', method: phone });
      const then = entry.at + rng.lognormal(6, 1) * MINUTE_MS;
      agenda.add(then, () => {
        const done = intruder.plant(then, rng.pick(['app', 'app', 'totp', 'passkey'] as const));
        if (rng.chance(0.35))
          intruder.strike(
            done.at + rng.between(0.5, 5) * MINUTE_MS,
            victim.methods.find((method) => method.kind === 'app' && method.foreign !== true),
          );
        intruder.stay(done.at, rng.between(1, 4));
      });
    });
    return true;
  },
};

import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import { newMethod } from '../population.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** One intruder, several accounts: one phone number, one authenticator or one address for all. */
export const massRegistration: Attack = {
  scenario: 'S7',
  name: 'One method on many accounts',
  variants: [
    ['one-number', 3],
    ['one-authenticator', 3],
    ['one-address', 2],
    ['one-number-over-days', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const victims = stage.cast(rng, Math.min(rng.int(3, 8), Math.max(2, Math.floor(world.users.length / 40))), inUse);
    if (victims.length < 2) return false;
    const label = stage.incident('S7', variant, victims, 'High');
    const style = rng.pick(['hosting', 'vpn', 'residential-abroad', 'residential-near', 'vpn-near'] as const);
    const origin = originOf(rng, style, victims[0]!);
    const fixed = origin.next();
    const shared = newMethod(
      rng,
      variant === 'one-authenticator' ? 'app' : rng.chance(0.5) ? 'sms' : 'voice',
      rng.pick(['US', 'GB', 'NG', 'RO', victims[0]!.phoneCountry]),
    );
    const gap = variant === 'one-number-over-days' ? rng.between(6, 22) * HOUR_MS : rng.between(3, 50) * MINUTE_MS;
    let at = start;
    for (const victim of victims) {
      const begin = at;
      agenda.add(begin, () => {
        const from = variant === 'one-address' ? { style, next: () => fixed } : origin;
        const intruder = new Intruder(stage, rng, label, victim, from, intruderFace(rng, 'common', victim, world.dayOf(begin)));
        const enrolled = hasMfa(victim);
        const entry = intruder.enter(
          begin,
          enrolled ? APPS.officeHome : APPS.accessPanel,
          enrolled ? { password: true, second: 'prompt', method: usualMethod(victim, rng) } : { password: true, second: 'enrol' },
        );
        const method =
          variant === 'one-address' ? newMethod(rng, rng.pick(['app', 'totp', 'sms'] as const), 'US') : { ...shared, key: rng.guid() };
        const done = intruder.plant(entry.at + rng.between(0.5, 8) * MINUTE_MS, method.kind, { method, visits: enrolled });
        if (rng.chance(0.6)) intruder.stay(done.at, rng.between(1, 4));
      });
      at += gap * rng.between(0.5, 1.5);
    }
    return true;
  },
};

import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** The intruder signs in quietly for days, to look known, before adding a method. */
export const lowAndSlow: Attack = {
  scenario: 'S9',
  name: 'Low and slow',
  variants: [
    ['two-visits-then-register', 2],
    ['weeks-of-visits', 2],
    ['background-only', 1.5],
    ['near', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && hasMfa(user));
    if (!victim) return false;
    const label = stage.incident('S9', variant, [victim], 'Medium');
    const days = variant === 'two-visits-then-register' ? rng.between(1.2, 3) : rng.between(5, 14);
    const begin = Math.max(world.timeOf(2), start - days * DAY_MS);
    agenda.add(begin, () => {
      const style =
        variant === 'near'
          ? rng.pick(['residential-near', 'same-city'] as const)
          : rng.pick(['hosting', 'vpn', 'vpn-near', 'residential-abroad', 'hosting-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, rng.pick(['copy', 'common'] as const), victim, world.dayOf(begin)),
      );
      intruder.enter(begin, APPS.outlookWeb, {
        password: true,
        second: 'prompt',
        method: usualMethod(victim, rng),
        risk: rng.chance(0.2) ? { level: 'low', type: 'unfamiliarFeatures' } : undefined,
      });
      const visits = variant === 'two-visits-then-register' ? 1 : rng.int(4, 14);
      for (let n = 0; n < visits; n++) {
        const at = begin + rng.between(0.05, 0.98) * (start - begin);
        agenda.add(
          at,
          () =>
            void intruder.enter(at, rng.pick([APPS.outlookWeb, APPS.officeHome, APPS.office]), {
              background: variant === 'background-only',
              second: 'claim',
              risk: undefined,
            }),
        );
      }
      const at = Math.max(start, begin + HOUR_MS);
      agenda.add(at, () => {
        intruder.enter(at, APPS.officeHome, { second: 'claim', risk: undefined });
        const done = intruder.plant(at + rng.between(1, 20) * MINUTE_MS, likelyPlant(rng));
        intruder.stay(done.at, rng.between(1, 5));
      });
    });
    return true;
  },
};

import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** Very targeted: a residential proxy in the victim's city or country, often with a copy of the victim's browser. */
export const neighbour: Attack = {
  scenario: 'S3',
  name: 'Residential proxy near the victim',
  variants: [
    ['same-city-copied-browser', 2],
    ['same-city', 2],
    ['same-country', 2],
    ['mobile-near', 1],
    ['stolen-cookie', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && hasMfa(user));
    if (!victim) return false;
    const label = stage.incident('S3', variant, [victim], 'Medium');
    const style = variant === 'same-country' ? 'residential-near' : variant === 'mobile-near' ? 'mobile-near' : 'same-city';
    agenda.add(start, () => {
      const copied = variant === 'same-city-copied-browser' || variant === 'stolen-cookie';
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, copied ? 'copy' : 'common', victim, world.dayOf(start)),
      );
      let at = start;
      if (variant === 'stolen-cookie')
        for (let n = rng.int(2, 5); n > 0; n--)
          at = intruder.enter(at + rng.between(0.2, 3) * MINUTE_MS, rng.pick([APPS.officeHome, APPS.outlookWeb]), {
            background: true,
            second: 'claim',
          }).at;
      else
        at = intruder.enter(at, APPS.officeHome, {
          password: true,
          second: 'prompt',
          method: usualMethod(victim, rng),
          wrong: rng.chance(0.2) ? 1 : 0,
        }).at;
      const then = at + (rng.chance(0.7) ? rng.between(1, 40) * MINUTE_MS : rng.between(1, 16) * HOUR_MS);
      agenda.add(then, () => {
        const done = intruder.plant(then, likelyPlant(rng));
        intruder.stay(done.at, rng.between(1, 7));
      });
    });
    return true;
  },
};

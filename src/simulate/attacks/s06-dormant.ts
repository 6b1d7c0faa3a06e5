import { APPS } from '../apps.ts';
import { MINUTE_MS } from '../model.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** An account that nobody has used for long and that never had a second factor. */
export const dormant: Attack = {
  scenario: 'S6',
  name: 'Dormant account enrols',
  variants: [
    ['never-enrolled', 4],
    ['guessed-over-days', 2],
    ['near', 1.5],
    ['guest', 1],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => user.role === (variant === 'guest' ? 'guest' : 'dormant') && !hasMfa(user));
    if (!victim) return false;
    if (variant === 'guest') victim.leaveDay = 0;
    const label = stage.incident('S6', variant, [victim], 'Medium');
    const intruderAt = variant === 'guessed-over-days' ? start - rng.between(1, 3) * 86_400_000 : start;
    agenda.add(intruderAt, () => {
      const style =
        variant === 'near'
          ? rng.pick(['residential-near', 'mobile-near', 'same-city'] as const)
          : rng.pick(['hosting', 'vpn', 'residential-abroad', 'hosting-near', 'vpn-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, rng.pick(['common', 'old'] as const), victim, world.dayOf(start)),
      );
      if (variant === 'guessed-over-days')
        for (let n = rng.int(6, 20); n > 0; n--) {
          const at = intruderAt + rng.unit() * (start - intruderAt);
          intruder.enter(at, APPS.officeHome, { password: true, ends: '50126', risk: undefined });
        }
      agenda.add(start, () => {
        const entry = intruder.enter(start, rng.pick([APPS.accessPanel, APPS.officeHome]), {
          password: true,
          second: 'enrol',
          wrong: rng.int(0, 2),
        });
        const done = intruder.plant(entry.at + rng.between(0.3, 4) * MINUTE_MS, likelyPlant(rng), { visits: false });
        intruder.enter(done.at + rng.between(10, 60) * 1000, APPS.officeHome, {
          password: true,
          second: 'prompt',
          method: intruder.planted,
        });
        intruder.stay(done.at, rng.between(1, 6));
      });
    });
    return true;
  },
};

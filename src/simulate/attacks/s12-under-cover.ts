import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { MINUTE_MS, type User } from '../model.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** Hidden in what everybody does: the first registration of a beginner's account, or during a wave. */
export const underCover: Attack = {
  scenario: 'S12',
  name: 'Under cover of a wave',
  variants: [
    ['beginner-account', 3],
    ['new-phone-story', 2],
    ['beginner-near', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const beginner = variant !== 'new-phone-story';
    const today = world.dayOf(start);
    const fits = (user: User) =>
      beginner
        ? user.role === 'person' && user.joinDay >= today && user.joinDay <= today + 6 && user.methods.length === 0
        : inUse(user) && user.methods.some((method) => method.kind === 'app');
    const [victim] = stage.cast(rng, 1, fits);
    if (!victim) return false;
    const label = stage.incident('S12', variant, [victim], 'Medium');
    const at = beginner ? Math.min(world.timeOf(victim.joinDay, rng.between(-14, 9)), world.end - 40 * MINUTE_MS) : start;
    agenda.add(at, () => {
      const style =
        variant === 'beginner-near' ? 'residential-near' : rng.pick(['hosting', 'vpn', 'residential-abroad', 'hosting-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, 'common', victim, world.dayOf(at)),
      );
      const enrolled = hasMfa(victim);
      const entry = intruder.enter(
        at,
        enrolled ? APPS.mySignIns : APPS.accessPanel,
        enrolled ? { password: true, second: 'prompt', method: usualMethod(victim, rng) } : { password: true, second: 'enrol' },
      );
      const old = victim.methods.find((method) => method.kind === 'app' && method.foreign !== true);
      const done = intruder.plant(entry.at + rng.between(0.5, 9) * MINUTE_MS, enrolled ? 'app' : likelyPlant(rng), { visits: false });
      if (enrolled && rng.chance(0.5)) intruder.strike(done.at + rng.between(0.5, 20) * MINUTE_MS, old);
      intruder.enter(done.at + rng.between(10, 60) * 1000, APPS.officeHome, { password: true, second: 'prompt', method: intruder.planted });
      intruder.stay(done.at, rng.between(1, 5));
    });
    return true;
  },
};

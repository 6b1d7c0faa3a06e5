import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import type { Denial } from '../results.ts';
import { touch } from '../stage.ts';
import type { Attack } from './attack.ts';
import { Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** The password is known; prompts are sent until one is approved. */
export const fatigue: Attack = {
  scenario: 'S4',
  name: 'MFA fatigue, then a registration',
  variants: [
    ['burst', 3],
    ['night', 2],
    ['drip', 2],
    ['near-the-victim', 1.5],
    ['reported', 1],
    ['refused', 1],
  ],
  quiet: ['refused'],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && user.methods.some((method) => method.kind === 'app'));
    if (!victim) return false;
    const label = stage.incident('S4', variant, [victim], variant === 'refused' ? 'Low' : 'Medium');
    const night = variant === 'night' ? world.timeOf(world.dayOf(start), rng.between(0, 4) - victim.home.tz + 24) : start;
    const prompts = variant === 'drip' ? rng.int(5, 14) : rng.int(4, 28);
    agenda.add(night, () => {
      const style =
        variant === 'near-the-victim'
          ? rng.pick(['residential-near', 'same-city'] as const)
          : rng.pick(['hosting', 'vpn', 'residential-abroad', 'hosting-near', 'vpn-near'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, rng.pick(['common', 'old'] as const), victim, world.dayOf(night)),
      );
      const method = usualMethod(victim, rng);
      let at = night;
      for (let n = 0; n < prompts; n++) {
        const denial = rng.weighted<Denial>([
          ['declined', 4],
          ['noAnswer', 4],
          ['wrongNumber', 2],
          ['duplicate', 0.5],
        ]);
        at = intruder.enter(at, APPS.officeHome, {
          password: true,
          second: 'prompt',
          method,
          denials: [denial],
          ends: '500121',
          risk: undefined,
        }).at;
        at += variant === 'drip' ? rng.lognormal(55, 0.8) * MINUTE_MS : rng.between(6, 70) * 1000;
      }
      const reported = variant === 'reported' || (variant === 'refused' && rng.chance(0.5));
      if (reported) {
        world.audit(rng, {
          at,
          activity: 'Suspicious activity reported',
          service: 'Azure MFA',
          operationType: 'Update',
          reason: 'User reported the authentication request as suspicious',
          by: { kind: 'user', user: victim, ip: '' },
          target: victim,
          correlation: rng.guid(),
        });
        touch(label, at);
        at += rng.between(2, 60) * MINUTE_MS;
      }
      if (variant === 'refused') return;
      const entry = intruder.enter(at, APPS.officeHome, { password: true, second: 'prompt', method });
      const then = entry.at + (rng.chance(0.75) ? rng.between(0.5, 15) * MINUTE_MS : rng.between(1, 10) * HOUR_MS);
      agenda.add(then, () => {
        const done = intruder.plant(then, likelyPlant(rng));
        intruder.stay(done.at, rng.between(1, 5));
      });
    });
    return true;
  },
};

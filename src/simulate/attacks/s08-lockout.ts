import { usualMethod } from '../activity.ts';
import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import { changeDefault } from '../registration.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, originOf } from './origin.ts';

/** The owner is locked out: methods are swapped, or the default is taken down to a weak one. */
export const lockout: Attack = {
  scenario: 'S8',
  name: 'Add and delete',
  variants: [
    ['add-then-delete', 3],
    ['delete-then-add', 3],
    ['default-downgrade', 2],
    ['near-the-victim', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(
      rng,
      1,
      (user) =>
        inUse(user) &&
        hasMfa(user) &&
        (variant !== 'default-downgrade' || user.methods.some((one) => one.kind === 'app' || one.kind === 'fido')),
    );
    if (!victim) return false;
    const label = stage.incident('S8', variant, [victim], 'Medium');
    agenda.add(start, () => {
      const style =
        variant === 'near-the-victim'
          ? rng.pick(['residential-near', 'same-city'] as const)
          : rng.pick(['hosting', 'vpn', 'hosting-near', 'residential-abroad'] as const);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, rng.pick(['common', 'copy'] as const), victim, world.dayOf(start)),
      );
      const entry = intruder.enter(start, APPS.officeHome, { password: true, second: 'prompt', method: usualMethod(victim, rng) });
      const then = entry.at + rng.lognormal(8, 1) * MINUTE_MS;
      agenda.add(then, () => {
        const old = victim.methods.filter((method) => method.foreign !== true && method.kind !== 'email');
        let at = then;
        if (variant === 'delete-then-add') {
          intruder.enter(at, APPS.mySignIns, { second: 'claim' });
          at += rng.between(0.5, 3) * MINUTE_MS;
          for (const method of old) {
            at += rng.between(8, 50) * 1000;
            intruder.strike(at, method);
          }
          at += rng.between(0.3, 6) * MINUTE_MS;
        }
        const done = intruder.plant(at, variant === 'default-downgrade' ? rng.pick(['sms', 'voice', 'totp'] as const) : likelyPlant(rng), {
          visits: variant !== 'delete-then-add',
          makeDefault: variant === 'add-then-delete',
        });
        at = done.at;
        if (variant === 'default-downgrade' && intruder.planted)
          changeDefault(world, rng, { at: at + rng.between(10, 90) * 1000, user: victim, ip: intruder.origin.next().ip }, intruder.planted);
        if (variant === 'add-then-delete' || variant === 'near-the-victim')
          for (const method of old) {
            at += rng.between(0.2, rng.chance(0.6) ? 3 : 300) * MINUTE_MS;
            intruder.strike(at, method);
          }
        intruder.stay(at, rng.between(1, 4));
        // Somebody who cannot get in calls the help desk, sooner or later.
        if (victim.methods.every((method) => method.foreign)) intruder.evict(at + rng.lognormal(14, 0.8) * HOUR_MS);
      });
    });
    return true;
  },
};

import { usualMethod } from '../activity.ts';
import { registerDevice } from '../admin-events.ts';
import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS } from '../model.ts';
import { newMethod } from '../population.ts';
import { registerMethod } from '../registration.ts';
import { tookHold } from '../stage.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, type OriginStyle, originOf } from './origin.ts';

/** A session is stolen (proxy page, device code) and used to add a method, or a device whose key is one. */
export const adversaryInTheMiddle: Attack = {
  scenario: 'S2',
  name: 'Session theft, then a registration',
  variants: [
    ['proxy-hosting', 3],
    ['proxy-near', 2],
    ['replay-elsewhere', 2],
    ['device-code', 2],
    ['device-join', 1.5],
    ['token-only', 1],
  ],
  quiet: ['token-only'],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && hasMfa(user));
    if (!victim) return false;
    const label = stage.incident('S2', variant, [victim], 'Medium');
    agenda.add(start, () => {
      const style: OriginStyle =
        variant === 'proxy-near' ? rng.pick(['hosting-near', 'vpn-near'] as const) : rng.pick(['hosting', 'vpn', 'hosting-near'] as const);
      const day = world.dayOf(start);
      const proxy = new Intruder(
        stage,
        rng,
        label,
        victim,
        originOf(rng, style, victim),
        intruderFace(rng, rng.pick(['copy', 'common', 'old'] as const), victim, day),
      );
      const entry =
        variant === 'device-code'
          ? proxy.enter(start, APPS.broker, {
              protocol: 'deviceCode',
              second: rng.chance(0.5) ? 'claim' : 'prompt',
              method: usualMethod(victim, rng),
            })
          : proxy.enter(start, rng.pick([APPS.officeHome, APPS.outlookWeb]), {
              password: true,
              second: 'prompt',
              method: usualMethod(victim, rng),
            });
      const wait = rng.chance(0.6) ? rng.between(1, 25) * MINUTE_MS : rng.between(1, 22) * HOUR_MS;
      const then = entry.at + wait;
      agenda.add(then, () => {
        const elsewhere = variant === 'replay-elsewhere' || variant === 'device-code' || rng.chance(0.25);
        const hands = elsewhere
          ? new Intruder(
              stage,
              rng,
              label,
              victim,
              originOf(rng, rng.pick(['vpn', 'hosting', 'residential-abroad'] as const), victim),
              intruderFace(rng, 'common', victim, day),
            )
          : proxy;
        hands.session = proxy.session;
        for (let n = rng.int(1, 5); n > 0; n--)
          hands.enter(then + rng.between(-0.5, 2) * MINUTE_MS, rng.pick([APPS.outlookWeb, APPS.office, APPS.teams]), {
            background: true,
            second: 'claim',
          });
        if (variant === 'token-only') return;
        if (variant === 'device-join') {
          const name = rng.chance(0.6)
            ? `DESKTOP-${rng.text(7, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}`
            : `LT-${rng.text(7, '0123456789ABCDEF')}`;
          hands.enter(then + 3 * MINUTE_MS, APPS.broker, { second: 'claim' });
          registerDevice(
            world,
            rng,
            then + 4 * MINUTE_MS,
            victim,
            { id: rng.guid(), name, os: 'Windows10', trust: 'Azure AD joined' },
            rng.pick(['10.0.19041.928', '10.0.26100.2033', '10.0.22631.3007']),
          );
          const key = { ...newMethod(rng, 'hello', 'US'), foreign: true };
          hands.planted = key;
          tookHold(
            label,
            registerMethod(world, rng, { at: then + rng.between(5, 12) * MINUTE_MS, user: victim, ip: hands.origin.next().ip }, key),
          );
          hands.stay(then + 15 * MINUTE_MS, rng.between(1, 5));
          return;
        }
        const done = hands.plant(then + 3 * MINUTE_MS, likelyPlant(rng), { visits: rng.chance(0.8) });
        hands.stay(done.at, rng.between(1, 6));
      });
    });
    return true;
  },
};

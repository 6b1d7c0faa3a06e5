import { APPS } from '../apps.ts';
import { CITIES, citiesOf } from '../geo.ts';
import { HOUR_MS, MINUTE_MS, type User } from '../model.ts';
import { exitAddress, homeLine, networksOf } from '../networks.ts';
import { failedPassword } from '../sign-in.ts';
import { touch } from '../stage.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse, likelyPlant } from './intruder.ts';
import { intruderFace, nobody, originOf } from './origin.ts';

/** Password spray; an account without a second factor gives in, and the intruder enrols one. */
export const spray: Attack = {
  scenario: 'S1',
  name: 'Password spray, then a first registration',
  variants: [
    ['fast-one-address', 2],
    ['fast-many-addresses', 2],
    ['slow-distributed', 2],
    ['residential-proxies', 1.5],
    ['no-hit', 1],
  ],
  quiet: ['no-hit'],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const [victim] = stage.cast(rng, 1, (user) => inUse(user) && !hasMfa(user));
    if (!victim) return false;
    const label = stage.incident('S1', variant, variant === 'no-hit' ? [] : [victim], 'Medium');
    const exits = CITIES.filter((city) => ['US', 'NL', 'GB', 'DE', 'RO', 'SG', 'FR'].includes(city.country));
    const network = rng.pick([...networksOf('hosting', ''), ...networksOf('vpn', '')]);
    const city = rng.pick(exits);
    const isps = networksOf('isp', victim.home.country);
    const one = exitAddress(network, city, rng, 60);
    const source = () =>
      variant === 'fast-one-address' || variant === 'no-hit'
        ? one
        : variant === 'residential-proxies'
          ? homeLine(rng.pick(isps), rng.pick(citiesOf(victim.home.country)), rng.word(), false, 0)
          : exitAddress(network, variant === 'slow-distributed' ? rng.pick(exits) : city, rng, variant === 'slow-distributed' ? 60 : 12);
    const people = world.users.filter((user) => user.role !== 'service');
    const targets = rng.sample<User>(
      people,
      Math.min(people.length, rng.int(30, Math.max(60, Math.min(300, Math.floor(people.length / 6))))),
    );
    const span =
      variant === 'slow-distributed' || variant === 'residential-proxies' ? rng.between(8, 40) * HOUR_MS : rng.between(5, 70) * MINUTE_MS;
    const face = intruderFace(rng, rng.chance(0.3) ? 'tool' : rng.chance(0.5) ? 'old' : 'common', victim, world.dayOf(start));
    const app = rng.pick([APPS.azureCli, APPS.officeHome, APPS.imap, APPS.graphPowerShell]);
    for (const user of targets) {
      const at = start + rng.unit() * span;
      agenda.add(at, () => {
        const known = !rng.chance(0.15) || user === victim;
        const aim = {
          user: known ? user : nobody(world, rng),
          at,
          from: source(),
          face,
          app,
          session: rng.guid(),
          protocol: app === APPS.imap ? ('ropc' as const) : ('none' as const),
        };
        failedPassword(world, rng, aim, known ? (rng.chance(0.04) ? '50053' : '50126') : '50034');
        if (user === victim || variant === 'no-hit') touch(label, at);
      });
    }
    if (variant === 'no-hit') return true;
    const hit = start + span * rng.between(0.6, 1);
    const patient = rng.chance(0.4) ? rng.between(1, 20) * HOUR_MS : rng.between(1, 30) * MINUTE_MS;
    const proxied = variant === 'residential-proxies';
    agenda.add(hit, () => {
      const origin = originOf(rng, proxied ? 'residential-near' : rng.pick(['hosting', 'vpn', 'hosting-near'] as const), victim);
      const intruder = new Intruder(
        stage,
        rng,
        label,
        victim,
        rng.chance(0.5) && !proxied ? { style: 'hosting', next: source } : origin,
        face,
      );
      intruder.enter(hit, app, { password: true, risk: rng.chance(0.3) ? { level: 'high', type: 'passwordSpray' } : undefined });
      const later = hit + patient;
      agenda.add(later, () => {
        const human = new Intruder(stage, rng, label, victim, origin, intruderFace(rng, 'common', victim, world.dayOf(later)));
        const entry = human.enter(later, APPS.accessPanel, { password: true, second: 'enrol' });
        const done = human.plant(entry.at + 20_000, rng.chance(0.5) ? 'sms' : likelyPlant(rng), { visits: false });
        human.enter(done.at + rng.between(5, 40) * 1000, APPS.officeHome, { password: true, second: 'prompt', method: human.planted });
        human.stay(done.at, rng.between(1, 5));
      });
    });
    return true;
  },
};

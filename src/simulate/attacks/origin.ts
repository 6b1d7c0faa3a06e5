import { type BrowserFamily, type ClientFace, faceOf, type OsFamily, TOOL_FACES } from '../clients.ts';
import type { Risk } from '../events.ts';
import { CITIES, citiesOf } from '../geo.ts';
import type { User } from '../model.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from '../names.ts';
import { type Attachment, carrierAddress, exitAddress, homeLine, networksOf } from '../networks.ts';
import type { Rng } from '../rng.ts';
import type { World } from '../world.ts';

/** Where an intruder comes from. None of these networks is the intruders' alone: employees go out through every kind. */
export type OriginStyle =
  | 'hosting'
  | 'hosting-near'
  | 'vpn'
  | 'vpn-near'
  | 'residential-abroad'
  | 'residential-near'
  | 'same-city'
  | 'mobile-near';

export interface Origin {
  readonly style: OriginStyle;
  /** Address of the next connection: proxies rotate, servers stay. */
  next(): Attachment;
}

export function originOf(rng: Rng, style: OriginStyle, victim: User): Origin {
  const far = CITIES.filter((city) => city.country !== victim.home.country);
  const exits = far.filter((city) => ['US', 'NL', 'GB', 'DE', 'CH', 'RO', 'SG', 'SE', 'FR', 'CA', 'PL', 'AT'].includes(city.country));
  const near = rng.pick(citiesOf(victim.home.country));
  const line = rng.word();
  const rotates = rng.between(0.1, 0.6);
  let current: Attachment | undefined;
  const draw = ((): (() => Attachment) => {
    switch (style) {
      case 'hosting':
      case 'hosting-near': {
        const network = rng.pick(networksOf('hosting', ''));
        const city = style === 'hosting' ? rng.pick(exits) : near;
        return () => exitAddress(network, city, rng, 40);
      }
      case 'vpn':
      case 'vpn-near': {
        const network = rng.pick(networksOf('vpn', ''));
        const city = style === 'vpn' ? rng.pick(exits) : near;
        return () => exitAddress(network, city, rng);
      }
      case 'residential-abroad': {
        const city = rng.pick(
          far.filter((one) => ['NG', 'RO', 'RU', 'TR', 'UA', 'VN', 'BR', 'IN', 'ZA', 'PL', 'ID'].includes(one.country)),
        );
        const network = rng.pick(networksOf('isp', city.country));
        return () => homeLine(network, city, line, false, 0);
      }
      case 'residential-near': {
        const networks = networksOf('isp', victim.home.country);
        return () => homeLine(rng.pick(networks), rng.pick(citiesOf(victim.home.country)), rng.word(), rng.chance(0.15), rng.word());
      }
      case 'same-city': {
        const network = rng.chance(0.5) ? victim.homeNetwork : rng.pick(networksOf('isp', victim.home.country));
        return () => homeLine(network, victim.home, rng.word(), rng.chance(0.15), rng.word());
      }
      case 'mobile-near': {
        const network = rng.pick(networksOf('mobile', victim.home.country));
        return () => carrierAddress(network, near, rng);
      }
    }
  })();
  return {
    style,
    next() {
      if (!current || rng.chance(rotates)) current = draw();
      return current;
    },
  };
}

/** What the intruder's client shows: a copy of the victim's, a common one, one that lags behind, or a tool. */
export function intruderFace(rng: Rng, how: 'copy' | 'common' | 'old' | 'tool', victim: User, day: number): ClientFace {
  const own = victim.devices[0];
  if (how === 'tool') return rng.pick(TOOL_FACES);
  if (how === 'copy' && own) return faceOf(own.os, own.browser, day, own.lag);
  const [os, browser] = rng.weighted<readonly [OsFamily, BrowserFamily]>([
    [['Windows10', 'Chrome'], 4],
    [['Windows11', 'Chrome'], 3],
    [['Windows11', 'Edge'], 2],
    [['MacOs', 'Chrome'], 1.5],
    [['Linux', 'Firefox'], 0.5],
    [['Ios 19', 'Mobile Safari'], 0.7],
    [['Android 16', 'Chrome Mobile'], 0.5],
  ]);
  return faceOf(os, browser, day, how === 'old' ? rng.int(80, 400) : rng.between(0, 26));
}

/** What Identity Protection notices, by where the intruder comes from: often nothing. */
const NOTICED: Readonly<Record<OriginStyle, readonly [number, readonly (readonly [Risk['type'], number])[]]>> = {
  hosting: [
    0.45,
    [
      ['unfamiliarFeatures', 3],
      ['anonymizedIPAddress', 1],
      ['unlikelyTravel', 2],
    ],
  ],
  'hosting-near': [0.3, [['unfamiliarFeatures', 1]]],
  vpn: [
    0.55,
    [
      ['anonymizedIPAddress', 4],
      ['unfamiliarFeatures', 1],
    ],
  ],
  'vpn-near': [0.4, [['anonymizedIPAddress', 1]]],
  'residential-abroad': [
    0.5,
    [
      ['unfamiliarFeatures', 2],
      ['unlikelyTravel', 2],
    ],
  ],
  'residential-near': [0.12, [['unfamiliarFeatures', 1]]],
  'same-city': [0.05, [['unfamiliarFeatures', 1]]],
  'mobile-near': [0.06, [['unfamiliarFeatures', 1]]],
};

export function noticed(rng: Rng, style: OriginStyle, type?: Risk['type']): Risk | undefined {
  const [probability, types] = NOTICED[style];
  if (!rng.chance(probability)) return undefined;
  return {
    level: rng.weighted([
      ['low', 2],
      ['medium', 4],
      ['high', 2.5],
    ] as const),
    type: type ?? rng.weighted(types),
  };
}

/** A name that a list has and the directory has not: the log keeps the name and shows an empty object id. */
export function nobody(world: World, rng: Rng): User {
  const name = `${rng.pick(GIVEN_NAMES)}.${rng.pick(FAMILY_NAMES)}`.toLowerCase();
  return {
    ...world.users[0]!,
    index: 0,
    id: '00000000-0000-0000-0000-000000000000',
    upn: `${name}@${world.tenant.domain}`,
    displayName: '',
    role: 'person',
  };
}

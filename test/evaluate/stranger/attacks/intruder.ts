import { APPS, type App } from '../apps.ts';
import type { Device } from '../devices.ts';
import { address, fixedLine, type Line, type Spot } from '../networks.ts';
import { type Handset, isAway, type MethodName, type Person } from '../people.ts';
import { BROADBAND, FAR_PLACES, HOSTING, MOBILE, PLACES, type Place } from '../places.ts';
import { newHandset } from '../population.ts';
import type { Random } from '../random.ts';
import { type Registered, register } from '../registrations.ts';
import { riskRow } from '../rows/risk.ts';
import { refreshRow, type SignInFacts } from '../rows/sign-in.ts';
import { freshSignIn, primary, type SignedIn, ssoSignIn, stepName, type Typed } from '../sessions.ts';
import { DAY, dayOf, HOUR, localTime, MINUTE, stamp, weekday } from '../time.ts';
import type { World } from '../world.ts';

/** Where an intruder's traffic comes out. */
export type Reach =
  | 'hosting'
  | 'hosting-same-country'
  | 'bought-vpn'
  | 'far-abroad'
  | 'resident-near'
  | 'resident-same-country'
  | 'mobile-near';

export interface Intruder {
  readonly reach: Reach;
  readonly line: Line;
  readonly device: Device;
  readonly handset: Handset;
}

const REACHES: readonly (readonly [Reach, number])[] = [
  ['hosting', 5],
  ['hosting-same-country', 3],
  ['bought-vpn', 3],
  ['far-abroad', 3],
  ['resident-near', 2],
  ['resident-same-country', 2],
  ['mobile-near', 1],
];

export const anyReach = (random: Random): Reach => random.weighted(REACHES);

/** A residential exit is somebody's router: it stays for some hours, then it is another one in the same town. */
function residentialLine(place: Place, random: Random): Line {
  const own = random.stream(`exit${random.hex(6)}`);
  const hold = own.between(2, 30) * HOUR;
  return (at) => {
    const now = own.stream(String(Math.floor(at / hold)));
    const { asn } = now.pick(BROADBAND[place.country]!);
    return { ip: address(asn, place, now), asn, place };
  };
}

const townsOf = (country: string): readonly Place[] => Object.values(PLACES).filter((place) => place.country === country);

function lineFor(reach: Reach, victim: Person, random: Random): Line {
  const { country } = victim.place;
  const hosts = HOSTING.flatMap(([{ asn }, places]) => places.map((place) => ({ asn, place })));
  const exits = (asns: readonly number[]) => hosts.filter(({ asn }) => asns.includes(asn));
  const host = (list: typeof hosts) => {
    const { asn, place } = random.pick(list);
    return fixedLine(asn, place, random);
  };
  switch (reach) {
    case 'hosting':
      return host(hosts.filter(({ place }) => place.country !== country));
    case 'hosting-same-country': {
      const near = hosts.filter(({ place }) => place.country === country);
      return host(near.length > 0 ? near : hosts);
    }
    case 'bought-vpn':
      return host(exits([9009, 212238]));
    case 'far-abroad': {
      const place = random.pick(FAR_PLACES);
      return fixedLine(random.pick(BROADBAND[place.country]!).asn, place, random);
    }
    case 'resident-near':
      return residentialLine(victim.place, random);
    case 'resident-same-country': {
      const towns = townsOf(country).filter((place) => place !== victim.place);
      return residentialLine(towns.length > 0 ? random.pick(towns) : victim.place, random);
    }
    case 'mobile-near': {
      const { asn } = random.pick(MOBILE[country] ?? BROADBAND[country]!);
      return (at) => ({ ip: address(asn, victim.place, random.stream(`m${Math.floor(at / (30 * MINUTE))}`)), asn, place: victim.place });
    }
  }
}

const OWN_DEVICES: readonly (readonly [Omit<Device, 'id' | 'name' | 'trust' | 'managed'>, number])[] = [
  [{ kind: 'pc', os: 'Windows10', browser: 'Chrome' }, 5],
  [{ kind: 'pc', os: 'Windows10', browser: 'Edge' }, 2],
  [{ kind: 'pc', os: 'Windows10', browser: 'Firefox' }, 2],
  [{ kind: 'linux', os: 'Linux', browser: 'Firefox' }, 2],
  [{ kind: 'mac', os: 'MacOs', browser: 'Chrome' }, 1],
  [{ kind: 'android', os: 'Android 10', browser: 'Chrome Mobile' }, 1],
];

/** The victim's browser as far as a proxy or an anti-detect browser can copy it: never the device's id. */
const disguised = (device: Device): Device => ({ ...device, id: '', name: '', trust: '', managed: false });

export function newIntruder(random: Random, victim: Person, reach: Reach = anyReach(random), disguise = 0.35): Intruder {
  const own: Device = { ...random.weighted(OWN_DEVICES), id: '', name: '', trust: '', managed: false };
  const country = random.chance(0.4) ? victim.place.country : random.pick(['NG', 'RO', 'US', 'GB', 'PL']);
  return {
    reach,
    line: lineFor(reach, victim, random),
    device: random.chance(disguise) ? disguised(victim.pc) : own,
    handset: newHandset(random, country),
  };
}

const SEEN: Readonly<Record<Reach, number>> = {
  hosting: 0.55,
  'hosting-same-country': 0.35,
  'bought-vpn': 0.6,
  'far-abroad': 0.55,
  'resident-near': 0.06,
  'resident-same-country': 0.12,
  'mobile-near': 0.05,
};

/** What Identity Protection sees in an intruder's sign-in, where it is paid for. */
export function riskOf(world: World, random: Random, reach: Reach): Pick<SignInFacts, 'risk' | 'riskEvents'> {
  if (!world.traits.p2 || !random.chance(SEEN[reach])) return {};
  const risk = random.weighted([
    ['low' as const, 3],
    ['medium' as const, 5],
    ['high' as const, 2],
  ]);
  return {
    risk,
    riskEvents: [
      reach === 'bought-vpn' ? 'anonymizedIPAddress' : random.pick(['unfamiliarFeatures', 'unfamiliarFeatures', 'anomalousToken']),
    ],
  };
}

export interface Entry {
  readonly victim: Person;
  readonly intruder: Intruder;
  readonly at: number;
  readonly app?: App;
  readonly session: string;
  readonly spot?: Spot;
}

const signOf = (world: World, random: Random, entry: Entry) => {
  const spot = entry.spot ?? entry.intruder.line(entry.at);
  return {
    person: entry.victim,
    at: entry.at,
    app: entry.app ?? APPS.officeHome,
    spot,
    device: entry.intruder.device,
    session: entry.session,
    ...riskOf(world, random, entry.intruder.reach),
  };
};

function noteRisk(world: World, entry: Entry, sign: ReturnType<typeof signOf>, done: SignedIn): void {
  if (sign.risk === undefined) return;
  const type = sign.riskEvents?.[0] ?? 'unfamiliarFeatures';
  riskRow(world, {
    at: entry.at,
    person: entry.victim,
    type,
    level: sign.risk,
    realtime: type !== 'anomalousToken',
    spot: sign.spot,
    request: done.id,
    correlation: done.correlation,
  });
}

/** The intruder signs in with what they know. */
export function enter(world: World, random: Random, entry: Entry, typed: Typed): SignedIn {
  const sign = signOf(world, random, entry);
  const done = freshSignIn(world, random, sign, typed);
  noteRisk(world, entry, sign, done);
  return done;
}

/** The intruder uses a stolen session. */
export function replay(world: World, random: Random, entry: Entry): SignedIn {
  const sign = signOf(world, random, entry);
  const done = ssoSignIn(world, random, sign);
  noteRisk(world, entry, sign, done);
  return done;
}

export const firstFactor = (victim: Person): string => {
  const method = (['app', 'sms', 'appCode', 'call'] as const).find((name) => victim.methods.has(name));
  return method === undefined ? 'none' : stepName(method);
};

/** A method the intruder can add: mostly an authenticator of their own. */
export const intruderMethod = (random: Random): MethodName =>
  random.weighted([
    ['app', 6],
    ['appCode', 2],
    ['sms', 3],
    ['call', 0.7],
    ['oath', 0.5],
  ] as const);

export interface Foothold {
  readonly victim: Person;
  readonly intruder: Intruder;
  readonly at: number;
  readonly session: string;
  readonly method?: MethodName;
  readonly handset?: Handset;
  readonly visit?: boolean;
}

/** On the security-info page, with a session: the visit, and the registration a little later from the same place. */
export function registerForeign(world: World, random: Random, foothold: Foothold): Registered {
  const { victim, intruder, at, session } = foothold;
  const spot = intruder.line(at);
  if (foothold.visit ?? random.chance(0.85))
    replay(world, random, { victim, intruder, at: at - random.whole(30, 240) * 1000, app: APPS.mySignIns, session, spot });
  return register(world, random, {
    at,
    target: victim,
    ip: spot.ip,
    method: foothold.method ?? intruderMethod(random),
    handset: foothold.handset ?? intruder.handset,
    allRequired: random.chance(0.1),
  });
}

/** What most do with the account: read mail, look through files, for an hour or some days. Some wait. Returns the end. */
export function linger(world: World, random: Random, foothold: Foothold): number {
  if (random.chance(0.3)) return foothold.at;
  const { victim, intruder, session } = foothold;
  let at = foothold.at;
  for (let left = random.whole(2, 9); left > 0; left--) {
    at += random.weighted([
      [random.between(1, 15) * MINUTE, 5],
      [random.between(1, 20) * HOUR, 2],
    ]);
    if (at > world.endMs - HOUR) break;
    const app = random.pick([APPS.outlookWeb, APPS.sharePoint, APPS.office, APPS.officeHome]);
    if (random.chance(0.4)) replay(world, random, { victim, intruder, at, app, session });
    else
      refreshRow(world, {
        at,
        person: victim,
        app,
        spot: intruder.line(at),
        device: intruder.device,
        session,
        correlation: random.guid(),
        result: 0,
        mfa: true,
        steps: [primary('Previously satisfied')],
      });
  }
  return at;
}

export const isSteady =
  (world: World) =>
  (person: Person): boolean =>
    person.from === 0 && person.until > world.endMs;

/** When an intruder acts: when the victim works, in the evening or in the depth of the night; not in the first nine days. Who must click is awake. */
export function attackTime(world: World, random: Random, victim: Person, awake = false): number {
  for (let attempt = 0; ; attempt++) {
    const day = dayOf(random.between(world.traits.startMs + 9 * DAY, world.endMs - 2.5 * DAY));
    const hour = random.weighted([
      [random.between(victim.startHour, victim.startHour + victim.hours), 5],
      [random.between(18, 23), 2],
      [random.between(0, 6), awake ? 0 : 2],
    ]);
    const at = localTime(day, hour, victim.zone);
    if (attempt > 40 || (!isAway(victim, at) && (victim.workdays.has(weekday(at)) || random.chance(0.2)))) return at;
  }
}

export interface Label {
  readonly scenario: string;
  readonly variant: string;
  readonly victims: readonly Person[];
  readonly start: number;
  readonly end: number;
  readonly registered?: Registered;
}

export function label(world: World, facts: Label): void {
  world.incidents.push({
    id: `${facts.scenario}-${world.incidents.length + 1}`,
    scenario: facts.scenario,
    variant: facts.variant,
    user_ids: facts.victims.map(({ id }) => id),
    upns: facts.victims.map(({ upn }) => upn),
    start: stamp(facts.start),
    end: stamp(Math.max(facts.end, facts.start)),
    registration_time: facts.registered === undefined ? null : stamp(facts.registered.at),
    registration_event_ids: facts.registered?.ids ?? [],
    must_detect: facts.registered !== undefined,
    min_severity: 'Medium',
  });
}

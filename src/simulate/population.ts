import type { Assumptions } from './assumptions.ts';
import { type BrowserFamily, type OsFamily, PHONE_NAMES, phoneNumber, pushToken } from './clients.ts';
import { CITIES, type City, citiesOf, cityNamed } from './geo.ts';
import type { Method, MethodKind } from './methods.ts';
import type { Device, Role, Site, Tenant, Trip, User } from './model.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts';
import { networksOf } from './networks.ts';
import { Rng } from './rng.ts';

export const NEVER = 1e9;

/** Most browsers are current; a few have not been updated for months. */
function updateLag(rng: Rng): number {
  return rng.chance(0.04) ? rng.between(60, 420) : rng.between(0, 26);
}

/** A managed or private computer. */
export function newLaptop(rng: Rng, managed: boolean, from: number, tag: string): Device {
  const os = rng.weighted<OsFamily>(
    managed
      ? [
          ['Windows11', 6],
          ['Windows10', 1.2],
          ['MacOs', 1.4],
        ]
      : [
          ['Windows11', 4],
          ['Windows10', 1.5],
          ['MacOs', 3],
          ['Linux', 0.4],
        ],
  );
  const browser = rng.weighted<BrowserFamily>(
    os === 'MacOs'
      ? [
          ['Safari', 4],
          ['Chrome', 4],
          ['Edge', managed ? 3 : 0.4],
        ]
      : os === 'Linux'
        ? [
            ['Chrome', 3],
            ['Firefox', 3],
          ]
        : [
            ['Edge', managed ? 7 : 3],
            ['Chrome', 4],
            ['Firefox', 0.7],
          ],
  );
  const joined = rng.chance(0.55) ? 'Azure AD joined' : 'Hybrid Azure AD joined';
  return {
    id: managed ? rng.guid() : '',
    name: managed ? `${tag}-${rng.text(7, '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ')}` : '',
    kind: 'laptop',
    os,
    browser,
    trust: managed ? (os === 'MacOs' ? 'Azure AD registered' : joined) : '',
    managed,
    lag: updateLag(rng),
    from,
    until: NEVER,
  };
}

export function newPhone(rng: Rng, from: number, enrolled: boolean): Device {
  const apple = rng.chance(0.55);
  const os: OsFamily = apple ? (rng.chance(0.6) ? 'Ios 19' : 'Ios 18') : rng.chance(0.5) ? 'Android 16' : 'Android 15';
  return {
    id: enrolled ? rng.guid() : '',
    name: rng.pick(apple ? PHONE_NAMES.Ios : PHONE_NAMES.Android),
    kind: 'phone',
    os,
    browser: apple ? 'Mobile Safari' : rng.chance(0.75) ? 'Chrome Mobile' : 'Samsung Browser',
    trust: enrolled ? 'Azure AD registered' : '',
    managed: enrolled && rng.chance(0.5),
    lag: updateLag(rng),
    from,
    until: NEVER,
  };
}

/** A new method of an account; `country` is the phone number's. */
export function newMethod(rng: Rng, kind: MethodKind, country: string, phone?: Device): Method {
  const key = rng.guid();
  if (kind === 'sms' || kind === 'voice' || kind === 'office-phone') return { kind, key, phone: phoneNumber(rng, country) };
  if (kind === 'email') return { kind, key, email: `${rng.text(8, 'abcdefghijkmnpqrstuvwxyz')}@mail.example` };
  if (kind === 'totp') return { kind, key, deviceName: 'NO_DEVICE', token: 'NO_DEVICE_TOKEN', appVersion: 'NO_PHONE_APP_VERSION' };
  if (kind === 'app' || kind === 'app-code') {
    const apple = phone ? phone.os.startsWith('Ios') : rng.chance(0.5);
    return {
      kind,
      key,
      deviceName: phone?.name ?? rng.pick(apple ? PHONE_NAMES.Ios : PHONE_NAMES.Android),
      token: pushToken(rng, apple),
      appVersion: apple ? `6.8.${rng.int(44, 56)}` : `6.26${rng.int(10, 11)}.${rng.int(3000, 7600)}`,
    };
  }
  return { kind, key };
}

function firstMethods(rng: Rng, assumptions: Assumptions, country: string, phone: Device): Method[] {
  const set = rng.weighted(assumptions.methods);
  const make = (kind: MethodKind) => newMethod(rng, kind, country, phone);
  const methods: Method[] = [];
  if (set === 'app' || set === 'app-sms') methods.push(make('app'));
  if (set === 'app-sms' || set === 'sms') methods.push(make(rng.chance(0.6) ? 'voice' : 'sms'));
  if (set === 'totp') methods.push(make('totp'));
  if (set === 'fido') methods.push(make(rng.chance(0.5) ? 'fido' : 'hello'), make('app'));
  if (set !== 'none' && rng.chance(0.18)) methods.push(make('email'));
  return methods;
}

export function buildTenant(kind: Tenant['kind'], assumptions: Assumptions, seed: number, start: number, days: number): Tenant {
  const rng = new Rng('tenant', kind, seed);
  const cities = rng.pick(assumptions.sites).map(cityNamed);
  const sites = cities.map((city): Site => {
    const network = rng.pick(networksOf(kind === 'university' ? 'campus' : 'business', city.country));
    return { city, network, line: rng.int(1000, 1_000_000), egresses: kind === 'university' ? 18 : rng.int(2, 4) };
  });
  const sase = rng.pick(networksOf('sase', ''));
  const own = rng.chance(0.5);
  const near = CITIES.filter((city) => ['US', 'GB', 'DE', 'NL', 'FR', 'IE'].includes(city.country));
  const policyNames = ['Require MFA for all users', 'Block legacy authentication', 'Require compliant device for admins'];
  return {
    kind,
    id: rng.guid(),
    workspace: rng.guid(),
    domain: 'contoso.test',
    seed,
    start,
    days,
    assumptions,
    sites,
    gateway: own
      ? { network: sites[0]!.network, cities: [cities[0]!], line: rng.int(1000, 1_000_000) }
      : { network: sase, cities: [cities[0]!, rng.pick(near)], line: 0 },
    rollout: undefined,
    risk: rng.weighted(assumptions.risk),
    wave: rng.chance(0.85) ? { day: rng.int(1, Math.max(1, days - 4)), share: assumptions.waveShare * rng.between(0.6, 1.4) } : undefined,
    policies: policyNames.map((name) => ({ id: rng.guid(), name })),
    services: { mfa: rng.guid(), registration: rng.guid(), sspr: rng.guid(), sync: rng.guid(), device: rng.guid() },
  };
}

function tripsOf(rng: Rng, tenant: Tenant, home: City): Trip[] {
  const trips: Trip[] = [];
  let day = rng.exponential(30 / tenant.assumptions.travel);
  while (day < tenant.days) {
    const abroad = rng.chance(0.75);
    const cities = abroad ? CITIES.filter((city) => city.country !== home.country) : citiesOf(home.country).filter((city) => city !== home);
    const length = rng.int(2, 9);
    if (cities.length > 0)
      trips.push({ from: Math.floor(day), until: Math.floor(day) + length, city: rng.pick(cities), line: rng.int(0, 600) });
    day += length + rng.exponential(20 / tenant.assumptions.travel);
  }
  return trips;
}

const ADMIN_ROLES = [
  'Global Administrator',
  'Privileged Role Administrator',
  'Exchange Administrator',
  'Security Administrator',
  'User Administrator',
];

/** The role that an index of the population has: a few of each, at fixed shares, the rest persons. */
function roleOf(rng: Rng, assumptions: Assumptions, index: number): Role {
  if (index < 2) return 'break-glass';
  if (index < 9) return 'person';
  return rng.weighted<Role>([
    ['service', assumptions.serviceAccounts],
    ['guest', assumptions.guests],
    ['dormant', assumptions.dormant],
    ['person', 1 - assumptions.serviceAccounts - assumptions.guests - assumptions.dormant],
  ]);
}

function personalNetwork(rng: Rng, assumptions: Assumptions, home: City): User['personal'] {
  const kind = rng.weighted<'vpn' | 'hosting' | 'relay' | 'none'>([
    ['vpn', assumptions.personalVpn],
    ['hosting', assumptions.cloudDesktop],
    ['relay', assumptions.privateRelay],
    ['none', 1 - assumptions.personalVpn - assumptions.cloudDesktop - assumptions.privateRelay],
  ]);
  if (kind === 'none') return undefined;
  const pool = kind === 'vpn' && rng.chance(0.25) ? [...networksOf('vpn', ''), ...networksOf('hosting', '')] : networksOf(kind, '');
  const abroad = CITIES.filter((city) => ['US', 'NL', 'GB', 'DE', 'CH', 'RO', 'SG', 'SE', 'FR', 'CA'].includes(city.country));
  const cities = kind === 'vpn' ? [home, ...rng.sample(abroad, rng.int(1, 3))] : kind === 'hosting' ? [rng.pick(abroad)] : [home];
  return { network: rng.pick(pool), cities, share: kind === 'relay' ? rng.between(0.2, 0.6) : rng.between(0.08, 0.5) };
}

/** One member of the population; a function of tenant and index alone. */
export function buildUser(tenant: Tenant, index: number): User {
  const { assumptions, days } = tenant;
  const rng = new Rng('user', tenant.seed, tenant.kind, index);
  const role = roleOf(rng, assumptions, index);
  const site = Math.min(tenant.sites.length - 1, Math.floor(rng.unit() ** 1.6 * tenant.sites.length));
  const siteCity = tenant.sites[site]!.city;
  const home = role === 'guest' ? rng.pick(CITIES) : rng.chance(0.85) ? siteCity : rng.pick(citiesOf(siteCity.country));
  const phoneCountry = tenant.kind === 'university' && rng.chance(0.2) ? rng.pick(CITIES).country : home.country;
  const joins = role === 'person' && index > 8 && rng.chance((assumptions.joinersPerMonth * days) / 30);
  const inWave = role === 'person' && tenant.wave !== undefined && index > 8 && rng.chance(tenant.wave.share);
  const joined = joins ? rng.int(0, days - 1) : -NEVER;
  const joinDay =
    inWave && tenant.wave
      ? tenant.wave.day +
        rng.weighted([
          [0, 6],
          [1, 3],
          [2, 1],
        ] as const)
      : joined;
  const begins = joins || inWave;
  const leaves = role === 'person' && !begins && rng.chance((assumptions.leaversPerMonth * days) / 30);
  const given = rng.pick(GIVEN_NAMES);
  const family = rng.pick(FAMILY_NAMES);
  const local = `${given}.${family}${index}`.toLowerCase();
  const domain = tenant.domain;
  const upn =
    role === 'service'
      ? `svc-${rng.pick(['backup', 'scanner', 'report', 'sync', 'build'])}${index}@${domain}`
      : role === 'guest'
        ? `${local}_${rng.pick(['fabrikam', 'adatum', 'northwind'])}.test#EXT#@${domain}`
        : role === 'break-glass'
          ? `emergency${index + 1}@${domain}`
          : `${local}@${domain}`;
  const admin = index < 2 || index === 5 || index === 6 || (role === 'person' && !begins && rng.chance(assumptions.admins));
  const helpDesk = role === 'person' && !begins && !admin && (index < 5 || rng.chance(assumptions.helpDesk));
  const managed = role !== 'guest' && rng.chance(assumptions.managedLaptop);
  const phone = newPhone(rng, -NEVER, managed && rng.chance(0.4));
  const devices = [newLaptop(rng, managed, -NEVER, tenant.kind === 'office' ? 'LT' : 'PC'), phone];
  if (rng.chance(0.25)) devices.push(newLaptop(rng, false, -NEVER, ''));
  const methods =
    role === 'service' || begins || (role === 'dormant' && rng.chance(0.6))
      ? []
      : role === 'break-glass'
        ? [newMethod(rng, 'fido', home.country)]
        : firstMethods(rng, assumptions, phoneCountry, phone);
  const isp = rng.pick(networksOf('isp', home.country));
  const vacation = rng.chance((0.5 * days) / 35) ? rng.int(0, days) : NEVER;
  const { median, sigma } = assumptions.interactivePerDay;
  const title = admin ? 'Systems Engineer' : helpDesk ? 'Service Desk Agent' : rng.weighted(assumptions.roles);
  return {
    index,
    id: rng.guid(),
    upn,
    displayName: role === 'service' ? upn.split('@')[0]! : `${given} ${family}`,
    given,
    family,
    role,
    title,
    department: admin || helpDesk ? 'IT' : rng.pick(assumptions.departments),
    directoryRoles: index < 2 ? ['Global Administrator'] : admin ? [rng.pick(ADMIN_ROLES)] : helpDesk ? ['Helpdesk Administrator'] : [],
    manager: '',
    home,
    site,
    createdDay: begins ? joinDay - rng.int(1, 12) : -Math.floor(rng.exponential(900)) - 95,
    joinDay,
    leaveDay: leaves ? rng.int(3, days) : NEVER,
    interactivePerDay: rng.lognormal(median, sigma) * (role === 'guest' ? 0.5 : 1),
    nonInteractivePerDay: rng.lognormal(assumptions.nonInteractivePerDay.median, assumptions.nonInteractivePerDay.sigma),
    startHour: assumptions.hours.start + rng.normal() * assumptions.hours.spread,
    workHours: assumptions.hours.length + rng.normal() * 0.7,
    phase: rng.int(0, 59),
    homeNetwork: isp,
    homeLine: rng.word(),
    homeSix: rng.chance(0.28),
    mobileNetwork: rng.pick(networksOf('mobile', home.country)),
    phoneCountry,
    corporateVpn: role === 'person' && managed && rng.chance(assumptions.corporateVpn),
    personal: role === 'person' ? personalNetwork(rng, assumptions, home) : undefined,
    devices,
    methods,
    defaultMethod: methods.find((method) => method.kind !== 'email')?.key ?? '',
    trips: role === 'person' ? tripsOf(rng, tenant, home) : [],
    away: vacation === NEVER ? [] : [[vacation, vacation + rng.int(4, 15)]],
  };
}

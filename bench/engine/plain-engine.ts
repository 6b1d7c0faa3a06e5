import { type PlainKnowledge, PlainPlaces } from './plain-places.ts';

/** A sign-in as a plain object; making it from the Arrow batch is part of what is timed. */
export interface PlainRow {
  readonly id: string;
  readonly time: number;
  readonly user: string;
  readonly name: string;
  readonly ip: string;
  readonly country: string;
  readonly asn: string;
  readonly device: string;
  readonly client: string;
  readonly result: string;
  readonly interactive: boolean;
  readonly session: string;
  readonly latitude: number;
  readonly longitude: number;
}

interface PlainValue {
  count: number;
  first: number;
  /** Days on which it was seen; known after three of them, a week apart, or at once with a known device. */
  days: Set<number>;
  known: boolean;
}

interface PlainSession {
  readonly time: number;
  readonly risk: number;
  readonly words: readonly string[];
  readonly row: PlainRow;
}

interface PlainUser {
  first: number;
  last: number;
  signIns: number;
  prompts: number;
  promptsAt: number;
  /** Last time at a usual place, and the last place. */
  usualAt: number;
  place: readonly [number, number] | undefined;
  /** Ranges with a wrong password. */
  tried: Set<string>;
  readonly features: Map<string, { novel: number; values: Map<string, PlainValue> }>;
  /** The last row's sign-in and result: rows of one sign-in count once. */
  lastRow: string;
  readonly hours: Set<number>;
  /** The day, range and device that were last learnt of an app in the background. */
  background: string;
  /** The riskiest sign-ins of the last day. */
  sessions: PlainSession[];
}

interface PlainSource {
  hour: number;
  fails: number;
  passes: number;
  users: Set<string>;
  usual: Set<string>;
  tried: Map<string, number>;
}

const features: readonly (readonly [name: string, rate: number, attacker: number, of: (row: PlainRow) => string])[] = [
  ['country', 0.004, 0.9, (row) => row.country],
  ['asn', 0.03, 0.9, (row) => row.asn],
  ['prefix', 0.15, 0.95, (row) => row.ip.slice(0, row.ip.lastIndexOf('.'))],
  ['device', 0.03, 0.9, (row) => row.device || 'none'],
  ['client', 0.02, 0.6, (row) => row.client],
];

function kilometres([latitude, longitude]: readonly [number, number], row: PlainRow): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  const h =
    Math.sin(rad(row.latitude - latitude) / 2) ** 2 +
    Math.cos(rad(latitude)) * Math.cos(rad(row.latitude)) * Math.sin(rad(row.longitude - longitude) / 2) ** 2;
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * What one would write first: what D1 to D5, D10, D12, D13, D19, D21 to D23 do with a sign-in, by hand or in the background, over Maps of objects,
 * with the keeping of what is risky and of the names that users sign in by. The others wait for registrations, answers and pages of which the stream has none. The engine is measured
 * against it.
 */
export class PlainEngine {
  readonly #users = new Map<string, PlainUser>();
  readonly #sources = new Map<string, PlainSource>();
  readonly #tenant = new Map<string, { total: number; counts: Map<string, number> }>();
  readonly #seen = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #hours = new Map<number, number>();
  /** Users who are known in an address range, in a network, by a device. */
  readonly #crowds = new Map<string, Set<string>>();
  /** Users who failed from a network with a client, and how many passed. */
  readonly #groups = new Map<string, { first: number; users: Set<string>; passes: number }>();
  readonly #places = new PlainPlaces();
  firstSeen = 0;
  risky = 0;

  add(rows: readonly PlainRow[]): void {
    for (const row of [...rows].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))) {
      if (this.#seen.has(row.id)) continue;
      this.#seen.add(row.id);
      if (this.#judge(row) >= 2) this.risky++;
    }
  }

  #judge(row: PlainRow): number {
    let user = this.#users.get(row.user);
    if (user === undefined) {
      user = {
        first: row.time,
        last: 0,
        signIns: 0,
        prompts: 0,
        promptsAt: 0,
        usualAt: 0,
        place: undefined,
        tried: new Set(),
        features: new Map(),
        lastRow: '',
        hours: new Set(),
        background: '',
        sessions: [],
      };
      this.#users.set(row.user, user);
    }
    let source = this.#sources.get(row.ip);
    if (source === undefined) {
      source = { hour: 0, fails: 0, passes: 0, users: new Set(), usual: new Set(), tried: new Map() };
      this.#sources.set(row.ip, source);
    }
    if (this.firstSeen === 0) this.firstSeen = row.time;
    const own = `${row.id} ${row.result}`;
    if (user.lastRow === own) return 0;
    user.lastRow = own;
    user.last = row.time;
    const prefix = row.ip.slice(0, row.ip.lastIndexOf('.'));
    const group = `${row.asn} ${row.client}`;
    const ownDevice = row.device !== '' && this.#isUsual(user, 'device', row.device);
    const usual = this.#isUsual(user, 'asn', row.asn) && this.#isUsual(user, 'country', row.country);
    if (usual) user.usualAt = row.time;
    if (usual && row.result === '0') this.#sessions.add(`${row.user} ${row.session}`);
    const taken = !usual && this.#sessions.has(`${row.user} ${row.session}`) && row.time - user.usualAt < 7_200_000 ? 2.5 : 0;
    const known: PlainKnowledge = {
      isHome: usual && this.#isUsual(user, 'prefix', prefix),
      isUsual: usual,
      isSettled: user.signIns >= 10,
      ownDevice,
      ownClient: this.#isUsual(user, 'device', row.device || 'none') && this.#isUsual(user, 'client', row.client),
    };
    if (!row.interactive && row.result === '0') {
      const moved = this.#places.judge(row, prefix, known);
      this.#learnBackground(user, row, prefix, ownDevice);
      this.#places.learn(row, prefix, known);
      return taken + moved;
    }
    const hour = Math.floor(row.time / 3_600_000);
    if (hour !== source.hour) Object.assign(source, { hour, fails: 0, passes: 0, users: new Set() });
    if (row.result === '50126') {
      source.fails++;
      source.users.add(row.user);
      this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
      source.tried.set(row.user, row.time);
      this.#places.failed(row, prefix, known);
      if (usual || ownDevice) return 0;
      user.tried.add(prefix);
      let tried = this.#groups.get(group);
      if (tried === undefined || row.time - tried.first > 86_400_000) {
        tried = { first: row.time, users: new Set(), passes: 0 };
        this.#groups.set(group, tried);
      }
      tried.users.add(row.user);
      return 0;
    }
    source.passes++;
    const tenure = Math.min(1, user.signIns / 10, (row.time - user.first) / (5 * 86_400_000));
    const decayed = user.prompts * 2 ** (-(row.time - user.promptsAt) / 600_000);
    let network = 0;
    let client = 0;
    for (const [name, rate, attacker, of] of features) {
      const llr = this.#ratio(user, name, rate, attacker, of(row)) * tenure;
      if (name === 'device' || name === 'client') client = Math.max(client, llr);
      else if (network <= 0) network = llr;
    }
    if (network > 0) {
      const colleagues = Math.max(source.usual.size, this.#crowd(`range ${prefix}`, row.user));
      if (colleagues >= 8) network = Math.min(network, 0);
      else if (network > 3 && this.#crowd(`network ${row.asn}`, row.user) >= 8) network = 3;
    }
    if (row.device !== '' && !ownDevice && this.#crowd(`device ${row.device}`, row.user) > 0) client = 4;
    const sprayed = this.#groups.get(group);
    const byGroup = sprayed !== undefined && !usual && sprayed.users.size >= 10 && sprayed.users.size > 2 * sprayed.passes ? 2.5 : 0;
    const speed =
      user.place === undefined || usual ? 0 : kilometres(user.place, row) / Math.max(1 / 60, (row.time - user.usualAt) / 3_600_000);
    const guessed = !usual && user.tried.size >= 4 ? 1.5 : 0;
    const surge = !usual && (this.#hours.get(hour) ?? 0) > 5 * ((this.#hours.get(hour - 168) ?? 0) + 20) ? 0.7 : 0;
    const risk =
      network +
      client +
      taken +
      this.#places.judge(row, prefix, known) +
      guessed +
      byGroup +
      surge +
      (speed > 900 ? 4 : 0) +
      (decayed >= 1.5 ? 3 : 0) +
      (source.users.size >= 10 ? 3 : 0);
    if (row.result === '0') {
      for (const [name, , , of] of features) this.#learn(user, name, of(row), row.time, ownDevice || user.signIns < 3);
      this.#places.learn(row, prefix, known);
      user.signIns++;
      user.place = [row.latitude, row.longitude];
      if (sprayed !== undefined) sprayed.passes++;
      if (usual) user.hours.add(Math.floor(row.time / 3_600_000) % 24);
      if (usual && !source.usual.has(row.user)) {
        source.usual.add(row.user);
        for (const crowd of [`range ${prefix}`, `network ${row.asn}`]) this.#join(crowd, row.user);
      }
      if (ownDevice) this.#join(`device ${row.device}`, row.user);
    }
    if (risk >= 2) this.#keep(user, row, risk);
    return risk;
  }

  /** Places and devices are learnt from apps in the background too, once a day each. */
  #learnBackground(user: PlainUser, row: PlainRow, prefix: string, ownDevice: boolean): void {
    const seen = `${Math.floor(row.time / 86_400_000)} ${prefix} ${row.device}`;
    if (user.background === seen) return;
    user.background = seen;
    for (const [name, , , of] of features) {
      if (name !== 'client' && (name !== 'device' || row.device !== '')) this.#learn(user, name, of(row), row.time, ownDevice, false);
    }
  }

  #crowd(name: string, user: string): number {
    const users = this.#crowds.get(name);
    return users === undefined ? 0 : users.size - (users.has(user) ? 1 : 0);
  }

  #join(name: string, user: string): void {
    const users = this.#crowds.get(name);
    if (users === undefined) this.#crowds.set(name, new Set([user]));
    else users.add(user);
  }

  #keep(user: PlainUser, row: PlainRow, risk: number): void {
    const words = [
      `Not a usual place of the user: AS${row.asn}, ${row.country}, in ${user.signIns} sign-ins.`,
      `Not a usual device of the user: ${row.device || 'without id'}, ${row.client}.`,
    ];
    user.sessions = [...user.sessions.filter(({ time }) => row.time - time <= 86_400_000), { time: row.time, risk, words, row }]
      .sort((a, b) => b.risk - a.risk)
      .slice(0, 4);
  }

  #isUsual(user: PlainUser, name: string, value: string): boolean {
    return user.features.get(name)?.values.get(value)?.known === true;
  }

  #ratio(user: PlainUser, name: string, rate: number, attacker: number, value: string): number {
    const own = user.features.get(name);
    const tenant = this.#tenant.get(name);
    const popularity = ((tenant?.counts.get(value) ?? 0) + 0.5) / ((tenant?.total ?? 0) + 0.5 * ((tenant?.counts.size ?? 0) + 1));
    const rho = ((own?.novel ?? 0) + 20 * rate) / (user.signIns + 20);
    const known = own?.values.get(value);
    if (known === undefined) {
      const distinct = Math.max(50, tenant?.counts.size ?? 0);
      return Math.log(attacker / rho) + Math.log((0.5 * popularity + 0.5 / distinct) / popularity);
    }
    return Math.max(-3, Math.log(((1 - attacker) * popularity) / ((1 - rho) * Math.min(1, known.count / Math.max(1, user.signIns)))));
  }

  #learn(user: PlainUser, name: string, value: string, time: number, trusted: boolean, countsAsNovel = true): void {
    let own = user.features.get(name);
    if (own === undefined) {
      own = { novel: 0, values: new Map() };
      user.features.set(name, own);
    }
    const known = own.values.get(value);
    if (known === undefined) {
      if (countsAsNovel) own.novel++;
      own.values.set(value, { count: 1, first: time, days: new Set([Math.floor(time / 86_400_000)]), known: trusted });
    } else {
      known.count++;
      if (!known.known) known.days.add(Math.floor(time / 86_400_000));
      known.known ||= trusted || (known.days.size >= 3 && time - known.first >= 7 * 86_400_000);
    }
    let tenant = this.#tenant.get(name);
    if (tenant === undefined) {
      tenant = { total: 0, counts: new Map() };
      this.#tenant.set(name, tenant);
    }
    tenant.total++;
    tenant.counts.set(value, (tenant.counts.get(value) ?? 0) + 1);
  }
}

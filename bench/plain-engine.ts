/** A sign-in as a plain object; making it from the Arrow batch is part of what is timed. */
export interface PlainRow {
  readonly id: string;
  readonly time: number;
  readonly user: string;
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
  readonly features: Map<string, { novel: number; values: Map<string, { count: number; first: number }> }>;
}

interface PlainSource {
  hour: number;
  fails: number;
  passes: number;
  users: Set<string>;
  usual: Set<string>;
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

/** What one would write first: the sign-in parts of D1 to D5, D12 and D13 over Maps of objects. The engine is measured against it. */
export class PlainEngine {
  readonly #users = new Map<string, PlainUser>();
  readonly #sources = new Map<string, PlainSource>();
  readonly #tenant = new Map<string, { total: number; counts: Map<string, number> }>();
  readonly #seen = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #hours = new Map<number, number>();
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
      };
      this.#users.set(row.user, user);
    }
    let source = this.#sources.get(row.ip);
    if (source === undefined) {
      source = { hour: 0, fails: 0, passes: 0, users: new Set(), usual: new Set() };
      this.#sources.set(row.ip, source);
    }
    user.last = row.time;
    const usual = this.#isUsual(user, 'asn', row.asn) && this.#isUsual(user, 'country', row.country);
    if (usual) user.usualAt = row.time;
    if (usual && row.result === '0') this.#sessions.add(`${row.user} ${row.session}`);
    const taken = !usual && this.#sessions.has(`${row.user} ${row.session}`) && row.time - user.usualAt < 7_200_000 ? 2.5 : 0;
    if (!row.interactive && row.result === '0') return taken;
    const hour = Math.floor(row.time / 3_600_000);
    if (hour !== source.hour) Object.assign(source, { hour, fails: 0, passes: 0, users: new Set() });
    if (row.result === '50126') {
      source.fails++;
      source.users.add(row.user);
      this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
      if (!usual) user.tried.add(row.ip.slice(0, row.ip.lastIndexOf('.')));
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
    const speed =
      user.place === undefined || usual ? 0 : kilometres(user.place, row) / Math.max(1 / 60, (row.time - user.usualAt) / 3_600_000);
    const guessed = !usual && user.tried.size >= 4 ? 1.5 : 0;
    const surge = !usual && (this.#hours.get(hour) ?? 0) > 5 * ((this.#hours.get(hour - 168) ?? 0) + 20) ? 0.7 : 0;
    const risk =
      network + client + taken + guessed + surge + (speed > 900 ? 4 : 0) + (decayed >= 1.5 ? 3 : 0) + (source.users.size >= 10 ? 3 : 0);
    if (row.result === '0') {
      for (const [name, , , of] of features) this.#learn(user, name, of(row), row.time);
      user.signIns++;
      user.place = [row.latitude, row.longitude];
      source.usual.add(row.user);
    }
    return risk;
  }

  #isUsual(user: PlainUser, name: string, value: string): boolean {
    return (user.features.get(name)?.values.get(value)?.count ?? 0) >= 3;
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

  #learn(user: PlainUser, name: string, value: string, time: number): void {
    let own = user.features.get(name);
    if (own === undefined) {
      own = { novel: 0, values: new Map() };
      user.features.set(name, own);
    }
    const known = own.values.get(value);
    if (known === undefined) {
      own.novel++;
      own.values.set(value, { count: 1, first: time });
    } else known.count++;
    let tenant = this.#tenant.get(name);
    if (tenant === undefined) {
      tenant = { total: 0, counts: new Map() };
      this.#tenant.set(name, tenant);
    }
    tenant.total++;
    tenant.counts.set(value, (tenant.counts.get(value) ?? 0) + 1);
  }
}

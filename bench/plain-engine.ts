/** A sign-in as a plain object; making it is not timed. */
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
}

interface PlainUser {
  first: number;
  last: number;
  signIns: number;
  prompts: number;
  promptsAt: number;
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

/** What one would write first: the sign-in parts of D1, D3 and D4 over Maps of objects. The engine is measured against it. */
export class PlainEngine {
  readonly #users = new Map<string, PlainUser>();
  readonly #sources = new Map<string, PlainSource>();
  readonly #tenant = new Map<string, { total: number; counts: Map<string, number> }>();
  readonly #seen = new Set<string>();
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
      user = { first: row.time, last: 0, signIns: 0, prompts: 0, promptsAt: 0, features: new Map() };
      this.#users.set(row.user, user);
    }
    let source = this.#sources.get(row.ip);
    if (source === undefined) {
      source = { hour: 0, fails: 0, passes: 0, users: new Set(), usual: new Set() };
      this.#sources.set(row.ip, source);
    }
    user.last = row.time;
    if (!row.interactive && row.result === '0') return 0;
    const hour = Math.floor(row.time / 3_600_000);
    if (hour !== source.hour) Object.assign(source, { hour, fails: 0, passes: 0, users: new Set() });
    if (row.result === '50126') {
      source.fails++;
      source.users.add(row.user);
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
    const risk = network + client + (decayed >= 1.5 ? 3 : 0) + (source.users.size >= 10 ? 3 : 0);
    if (row.result === '0') {
      for (const [name, , , of] of features) this.#learn(user, name, of(row), row.time);
      user.signIns++;
      source.usual.add(row.user);
    }
    return risk;
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

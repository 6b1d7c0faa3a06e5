import type { PlainRow } from './plain-engine.ts';

const DAY_MS = 86_400_000;
const HALF_HOUR_MS = 1_800_000;
const MOVED = 3.5;
const NEW_SESSION = 1.3;
const GUESSED = 1.8;

/** What is known of the user and the place when a sign-in comes. */
export interface PlainKnowledge {
  /** Country, network and address range are known of the user; the former two are. */
  readonly isHome: boolean;
  readonly isUsual: boolean;
  /** Ten sign-ins by hand. */
  readonly isSettled: boolean;
  readonly ownDevice: boolean;
  readonly ownClient: boolean;
}

interface Session {
  readonly system: string;
  usual: number;
  home: number;
  client: string;
}

interface Things {
  first: number;
  readonly clients: Set<string>;
  readonly days: Set<number>;
}

interface Range {
  first: number;
  last: number;
  readonly users: Set<string>;
}

/**
 * What D13, D19 and D21 to D23 do with a sign-in, by hand or in the background: since when and on what each session is known, what a user has at new
 * places, who comes to an address range, wrong passwords before the right one, and which sessions were seen at all. And whose a name is, once a day of use.
 */
export class PlainPlaces {
  readonly #sessions = new Map<string, Session>();
  readonly #things = new Map<string, Things>();
  readonly #ranges = new Map<string, Range>();
  readonly #wrong = new Map<string, number[]>();
  readonly #proofs = new Map<string, { time: number; prefix: string }>();
  readonly #begun = new Set<string>();
  /** By user, the last day of use; by name, the user. */
  readonly #days = new Map<string, number>();
  readonly #names = new Map<string, string>();

  failed(row: PlainRow, prefix: string, known: PlainKnowledge): void {
    if (known.isHome || known.ownDevice) return;
    const key = `${row.user} ${prefix}`;
    this.#wrong.set(key, [...(this.#wrong.get(key) ?? []), row.time].slice(-8));
  }

  /** What session and password say of a sign-in that got past the password. */
  judge(row: PlainRow, prefix: string, known: PlainKnowledge): number {
    if (known.isHome) return 0;
    const wrong = known.ownDevice ? undefined : this.#wrong.get(`${row.user} ${prefix}`);
    const guessed = wrong?.some((time) => row.time - time >= HALF_HOUR_MS && row.time - time <= 3 * DAY_MS) === true ? GUESSED : 0;
    if (row.device !== '' || row.session === '') return guessed;
    const session = this.#sessions.get(`${row.user} ${row.session}`);
    if (session === undefined) return guessed + (row.interactive && known.isSettled ? NEW_SESSION : 0);
    return guessed + (session.system === systemOf(row) ? 0 : MOVED);
  }

  learn(row: PlainRow, prefix: string, known: PlainKnowledge): void {
    this.#noteName(row);
    if (row.interactive || row.device === '') this.#begun.add(`${row.user} ${row.session}`);
    if (row.device === '') this.#learnSession(row, prefix, known);
    if (known.ownDevice) this.#proofs.set(row.user, { time: row.time, prefix });
    if (!known.isHome) this.#learnThings(row, prefix, known);
    const proof = this.#proofs.get(row.user);
    if (!known.ownDevice && (proof?.prefix !== prefix || row.time - proof.time > 120_000)) return;
    const range = this.#ranges.get(prefix);
    if (range === undefined) this.#ranges.set(prefix, { first: row.time, last: row.time, users: new Set([row.user]) });
    else {
      range.last = Math.max(range.last, row.time);
      range.users.add(row.user);
    }
  }

  #noteName({ user, name, time }: PlainRow): void {
    const day = Math.floor(time / DAY_MS);
    if (day <= (this.#days.get(user) ?? 0)) return;
    this.#days.set(user, day);
    this.#names.set(name.toLowerCase(), user);
  }

  #learnSession(row: PlainRow, prefix: string, { isHome, isUsual, ownClient }: PlainKnowledge): void {
    const key = `${row.user} ${row.session}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = { system: systemOf(row), usual: 0, home: 0, client: '' };
      this.#sessions.set(key, session);
    }
    if (isUsual && session.usual === 0) session.usual = row.time;
    if (isHome && session.home === 0) {
      session.home = row.time;
      session.client = row.client;
    }
    if (session.usual === 0 || row.time - session.usual < DAY_MS) return;
    if (ownClient || session.client === row.client) this.#proofs.set(row.user, { time: row.time, prefix });
  }

  #learnThings(row: PlainRow, prefix: string, { ownClient }: PlainKnowledge): void {
    const key = `${row.user} ${prefix}`;
    let things = this.#things.get(key);
    if (things === undefined || row.time - things.first > 7 * DAY_MS) {
      things = { first: row.time, clients: new Set(), days: new Set() };
      this.#things.set(key, things);
    }
    things.clients.add(`${row.client} ${ownClient}`);
    if (!row.interactive && ownClient) things.days.add(Math.floor(row.time / DAY_MS));
  }
}

function systemOf({ client }: PlainRow): string {
  return client.slice(0, client.indexOf(' '));
}

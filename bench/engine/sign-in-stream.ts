import { Bool, makeVector, Table, tableToIPC, type Vector, vectorFromArray } from 'apache-arrow';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { signInColumns } from '../../src/events/contracts.ts';
import { guids, texts } from './text-columns.ts';

const START = ticksFromIso('2026-03-02T00:00:00Z')!;
export const BATCH_ROWS = 65_536;

export interface StreamOptions {
  readonly users: number;
  readonly events: number;
  /** Let every user sign in once, in turn, instead of the skewed draw: fills the state. */
  readonly eachOnce?: boolean;
  /** Number of the first event: a stream that follows another begins where that ended. */
  readonly first?: number;
}

/** Small reproducible generator (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const browsers = ['Edge', 'Chrome', 'Safari', 'Firefox'];
const systems = ['Windows 11', 'MacOs', 'Ios 17', 'Android 14'];
const results = ['0', '50126', '50074', '500121'];

/**
 * Sign-ins of a skewed population: four places and two devices a user, 3 % new places, 5 % wrong passwords, some prompts refused; six in ten
 * in the background. Every second sign-in by hand begins a session, which the user's background goes on with. Batches of up to 65,536 rows as Arrow
 * IPC bytes, made one at a time.
 */
export function* signInStream({ users, events, eachOnce = false, first = 0 }: StreamOptions): Generator<Uint8Array> {
  const random = generator(7 + first);
  /** Of each user the event that began the session, plus one. */
  const begun = new Int32Array(users);
  for (let done = 0; done < events; done += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, events - done);
    const rows = Array.from({ length: count }, (_, i) => {
      const user = eachOnce ? done + i : Math.floor(random() ** 2 * users);
      const away = random() < 0.03;
      const place = away ? Math.floor(random() * 5000) : (user * 7 + Math.floor(random() * 4)) % 5000;
      const chance = random();
      const n = first + done + i;
      const interactive = random() < 0.4;
      if (begun[user] === 0 || (interactive && random() < 0.5)) begun[user] = n + 1;
      return {
        n,
        user,
        place,
        ip: place * 65_536 + (user & 0xffff),
        device: random() < 0.2 ? -1 : user * 2 + (random() < 0.3 ? 1 : 0),
        app: Math.floor(random() ** 3 * 60),
        result: chance < 0.05 ? 1 : chance < 0.07 ? 2 : chance < 0.072 ? 3 : 0,
        interactive,
        session: begun[user]!,
      };
    });
    type Row = (typeof rows)[number];
    const column = (of: (row: Row) => number, text: (code: number) => string) => texts(rows.map(of), text);
    const ids = (kind: number, of: (row: Row) => number) => guids(rows.map(of), kind);
    const times = BigInt64Array.from(rows, (row) => START + BigInt(Math.floor((row.n * 8.64e6) / Math.max(1, users * 2))) * 100_000n);
    const network = ({ place }: Row) => place % 300;
    const known: Readonly<Record<string, unknown>> = {
      EventTime: makeVector(times),
      // A copy: the IPC writer drops a buffer that it meets twice.
      IngestedAt: makeVector(times.slice()),
      Id: ids(1, ({ n }) => n),
      OriginalRequestId: ids(1, ({ n }) => n),
      CorrelationId: ids(2, ({ n }) => n),
      UserId: ids(5, ({ user }) => user),
      UserPrincipalName: column(
        ({ user }) => user,
        (user) => `user${user}@contoso.example`,
      ),
      TenantId: ids(6, () => 1),
      IsInteractive: vectorFromArray(
        rows.map(({ interactive }) => interactive),
        new Bool(),
      ),
      IPAddress: column(
        ({ ip }) => ip,
        (ip) => {
          const place = Math.floor(ip / 65_536);
          return `${20 + (place >> 8)}.${place & 255}.${ip & 255}.${(ip >> 8) & 255}`;
        },
      ),
      Country: column(
        (row) => network(row) % 40,
        (code) => `C${code}`,
      ),
      Asn: column(network, (code) => String(1000 + code)),
      DeviceId: ids(3, ({ device }) => device),
      Browser: column(
        ({ user }) => user & 3,
        (code) => browsers[code]!,
      ),
      OperatingSystem: column(
        ({ user }) => (user >> 2) & 3,
        (code) => systems[code]!,
      ),
      AppId: ids(4, ({ app }) => app),
      ResultType: column(
        ({ result }) => result,
        (code) => results[code]!,
      ),
      SessionId: ids(7, ({ session }) => session),
    };
    const columns = Object.entries(signInColumns).map(([name, type]) => {
      if (known[name] !== undefined) return [name, known[name]] as const;
      if (type === 'real') return [name, makeVector(new Float64Array(count).fill(50))] as const;
      return [
        name,
        column(
          () => 0,
          () => '',
        ),
      ] as const;
    });
    yield tableToIPC(new Table(Object.fromEntries(columns) as Record<string, Vector>), 'stream');
  }
}

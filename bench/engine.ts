import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import {
  Bool,
  Dictionary,
  Int32,
  Int64,
  makeData,
  makeVector,
  type RecordBatch,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { msFromTicks, ticksFromIso } from '../src/core/ticks.ts';
import { signInColumns } from '../src/events/contracts.ts';
import type * as EngineModule from '../src/scoring/engine.ts';
import { PlainEngine, type PlainRow } from './plain-engine.ts';

const START = ticksFromIso('2026-03-02T00:00:00Z')!;
const BATCH_ROWS = 65_536;

export interface EngineBenchOptions {
  readonly users: number;
  readonly events: number;
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

const guid = (kind: number, n: number) =>
  `${n.toString(16).padStart(8, '0')}-${kind.toString(16).padStart(4, '0')}-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** A column as a workspace gives it: values by dictionary, indices by row. */
function strings(values: readonly string[]) {
  const numbers = new Map<string, number>();
  const indices = Int32Array.from(values, (value) => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  });
  const dictionary = vectorFromArray([...numbers.keys()], new Utf8());
  return makeVector(makeData({ type: new Dictionary(new Utf8(), new Int32()), data: indices, dictionary }));
}

/** Sign-ins of a skewed population: four places and two devices a user, 3 % new places, 5 % wrong passwords. As Arrow IPC bytes. */
export function signInBatches({ users, events }: EngineBenchOptions): readonly Uint8Array[] {
  const random = generator(7);
  const batches: Uint8Array[] = [];
  for (let first = 0; first < events; first += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, events - first);
    const rows = Array.from({ length: count }, (_, i) => {
      const user = Math.floor(random() ** 2 * users);
      const away = random() < 0.03;
      const place = away ? Math.floor(random() * 5000) : (user * 7 + Math.floor(random() * 4)) % 5000;
      const network = place % 300;
      return {
        n: first + i,
        user,
        ip: `${20 + (place >> 8)}.${place & 255}.${user & 255}.${(user >> 8) & 255}`,
        country: `C${network % 40}`,
        asn: String(1000 + network),
        device: random() < 0.2 ? '' : guid(3, user * 2 + (random() < 0.3 ? 1 : 0)),
        browser: ['Edge', 'Chrome', 'Safari', 'Firefox'][user & 3]!,
        system: ['Windows 11', 'MacOs', 'Ios 17', 'Android 14'][(user >> 2) & 3]!,
        app: guid(4, Math.floor(random() ** 3 * 60)),
        result: random() < 0.05 ? '50126' : random() < 0.02 ? '50074' : '0',
        interactive: random() < 0.4,
      };
    });
    const text = (of: (row: (typeof rows)[number]) => string) => strings(rows.map(of));
    // Two vectors: the IPC writer drops a buffer that it meets twice.
    const times = () =>
      vectorFromArray(
        rows.map((row) => START + BigInt(Math.floor((row.n * 8.64e6) / Math.max(1, users * 2))) * 100_000n),
        new Int64(),
      );
    const known: Readonly<Record<string, unknown>> = {
      EventTime: times(),
      IngestedAt: times(),
      Id: text(({ n }) => guid(1, n)),
      OriginalRequestId: text(({ n }) => guid(1, n)),
      CorrelationId: text(({ n }) => guid(2, n)),
      UserId: text(({ user }) => guid(5, user)),
      UserPrincipalName: text(({ user }) => `user${user}@contoso.example`),
      TenantId: text(() => guid(6, 1)),
      IsInteractive: vectorFromArray(
        rows.map(({ interactive }) => interactive),
        new Bool(),
      ),
      IPAddress: text(({ ip }) => ip),
      Country: text(({ country }) => country),
      Asn: text(({ asn }) => asn),
      DeviceId: text(({ device }) => device),
      Browser: text(({ browser }) => browser),
      OperatingSystem: text(({ system }) => system),
      AppId: text(({ app }) => app),
      ResultType: text(({ result }) => result),
      SessionId: text(({ n }) => guid(7, n >> 2)),
    };
    const columns = Object.entries(signInColumns).map(([name, type]) => {
      if (known[name] !== undefined) return [name, known[name]] as const;
      return [name, type === 'real' ? makeVector(new Float64Array(count).fill(50)) : text(() => '')] as const;
    });
    batches.push(tableToIPC(new Table(Object.fromEntries(columns) as Record<string, Vector>), 'stream'));
  }
  return batches;
}

const rowsOf = (bytes: Uint8Array): readonly RecordBatch[] => tableFromIPC(bytes).batches;

/** The rows of a batch as plain objects. */
function plainRows(batch: RecordBatch): readonly PlainRow[] {
  const column = (name: string) => batch.getChild(name)!;
  const text = (name: string) => {
    const vector = column(name).memoize();
    return (row: number) => String(vector.get(row) ?? '');
  };
  const [id, user, ip, country, asn] = ['Id', 'UserId', 'IPAddress', 'Country', 'Asn'].map(text);
  const [device, system, browser, result, session] = ['DeviceId', 'OperatingSystem', 'Browser', 'ResultType', 'SessionId'].map(text);
  const [latitude, longitude] = ['Latitude', 'Longitude'].map(column);
  const time = column('EventTime');
  const interactive = column('IsInteractive');
  return Array.from({ length: batch.numRows }, (_, row) => ({
    id: id!(row),
    time: msFromTicks(time.get(row) as bigint),
    user: user!(row),
    ip: ip!(row),
    country: country!(row),
    asn: asn!(row),
    device: device!(row),
    client: `${system!(row)} ${browser!(row)}`,
    result: result!(row),
    interactive: interactive.get(row) === true,
    session: session!(row),
    latitude: Number(latitude!.get(row)),
    longitude: Number(longitude!.get(row)),
  }));
}

function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
}

export interface EngineBenchResult {
  readonly events: number;
  readonly users: number;
  readonly eventsPerSecond: number;
  readonly plainEventsPerSecond: number;
  /** Engine against plain Maps of objects: the same detectors on sign-ins, the same Arrow bytes on both sides. */
  readonly ratio: number;
  readonly bytesPerUser: number;
  readonly snapshotMs: number;
  readonly snapshotBytes: number;
  readonly deltaMs: number;
  readonly deltaBytes: number;
  readonly restoreMs: number;
}

/** The built engine, which users run: a loader that keeps the names of functions makes every closure slow. */
async function builtEngine(): Promise<typeof EngineModule.Engine> {
  const built = new URL('../dist/scoring/engine.js', import.meta.url);
  if (!existsSync(fileURLToPath(built))) throw new Error('run `npm run build` first');
  return ((await import(built.href)) as typeof EngineModule).Engine;
}

/** Times the way from Arrow bytes to score, beside a plain version of the same detectors, and the saving of state. Prints one line each. */
export async function benchEngine(options: EngineBenchOptions = { users: 100_000, events: 1_000_000 }): Promise<EngineBenchResult> {
  const Engine = await builtEngine();
  const batches = signInBatches(options);
  const engine = new Engine();
  const judged = timed(() => {
    for (const bytes of batches) {
      for (const batch of rowsOf(bytes)) engine.add('SigninLogs', 'sign-in', batch);
      engine.advance(Number.MAX_SAFE_INTEGER);
      engine.takeJudgements();
    }
  });
  const snapshot = timed(() => engine.snapshot());
  const one = new Engine();
  for (const batch of rowsOf(batches[0]!)) one.add('SigninLogs', 'sign-in', batch);
  one.advance(Number.MAX_SAFE_INTEGER);
  one.snapshot();
  for (const batch of rowsOf(batches[1] ?? batches[0]!)) one.add('SigninLogs', 'sign-in', batch);
  one.advance(Number.MAX_SAFE_INTEGER);
  const delta = timed(() => one.delta());
  const restored = timed(() => Engine.restore(snapshot.value));
  const plain = new PlainEngine();
  const plainRun = timed(() => {
    for (const bytes of batches) for (const batch of rowsOf(bytes)) plain.add(plainRows(batch));
  });
  const perSecond = (ms: number) => Math.round((options.events / ms) * 1000);
  const result: EngineBenchResult = {
    events: options.events,
    users: engine.stats.users,
    eventsPerSecond: perSecond(judged.ms),
    plainEventsPerSecond: perSecond(plainRun.ms),
    ratio: plainRun.ms / judged.ms,
    bytesPerUser: engine.stats.userBytes / engine.stats.users,
    snapshotMs: snapshot.ms,
    snapshotBytes: snapshot.value.length,
    deltaMs: delta.ms,
    deltaBytes: delta.value.length,
    restoreMs: restored.ms,
  };
  for (const [name, value] of Object.entries(result)) process.stdout.write(`${name.padEnd(24)} ${Math.round(value * 100) / 100}\n`);
  return result;
}

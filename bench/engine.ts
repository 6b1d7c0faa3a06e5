import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RecordBatch, tableFromIPC } from 'apache-arrow';
import type * as EngineModule from '../src/scoring/engine.ts';
import { timeDuckDbWindows } from './engine/duckdb-windows.ts';
import { PlainEngine } from './engine/plain-engine.ts';
import { plainRows } from './engine/plain-rows.ts';
import { processorMs } from './engine/processor-time.ts';
import { timeResume } from './engine/resume.ts';
import { BATCH_ROWS, signInStream } from './engine/sign-in-stream.ts';

/** Engines that are made before the one that is timed. */
const WARM_UP_ENGINES = 3;
/** How many deltas are taken. */
const DELTAS = 7;
/** Batches that tell what an event costs with so many users. */
const COST_BATCHES = 8;

type Engine = InstanceType<typeof EngineModule.Engine>;
type EngineClass = typeof EngineModule.Engine;

const rowsOf = (bytes: Uint8Array): readonly RecordBatch[] => tableFromIPC(bytes).batches;

function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const start = processorMs();
  const value = work();
  return { ms: processorMs() - start, value };
}

/** The built engine, which users run: a loader that keeps the names of functions makes every closure slow. */
const built = new URL('../dist/scoring/engine.js', import.meta.url);

async function builtEngine(): Promise<EngineClass> {
  if (!existsSync(fileURLToPath(built))) throw new Error('run `npm run build` first');
  return ((await import(built.href)) as typeof EngineModule).Engine;
}

function take(engine: Engine, bytes: Uint8Array): void {
  for (const batch of rowsOf(bytes)) engine.add('SigninLogs', 'sign-in', batch);
  engine.advance(Number.MAX_SAFE_INTEGER);
  engine.takeJudgements();
}

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: { readonly least: number } | { readonly most: number };
}

function print({ name, value, unit, goal }: Figure): void {
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  const bound = goal === undefined ? '' : 'least' in goal ? `goal >= ${goal.least.toLocaleString('en')}` : `goal <= ${goal.most}`;
  const met = goal === undefined || ('least' in goal ? value >= goal.least : value <= goal.most);
  process.stdout.write(`${name.padEnd(46)} ${shown.padStart(12)} ${unit.padEnd(9)} ${bound}${met ? '' : '  missed'}\n`);
}

/** An engine that has a record of every user, and the skewed stream that follows. */
function filled(Engine: EngineClass, users: number): { readonly engine: Engine; readonly next: readonly Uint8Array[] } {
  const engine = new Engine();
  for (const bytes of signInStream({ users, events: users, eachOnce: true })) take(engine, bytes);
  return { engine, next: [...signInStream({ users, events: COST_BATCHES * BATCH_ROWS, first: users })] };
}

/**
 * ns an event in each of some engines, which take a batch each in turn: what else the machine does slows an engine whose records are in memory more than
 * one whose records are in the cache, and one after the other the same code gave 1.13 and 1.60 times the cost for ten times the users.
 */
function costsInTurn(engines: readonly ReturnType<typeof filled>[]): readonly number[] {
  const took = engines.map(() => 0);
  for (let batch = 0; batch < COST_BATCHES; batch++) {
    for (let i = 0; i < engines.length; i++) {
      const which = (i + batch) % engines.length;
      const { engine, next } = engines[which]!;
      took[which]! += timed(() => take(engine, next[batch]!)).ms;
    }
  }
  return took.map((ms) => (1e6 * ms) / (COST_BATCHES * BATCH_ROWS));
}

/** More users and addresses, each once, than the caps allow: how many records are kept. That the active ones stay is a test's (stores.test.ts). */
function underCaps(Engine: EngineClass, keys: number, cap: number): { readonly users: number; readonly sources: number } {
  const engine = new Engine({ maxUsers: cap, maxSources: cap });
  for (const bytes of signInStream({ users: keys, events: keys, eachOnce: true })) take(engine, bytes);
  return engine.stats;
}

/**
 * From Arrow bytes to score with all detectors on, one core: against plain Maps of objects and against DuckDB's windows over the same rows; the
 * saving of state; cost by the number of users; memory under caps. All in processor time.
 */
export async function benchEngine({ users = 100_000, events = 1_000_000, large = 5_000_000, keys = 10_000_000 } = {}): Promise<void> {
  const Engine = await builtEngine();
  const batches = [...signInStream({ users, events })];
  const judge = (some: readonly Uint8Array[]) => {
    const engine = new Engine();
    for (const bytes of some) take(engine, bytes);
    return engine;
  };
  const judgePlainly = (some: readonly Uint8Array[]) => {
    const plain = new PlainEngine();
    for (const bytes of some) for (const batch of rowsOf(bytes)) plain.add(plainRows(batch));
  };
  // Compiling is not what is measured. What was compiled for one engine's closures is compiled anew, for any, when a second one comes, and some of it is
  // first compiled for the second: a run has one engine. With two before it thirty functions were left for the one that is timed.
  for (let engines = 0; engines < WARM_UP_ENGINES; engines++) judge(batches.slice(0, 3));
  judgePlainly(batches.slice(0, 3));
  const ours = timed(() => judge(batches));
  const engine = ours.value;
  const { userBytes, users: known } = engine.stats;
  // Before the others come: what they leave is collected while a delta is timed.
  const snapshot = timed(() => engine.snapshot());
  print({ name: `snapshot, ${(snapshot.value.length / 1e6).toFixed(0)} MB`, value: snapshot.ms, unit: 'ms' });
  // A long run saves its changes again and again; the first time its code is not compiled yet.
  let memory: ArrayBufferLike = snapshot.value.buffer;
  const deltas = [...signInStream({ users, events: DELTAS * BATCH_ROWS, first: events })].map((bytes) => {
    take(engine, bytes);
    const delta = timed(() => engine.delta(memory));
    // As a run does.
    memory = delta.value.buffer;
    return delta;
  });
  const share = 100_000 / BATCH_ROWS;
  const median = deltas.map(({ ms }) => ms).sort((a, b) => a - b)[DELTAS >> 1]!;
  print({ name: 'delta of 100,000 events, the first', value: share * deltas[0]!.ms, unit: 'ms', goal: { most: 50 } });
  print({ name: `the same, median of ${DELTAS}`, value: share * median, unit: 'ms', goal: { most: 50 } });
  print({ name: 'its size', value: (share * deltas[0]!.value.length) / 1e6, unit: 'MB' });

  const theirs = timed(() => judgePlainly(batches));
  const windows = await timeDuckDbWindows(batches.map((bytes) => rowsOf(bytes).flatMap(plainRows)));
  const perSecond = (ms: number) => (1000 * events) / ms;
  print({ name: 'events from Arrow bytes to score', value: perSecond(ours.ms), unit: 'events/s', goal: { least: 1_000_000 } });
  print({ name: 'plain Map<string, object>, the same detectors', value: perSecond(theirs.ms), unit: 'events/s' });
  print({ name: 'against plain Maps', value: theirs.ms / ours.ms, unit: 'times', goal: { least: 8 } });
  print({ name: 'DuckDB windows, one thread, rows loaded before', value: perSecond(windows.ms), unit: 'events/s' });
  print({ name: 'against DuckDB windows', value: windows.ms / ours.ms, unit: 'times', goal: { least: 4 } });
  print({ name: 'memory', value: userBytes / known, unit: 'B/user', goal: { most: 144 } });

  const few = filled(Engine, Math.round(large / 10));
  const [costOfFew = 0, costOfMany = 0] = costsInTurn([few, filled(Engine, large)]);
  print({ name: `cost with ${Math.round(large / 10)} users`, value: costOfFew, unit: 'ns/event' });
  print({ name: `cost with ${large} users`, value: costOfMany, unit: 'ns/event' });
  print({ name: 'the latter by the former', value: costOfMany / costOfFew, unit: 'times', goal: { most: 1.3 } });

  const { ms, users: kept, sources } = timeResume(built.href, few.engine.snapshot());
  const restored = ms / 1000;
  print({ name: `resume of ${kept} users, ${sources} sources`, value: restored, unit: 's' });
  print({ name: 'resume by users', value: (1e6 * restored) / kept, unit: 's/M', goal: { most: 0.6 } });
  print({ name: 'resume by users and sources', value: (1e6 * restored) / (kept + sources), unit: 's/M' });

  const capped = underCaps(Engine, keys, 50_000);
  print({ name: `users kept of ${keys} under a cap of 50,000`, value: capped.users, unit: '', goal: { most: 50_000 } });
  print({ name: 'sources kept under the same cap', value: capped.sources, unit: '', goal: { most: 50_000 } });
}

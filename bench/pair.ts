import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type RecordBatch, tableFromIPC } from 'apache-arrow';
import { msFromTicks } from '../src/core/ticks.ts';
import type * as EngineModule from '../src/scoring/engine.ts';
import { signInStream } from './engine/sign-in-stream.ts';

type Engine = InstanceType<typeof EngineModule.Engine>;

/**
 * Of each batch: what one takes after the other in turn is short enough for both to be disturbed alike. Odd, so that who is first to add a batch, and
 * reads it from memory, changes from batch to batch as well.
 */
const SLICES = 25;
/** Batches that are not counted: compiling is not what is measured. */
const WARM_UP = 4;
/** By Linux: nanoseconds on a processor, time in queues, slices. */
const THREAD_TIME = '/proc/thread-self/schedstat';

/** Milliseconds that this thread was on a processor; of the whole process where the system does not say. Helpers that compile and collect are left out. */
function threadClock(): { readonly now: () => number; readonly close: () => void } {
  if (!existsSync(THREAD_TIME)) return { now: () => process.cpuUsage().user / 1000, close: () => undefined };
  const file = openSync(THREAD_TIME, 'r');
  const text = Buffer.alloc(64);
  return {
    now: () => Number.parseInt(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)), 10) / 1e6,
    close: () => closeSync(file),
  };
}

async function engineOf(folder: string): Promise<Engine> {
  const file = resolve(folder, 'scoring/engine.js');
  if (!existsSync(file)) throw new Error(`there is no built engine in ${folder}: give the dist folder of a worktree`);
  const { Engine } = (await import(pathToFileURL(file).href)) as typeof EngineModule;
  return new Engine();
}

/** Event times, Unix ms, of the first and the last row of batches whose rows are in order. */
function spanOf(batches: readonly RecordBatch[]): readonly [number, number] {
  const timeAt = (batch: RecordBatch, row: number) => msFromTicks(batch.getChild('EventTime')!.get(row) as bigint);
  const last = batches[batches.length - 1]!;
  return [timeAt(batches[0]!, 0), timeAt(last, last.numRows - 1)];
}

const middleOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** What the two took for one kind of work. */
class Pairs {
  readonly #before: number[] = [];
  readonly #after: number[] = [];

  add(before: number, after: number): void {
    this.#before.push(before);
    this.#after.push(after);
  }

  print(name: string): void {
    const ratio = middleOf(this.#before.map((ms, i) => this.#after[i]! / ms));
    const [before, after] = [this.#before, this.#after].map((all) => all.reduce((sum, ms) => sum + ms, 0) / all.length);
    process.stdout.write(`${name.padEnd(10)} ${before!.toFixed(2)} ms -> ${after!.toFixed(2)} ms, median of ratios ${ratio.toFixed(3)}\n`);
  }
}

/**
 * Two builds of the engine over the same sign-ins, in turns of some milliseconds, by the time of their thread: what else the machine does meanwhile
 * meets both. Of two equal builds on a busy machine the median was 0.97 to 1.01 for advance, and, of fewer turns, 0.92 to 1.08 for the others, where
 * times differ by tens in a hundred. Tells as well whether judgements are the same to the byte, and deltas and state. Arguments: dist folder of the build
 * before, and of the one after (else this one's).
 */
export async function benchPair([before, after = fileURLToPath(new URL('../dist', import.meta.url))]: readonly string[]): Promise<void> {
  if (before === undefined) throw new Error('usage: npm run bench pair -- DIST-BEFORE [DIST-AFTER]');
  const engines = [await engineOf(before), await engineOf(after)] as const;
  const states = engines.map(() => createHash('sha256'));
  const judgements = engines.map(() => createHash('sha256'));
  const saved: (Uint8Array | undefined)[] = [undefined, undefined];
  const judged: unknown[][] = [[], []];
  const clock = threadClock();
  let turn = 0;
  const inTurns = (work: (engine: Engine, which: number) => void): readonly [number, number] => {
    const took: [number, number] = [0, 0];
    for (const which of turn++ % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = clock.now();
      work(engines[which]!, which);
      took[which] = clock.now() - start;
    }
    return took;
  };
  const [adds, advances, deltas] = [new Pairs(), new Pairs(), new Pairs()];
  let number = 0;
  for (const bytes of signInStream({ users: 100_000, events: 1_000_000 })) {
    const counts = number++ >= WARM_UP;
    const { batches } = tableFromIPC(bytes);
    const [first, last] = spanOf(batches);
    const added = inTurns((engine) => {
      for (const batch of batches) engine.add('SigninLogs', 'sign-in', batch);
    });
    if (counts) adds.add(...added);
    for (let slice = 1; slice <= SLICES; slice++) {
      const until = slice === SLICES ? last + 1 : first + ((last - first) * slice) / SLICES;
      const advanced = inTurns((engine, which) => {
        engine.advance(until);
        judged[which]!.push(...engine.takeJudgements());
      });
      if (counts) advances.add(...advanced);
    }
    const wrote = inTurns((engine, which) => {
      saved[which] = engine.delta(saved[which]?.buffer);
    });
    if (counts) deltas.add(...wrote);
    // Apart from what is timed: it takes as long as a delta.
    for (const [which, hash] of judgements.entries()) hash.update(JSON.stringify(judged[which]!.splice(0)));
    for (const [which, hash] of states.entries()) hash.update(saved[which]!);
  }
  clock.close();
  adds.print('add');
  advances.print('advance');
  deltas.print('delta');
  for (const [which, engine] of engines.entries()) states[which]!.update(engine.snapshot());
  for (const [name, [one, other]] of Object.entries({ judgements, 'deltas and state': states })) {
    process.stdout.write(`${name} are ${one!.digest('hex') === other!.digest('hex') ? 'the same' : 'NOT THE SAME'}\n`);
  }
}

import { randomUUID } from 'node:crypto';
import { chmod, link, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { BRIEF_MS, type LockOptions, type StateLock } from './checkpoint-store.ts';
import { isGone, ownIdentity, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 250;
/** Whatever the umask: a process of another user must be able to read whose lock it is, also after it was released. It says nothing secret. */
const MODE = 0o644;
const LOCK = /^lock\.(\d{1,15})$/;

interface Holder extends ProcessIdentity {
  readonly since: string;
  readonly released?: boolean;
  readonly brief?: boolean | undefined;
}

/**
 * The lock is the file `lock.N` of the highest N. A new holder makes lock.(N+1) by link(), which fails when it exists, and a
 * released or abandoned one stays until then: removing and re-making one name would let two takers of a dead lock both win.
 */
export async function lockDirectory(directory: string, { waitMs, signal, brief }: LockOptions): Promise<StateLock> {
  const until = Date.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const newest = await newestLock(directory);
    const free = newest === undefined || newest.holder === undefined || newest.holder.released === true;
    if (free || isGone(newest.holder)) {
      const taken = await take(directory, (newest?.number ?? 0) + 1, brief);
      if (taken !== undefined) {
        return { takenOverFrom: free ? undefined : describe(newest.holder!), release: taken };
      }
    } else if (Date.now() >= until + (newest.holder?.brief === true ? BRIEF_MS : 0)) {
      throw new FactorwatchError('held', `the state in ${directory} is in use by ${describe(newest.holder)}`, {
        exitCode: ExitCode.held,
        hint: `Wait until it has ended. If it runs on a machine that no longer exists, remove ${join(directory, `lock.${newest.number}`)}.`,
      });
    }
    await sleep(Math.min(POLL_MS, Math.max(100, until - Date.now())), undefined, { signal });
  }
}

async function newestLock(directory: string): Promise<{ readonly number: number; readonly holder: Holder | undefined } | undefined> {
  const number = (await lockNumbers(directory)).at(-1);
  if (number === undefined) return undefined;
  // One that vanished was removed by the next holder. Any other fault of reading says nothing about who holds it, and must not give it away.
  const text = await readFile(join(directory, `lock.${number}`), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return { number, holder: parseHolder(text) };
}

async function lockNumbers(directory: string): Promise<number[]> {
  return (await readdir(directory))
    .flatMap((name) => LOCK.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function take(directory: string, number: number, brief: boolean | undefined): Promise<(() => Promise<void>) | undefined> {
  const own: Holder = { ...ownIdentity(), since: new Date().toISOString(), brief };
  const file = join(directory, `lock.${number}`);
  const draft = join(directory, `draft.${randomUUID()}`);
  await writeHolder(draft, own);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const numbers = await lockNumbers(directory);
  if (numbers.at(-1) !== number) {
    await rm(file, { force: true });
    return undefined;
  }
  await Promise.all(numbers.slice(0, -1).map((old) => rm(join(directory, `lock.${old}`), { force: true })));
  return async () => {
    try {
      await writeHolder(draft, { ...own, released: true });
      await rename(draft, file);
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      // A full disk has no room for the text, but a lock without one counts as given up. What the command came to must not be lost over it.
      await rm(draft, { force: true }).catch(() => undefined);
      await truncate(file).catch(() => undefined);
    }
  };
}

async function writeHolder(file: string, holder: Holder): Promise<void> {
  await writeFile(file, JSON.stringify(holder));
  // Some file systems have no modes; then it is as readable as the folder makes it.
  await chmod(file, MODE).catch(() => undefined);
}

/** Undefined where the text is not whole: link() puts it there whole, so the machine went down before it was on the disk, or the disk was full at release. */
function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function describe(holder: Holder): string {
  return `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
}

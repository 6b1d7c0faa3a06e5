import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from '../compiled.ts';
import type { ChaosResult, ChaosTask } from './worker.ts';

/** Processes that run pipelines. One stands ready in place of the next that is killed. */
export class Workers {
  private readonly env: Record<string, string>;
  private readonly program: string;
  private current: ChildProcess;
  private spare: ChildProcess;
  private readonly readies = new WeakMap<ChildProcess, Promise<unknown>>();

  constructor(env: Record<string, string>) {
    this.env = env;
    this.program = `${compiled('chaos', 'test/support/chaos/tsconfig.json')}test/support/chaos/worker.js`;
    this.current = this.start();
    this.spare = this.start();
  }

  /** Runs a task; killed after `killMs` unless it ended before: then undefined. */
  async run(task: ChaosTask, killMs?: number): Promise<ChaosResult | undefined> {
    const child = this.current;
    await this.readies.get(child);
    const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs);
    const heard = new AbortController();
    const answer = (once(child, 'message', heard) as Promise<[ChaosResult]>).then(([result]) => result);
    const exit = once(child, 'exit', heard).then(() => undefined);
    child.send(task);
    const ended = await Promise.race([answer, exit]);
    clearTimeout(timer);
    heard.abort();
    await Promise.allSettled([answer, exit]);
    // Told to die after it had answered: it goes all the same.
    if (ended !== undefined && !child.killed) return ended;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.current = this.spare;
    this.spare = this.start();
    return ended;
  }

  /** The same task in two processes at once. */
  async runTwice(task: ChaosTask): Promise<readonly (ChaosResult | undefined)[]> {
    await Promise.all([this.readies.get(this.current), this.readies.get(this.spare)]);
    const second = once(this.spare, 'message') as Promise<[ChaosResult]>;
    this.spare.send(task);
    return Promise.all([this.run(task), second.then(([result]) => result)]);
  }

  async stop(): Promise<void> {
    for (const child of [this.current, this.spare]) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }

  private start(): ChildProcess {
    const child = fork(this.program, [], {
      execArgv: [],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.readies.set(child, once(child, 'message'));
    return child;
  }
}

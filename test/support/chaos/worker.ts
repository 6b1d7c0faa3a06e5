import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { chooseTarget, loadConfig } from '../../../src/cli/config/load-config.ts';
import type { CommandContext } from '../../../src/cli/context.ts';
import { runPipelines } from '../../../src/cli/run/run-pipelines.ts';
import type { FactorwatchError } from '../../../src/core/errors.ts';
import { ticksFromIso } from '../../../src/core/ticks.ts';
import { openAzureWorkspace } from '../../../src/workspace/azure/open.ts';

/** One run of the pipelines, as the parent asks for it. */
export interface ChaosTask {
  readonly config: string;
  readonly dataDir: string;
  readonly from: string | undefined;
  readonly until: string;
  /** Reads from..until as a backfill, with a state of its own. */
  readonly backfill?: true;
}

/** What came of it. */
export interface ChaosResult {
  readonly exitCode: number;
  readonly error: string | undefined;
  /** Pauses before a request was sent again: how many, and how long by the test's clock, in ms. */
  readonly pauses: number;
  readonly pausedMs: number;
  readonly peakMb: number;
  readonly errors: string;
}

async function run({ config, dataDir, from, until, backfill }: ChaosTask): Promise<ChaosResult> {
  let [pauses, pausedMs, errors] = [0, 0, ''];
  const settings = loadConfig({ cwd: process.cwd(), file: config });
  const target = chooseTarget(settings, undefined);
  if (target.kind !== 'azure') throw new Error('a target in Azure is meant');
  const sleep = async (ms: number) => {
    pauses += 1;
    pausedMs += ms;
    await turn();
  };
  const note = (text: string) => {
    errors += `${text}\n`;
  };
  const workspace = await openAzureWorkspace(target, { env: process.env, warn: note, sleep });
  const context = {
    io: { err: note, out: note, isTTY: false, columns: 80 },
    json: true,
    cwd: process.cwd(),
    env: process.env,
    dataDir,
    signal: new AbortController().signal,
    clock: Date.now,
    config: async () => settings,
    target: async () => target,
    openWorkspace: async () => workspace,
    folder: (name: string) => name,
    onEnd: () => {},
  } as unknown as CommandContext;
  let [exitCode, error]: [number, string | undefined] = [0, undefined];
  try {
    const { status } = await runPipelines(context, {
      names: [],
      from: from === undefined ? undefined : ticksFromIso(from),
      until: ticksFromIso(until),
      backfill: backfill && { from: ticksFromIso(from!)!, until: ticksFromIso(until)! },
      lockWaitMs: 0,
    });
    // Nothing that these tenants write may be refused: a run that set rows aside has lost them.
    if (status !== 'Success') [exitCode, error] = [4, 'rows were refused'];
  } catch (reason) {
    exitCode = (reason as Partial<FactorwatchError>).exitCode ?? 1;
    error = exitCode === 1 ? (reason as Error).stack : (reason as Error).message;
  }
  await workspace.close();
  return { exitCode, error, pauses, pausedMs, peakMb: Math.round(peakKb() / 1024), errors };
}

/** The most memory this process ever had; `resourceUsage` would count that of the parent it was forked from. */
function peakKb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

process.on('message', (task: ChaosTask) => void run(task).then((result) => process.send!(result)));
process.on('disconnect', () => process.exit());
process.send!('ready');

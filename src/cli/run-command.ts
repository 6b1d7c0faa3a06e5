import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Workspace } from '../workspace/workspace.ts';
import type { Command } from './command.ts';
import { commandName, helpMeant, type Invocation, parseCommandLine, wantsJson } from './command-line.ts';
import type { CommandContext } from './context.ts';
import { reportError } from './errors.ts';
import type { Io } from './io.ts';
import { packageFile } from './package-root.ts';
import { commandNames, loadCommand } from './registry.ts';

/** The world that a command line is run in: the process's own, a test's, or a client's of `serve`. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly clock?: () => number;
  /** Inside `serve`: the workspace that is open already, and its directory. Not closed when the command ends. */
  readonly serving?: { readonly dataDir: string; readonly workspace: Workspace };
}

/** Runs one command line and gives its exit code; throws nothing. */
export async function runCommandInProcess(given: readonly string[], io: Io, surroundings: Surroundings): Promise<number> {
  const argv = helpMeant(given);
  let json = wantsJson(argv);
  const ends: (() => Promise<void> | void)[] = [];
  let code: number;
  try {
    const invocation = parseCommandLine(argv, await candidates(argv), { columns: io.columns });
    if ('text' in invocation) {
      io.out(invocation.text);
      return 0;
    }
    json = invocation.globals.json === true;
    code = (await relayed(invocation, argv, io, surroundings)) ?? (await run(invocation, io, surroundings, ends));
  } catch (error) {
    code = reportError(error, { io, json, signal: surroundings.signal });
  }
  for (const end of ends.reverse()) {
    try {
      await end();
    } catch (error) {
      code ||= reportError(error, { io, json: false, signal: surroundings.signal });
    }
  }
  return code;
}

/** Only the command that is meant is loaded; all of them for the help and to say what was probably meant. */
async function candidates(argv: readonly string[]): Promise<Command[]> {
  const names = commandNames();
  const name = commandName(argv);
  return Promise.all((name !== undefined && names.includes(name) ? [name] : names).map(loadCommand));
}

async function run(invocation: Invocation, io: Io, surroundings: Surroundings, ends: (() => Promise<void> | void)[]): Promise<number> {
  const { command, args, options } = invocation;
  const context = contextOf(invocation, io, surroundings, ends);
  const code = (await command.run(context, args, options)) ?? 0;
  context.signal.throwIfAborted();
  return code;
}

/** Hands the command to a `serve` that holds the data directory; undefined where there is none. */
async function relayed(invocation: Invocation, argv: readonly string[], io: Io, surroundings: Surroundings): Promise<number | undefined> {
  if (!invocation.command.relayed || surroundings.serving !== undefined) return undefined;
  const { findServe, relayCommand } = await import('./relay.ts');
  const serve = await findServe(dataDirOf(invocation, surroundings));
  if (serve === undefined) return undefined;
  const target = await contextOf(invocation, io, surroundings, []).target();
  return target.kind === 'embedded' ? relayCommand(serve, argv, io, surroundings) : undefined;
}

function dataDirOf({ globals }: Invocation, { cwd, env, serving }: Surroundings): string {
  return serving?.dataDir ?? resolve(cwd, globals.dataDir ?? (env['FACTORWATCH_DATA_DIR'] || '.factorwatch'));
}

function contextOf(invocation: Invocation, io: Io, surroundings: Surroundings, ends: (() => Promise<void> | void)[]): CommandContext {
  const { cwd, env, signal, serving } = surroundings;
  const { globals } = invocation;
  const configFile = globals.config ?? (env['FACTORWATCH_CONFIG'] || undefined);
  const clock = surroundings.clock ?? Date.now;
  const onEnd = (close: () => Promise<void> | void) => void ends.push(close);
  const config = once(async () => (await import('./config/load-config.ts')).loadConfig({ cwd, file: configFile }));
  const target = once(async () =>
    (await import('./config/load-config.ts')).chooseTarget(await config(), globals.target ?? (env['FACTORWATCH_TARGET'] || undefined)),
  );
  const projectDir = configFile === undefined ? cwd : dirname(resolve(cwd, configFile));
  const context: CommandContext = {
    io,
    json: globals.json === true,
    cwd,
    env,
    dataDir: dataDirOf(invocation, surroundings),
    dataDirGiven: globals.dataDir !== undefined,
    signal,
    clock,
    config,
    target,
    onEnd,
    folder: (name) => (existsSync(join(projectDir, name)) ? join(projectDir, name) : packageFile(name)),
    openWorkspace: once(async () => {
      const chosen = await target();
      if (serving !== undefined && chosen.kind === 'embedded') return serving.workspace;
      const { openWorkspace } = await import('./open-workspace.ts');
      const workspace = await openWorkspace(chosen, context);
      onEnd(() => workspace.close());
      return workspace;
    }),
  };
  return context;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

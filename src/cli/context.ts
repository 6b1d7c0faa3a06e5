import type { Workspace } from '../workspace/workspace.ts';
import type { Config, Target } from './config/config.ts';
import type { Io } from './io.ts';

/** Folders of a project; the ones that come with Factorwatch stand in where a project has none. */
export type AssetFolder =
  | 'pipelines'
  | 'queries'
  | 'queries/functions'
  | 'queries/posture'
  | 'rules'
  | 'test/rules'
  | 'workbooks'
  | 'samples';

/** All that a command may know of the world around it; injected, so that it runs inside `serve` and in tests too. */
export interface CommandContext {
  readonly io: Io;
  /** One JSON value is wanted on standard output, everything else on standard error. */
  readonly json: boolean;
  /** Absolute; paths that a user gives are resolved against it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; may not exist yet. */
  readonly dataDir: string;
  /** Whether --data-dir was given. */
  readonly dataDirGiven: boolean;
  /** Aborted by SIGINT, SIGTERM, or the client of a relayed command going away. */
  readonly signal: AbortSignal;
  /** Now, in Unix milliseconds. */
  readonly clock: () => number;
  /** The configuration in force; read on first use. */
  config(): Promise<Config>;
  /** The target in force: --target, FACTORWATCH_TARGET, default_target. */
  target(): Promise<Target>;
  /** The workspace of the target; opened once, closed when the command has ended. */
  openWorkspace(): Promise<Workspace>;
  /** Absolute path of a folder of the project, or of the one that comes with Factorwatch. */
  folder(name: AssetFolder): string;
  /** Runs when the command has ended, last registered first. */
  onEnd(close: () => Promise<void> | void): void;
}

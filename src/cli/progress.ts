import type { Io } from './io.ts';
import { cut, pad } from './text.ts';

/** The stages of a long command, in order. */
export interface Progress {
  /** Starts a stage; `update` redraws its line on a terminal, `done` closes it with its counts and time. */
  stage(name: string): Stage;
  /** What each closed stage said, for --json. */
  readonly finished: readonly FinishedStage[];
}

export interface Stage {
  update(text: string): void;
  done(text: string): void;
}

export interface FinishedStage {
  readonly name: string;
  readonly text: string;
  readonly seconds: number;
}

const QUIET_MS = 30_000;

/** On a terminal one redrawn line a stage; elsewhere one line when a stage ends, and one each 30 s while it runs. */
export function stagedProgress(
  io: Io,
  { total, json, clock }: { readonly total: number; readonly json: boolean; readonly clock: () => number },
): Progress {
  const finished: FinishedStage[] = [];
  const print = json ? io.err : io.out;
  const title = (name: string) => `  [${finished.length + 1}/${total}] ${pad(name, 9)}`;
  return {
    finished,
    stage: (name) => {
      const started = clock();
      let spoke = started;
      if (io.isTTY) io.redraw(title(name));
      return {
        update: (text) => {
          const line = cut(`${title(name)} ${text}`, io.columns - 1);
          if (io.isTTY) io.redraw(line);
          else if (clock() - spoke >= QUIET_MS) {
            spoke = clock();
            io.err(line);
          }
        },
        done: (text) => {
          const seconds = Math.round((clock() - started) / 100) / 10;
          const room = Math.max(20, io.columns - title(name).length - 10);
          print(`${title(name)} ${pad(cut(text, room), room)} ${`${seconds.toFixed(1)} s`.padStart(7)}`);
          finished.push({ name, text, seconds });
        },
      };
    },
  };
}

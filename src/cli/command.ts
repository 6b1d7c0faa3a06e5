import type { CommandContext } from './context.ts';

/** One option of a command. Its flag is its key in kebab case: `dataDir` is --data-dir. */
export interface OptionRow {
  readonly about: string;
  /** Word for the value in the help (TIME); a switch where it is absent. */
  readonly value?: string;
  /** One-letter flag. */
  readonly short?: string;
  /** Turns the text into a value; throws `usageError` when it cannot. */
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** May be given more than once. */
  readonly repeat?: true;
}

/** One positional argument. */
export interface ArgumentRow {
  readonly name: string;
  readonly about: string;
  readonly required?: true;
  /** Takes all that follow; only the last may. */
  readonly many?: true;
  readonly choices?: readonly string[];
}

type Parsed<Row extends OptionRow> = Row extends { readonly parse: (text: string) => infer V } ? V : string;
type ValueOf<Row extends OptionRow> = Row extends { readonly value: string }
  ? Row extends { readonly repeat: true }
    ? readonly Parsed<Row>[]
    : Parsed<Row>
  : boolean;
/** What `run` gets: a key is absent where the option was not given. */
export type OptionsOf<Rows extends Readonly<Record<string, OptionRow>>> = { readonly [K in keyof Rows]?: ValueOf<Rows[K]> };

export interface CommandSpec<Rows extends Readonly<Record<string, OptionRow>>> {
  /** Also the name of its file. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, what it prints, its exit codes. */
  readonly description: string;
  /** Lines that can be typed as they stand. */
  readonly examples: readonly string[];
  readonly arguments?: readonly ArgumentRow[];
  readonly options?: Rows;
  /** Works through a running `serve` on the same data directory. */
  readonly relayed?: true;
  /**
   * Heavy modules (DuckDB, the KQL parser, SDKs, zod) are imported inside, never at the top of a command's file:
   * `--help` loads every command. Returns the exit code; nothing = 0.
   */
  run(context: CommandContext, args: readonly string[], options: OptionsOf<Rows>): Promise<number | undefined>;
}

// biome-ignore lint/suspicious/noExplicitAny: the option types of a command are its own affair; the registry holds them all.
export type Command = CommandSpec<any>;

/** Checks a command's types; adds nothing. */
export function defineCommand<const Rows extends Readonly<Record<string, OptionRow>>>(spec: CommandSpec<Rows>): CommandSpec<Rows> {
  return spec;
}

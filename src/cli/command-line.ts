import { Argument, Command as Commander, CommanderError, Option } from 'commander';
import { FactorwatchError } from '../core/errors.ts';
import type { ArgumentRow, Command, OptionRow } from './command.ts';
import { usageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly target?: string;
  readonly dataDir?: string;
}

/** A command line that names a command to run. */
export interface Invocation {
  readonly command: Command;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly globals: GlobalOptions;
}

/** Text that the user asked for (--help, --version) instead of a command. */
export interface Text {
  readonly text: string;
}

const GLOBALS: Readonly<Record<keyof GlobalOptions, OptionRow>> = {
  json: { about: 'one JSON value on standard output, logs on standard error' },
  config: { value: 'FILE', about: 'configuration (default FACTORWATCH_CONFIG, else ./factorwatch.yaml, else built-in defaults)' },
  target: { value: 'NAME', about: "a target of the configuration (default FACTORWATCH_TARGET, else the file's default_target)" },
  dataDir: { value: 'DIR', about: 'where data is kept (default FACTORWATCH_DATA_DIR, else .factorwatch)' },
};
const TAKE_VALUE = new Set(Object.entries(GLOBALS).flatMap(([key, row]) => (row.value === undefined ? [] : [flagOf(key)])));

/** The first word that is neither an option nor the value of a global one: the command's name. */
export function commandName(argv: readonly string[]): string | undefined {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (TAKE_VALUE.has(word)) i++;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

/** Whether --json stands among the options, known before anything is parsed: early errors are JSON too. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json');
}

/** `help` and `help COMMAND` are what people type first. */
export function helpMeant(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/** Reads a command line against these commands. Throws a usage error (64) with what was probably meant. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[], { columns = 80 } = {}): Invocation | Text {
  let printed = '';
  let invocation: Invocation | undefined;
  const program = new Commander('factorwatch')
    .description("Is this new MFA method the user's, or an attacker's? A batch SIEM pipeline for Microsoft Entra ID.")
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20, subcommandTerm: (sub) => sub.name() })
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
      getOutHelpWidth: () => columns,
    });
  for (const [key, row] of Object.entries(GLOBALS)) program.addOption(optionOf(key, row));
  for (const command of commands) {
    const sub = program
      .command(command.name)
      .summary(command.summary)
      .description(flowing(command.description))
      .allowExcessArguments(false);
    for (const row of command.arguments ?? []) sub.addArgument(argumentOf(row));
    const rows: Readonly<Record<string, OptionRow>> = command.options ?? {};
    for (const [key, row] of Object.entries(rows)) sub.addOption(optionOf(key, row));
    sub.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  $ ${line}`).join('\n')}`);
    sub.action(() => {
      invocation = { command, args: sub.args, options: optionValues(rows, sub.opts()), globals: program.opts<GlobalOptions>() };
    });
  }
  try {
    program.parse(knowsCommand(argv, commands) ? [...argv] : argv.filter((word) => word !== '--help'), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { text: printed.trimEnd() };
    throw asUsageError(error, commands.find(({ name }) => argv.includes(name))?.name);
  }
  if (invocation === undefined) throw usageError('no command was given', 'See factorwatch --help.');
  refuseEmpty(invocation.globals);
  return invocation;
}

/** `--data-dir "$DIR"` with DIR not set would mean the working directory. */
function refuseEmpty(globals: GlobalOptions): void {
  for (const [key, value] of Object.entries(globals)) {
    if (value !== '') continue;
    const flag = flagOf(key);
    throw usageError(`${flag} is empty`, `Leave ${flag} out, or give it a value; perhaps a variable is not set.`);
  }
}

/** commander prints the general help for `no-such-command --help`, as if all was well. */
function knowsCommand(argv: readonly string[], commands: readonly Command[]): boolean {
  const named = commandName(argv);
  return named === undefined || commands.some(({ name }) => name === named);
}

/** Lines of one paragraph joined, so that the help is wrapped at the width of the terminal and nowhere else. */
function flowing(text: string): string {
  return text.replace(/([^\n])\n(?!\n)/g, '$1 ');
}

/** commander's message is "error: what" and perhaps a second line "(Did you mean --x?)". */
function asUsageError(error: CommanderError, command: string | undefined): FactorwatchError {
  if (error.code === 'commander.help') return usageError('no command was given', 'See factorwatch --help.');
  const [what = '', meant] = error.message
    .replace(/^error: /, '')
    .replace(/^command-argument value (.*) is invalid for argument '(\w+)'/, '$2 cannot be $1')
    .split('\n');
  return usageError(what, meant?.replace(/^\((.*)\)$/, '$1') ?? `See factorwatch ${command === undefined ? '' : `${command} `}--help.`);
}

/** `--severity high` means High: a choice in another case is that choice. */
function acceptAnyCase(what: Option | Argument, choices: readonly string[]): void {
  const strict = what.parseArg;
  what.argParser((text: string, before: unknown) => {
    const meant = choices.find((choice) => choice.toLowerCase() === text.toLowerCase()) ?? text;
    return (strict as unknown as (text: string, before: unknown) => string).call(what, meant, before);
  });
}

function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionOf(key: string, row: OptionRow): Option {
  const value = row.value === undefined ? '' : ` <${row.value}>`;
  const option = new Option(`${row.short === undefined ? '' : `-${row.short}, `}${flagOf(key)}${value}`, row.about);
  if (row.choices !== undefined) acceptAnyCase(option.choices(row.choices), row.choices);
  if (row.repeat) option.argParser((text: string, before: readonly string[] = []) => [...before, text]);
  return option;
}

function argumentOf(row: ArgumentRow): Argument {
  const name = row.many ? `${row.name}...` : row.name;
  const argument = new Argument(row.required ? `<${name}>` : `[${name}]`, row.about);
  if (row.choices !== undefined) acceptAnyCase(argument.choices(row.choices), row.choices);
  return argument;
}

/** Applies each option's `parse`; a fault names the option. */
function optionValues(rows: Readonly<Record<string, OptionRow>>, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const parse = rows[key]?.parse;
    try {
      if (parse === undefined) values[key] = value;
      else values[key] = Array.isArray(value) ? value.map((text) => parse(String(text))) : parse(String(value));
    } catch (error) {
      if (!(error instanceof FactorwatchError)) throw error;
      throw usageError(`${flagOf(key)}: ${error.message}`, error.hint);
    }
  }
  return values;
}

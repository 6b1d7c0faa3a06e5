/** Where a user's text went wrong: a file (or `query`), with 1-based line and column. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The exit codes of the command line (sysexits where one fits). */
export const ExitCode = {
  done: 0,
  unexpected: 1,
  planHasChanges: 2,
  failOnMet: 3,
  partly: 4,
  testFailures: 5,
  usage: 64,
  nothingUsable: 65,
  noInput: 66,
  unavailable: 69,
  held: 75,
  noPermission: 77,
  invalid: 78,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What every named error carries: `code` is stable and for machines, `message` says what and why, `hint` what to do. */
export interface ErrorDetails {
  readonly exitCode: ExitCode;
  readonly where?: Place | undefined;
  readonly hint?: string | undefined;
  /** Lines of the user's own text with a caret under the fault, for a terminal. */
  readonly excerpt?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class that reaches a user. Anything else that is thrown is a defect of the program. */
export class FactorwatchError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly where: Place | undefined;
  readonly hint: string | undefined;
  readonly excerpt: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'FactorwatchError';
    this.code = code;
    this.exitCode = details.exitCode;
    this.where = details.where;
    this.hint = details.hint;
    this.excerpt = details.excerpt;
  }
}

/** `file:line:col` of a place, as far as it is known. */
export function placeText(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

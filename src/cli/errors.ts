import { ExitCode, FactorwatchError, placeText } from '../core/errors.ts';
import { fileFault } from './file-fault.ts';
import type { Io } from './io.ts';
import { plain } from './text.ts';

/** Why a command was stopped from outside; the reason of its AbortSignal. */
export class Interrupted extends Error {
  readonly exitCode: 130 | 143;
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** A failure after a part of the result had been written: what is on standard output is no result, and nothing may follow it there. */
export class CutShort extends Error {
  constructor(cause: unknown) {
    super('the output was cut short', { cause });
  }
}

/** Prints what went wrong and gives the exit code. With --json the error is the one value on standard output. */
export function reportError(
  thrown: unknown,
  { io, json, signal }: { readonly io: Io; readonly json: boolean; readonly signal: AbortSignal },
): number {
  const error = fileFault(thrown) ?? thrown;
  if (error instanceof CutShort) {
    io.err('what was written to standard output is not whole:');
    return reportError(error.cause, { io, json: false, signal });
  }
  const interrupted = signal.aborted && signal.reason instanceof Interrupted ? signal.reason : undefined;
  if (interrupted !== undefined) {
    if (json) io.json({ error: { code: 'interrupted', message: interrupted.message } });
    else io.err(`${interrupted.message}; nothing is left half-done`);
    return interrupted.exitCode;
  }
  if (!(error instanceof FactorwatchError)) {
    const message = error instanceof Error ? error.message : String(error);
    if (json) io.json({ error: { code: 'unexpected', message } });
    io.err(`unexpected: ${plain(error instanceof Error ? (error.stack ?? message) : message, { keepLines: true })}`);
    return ExitCode.unexpected;
  }
  if (json) {
    io.json({ error: errorJson(error) });
    return error.exitCode;
  }
  const where = error.where === undefined ? '' : placeText(error.where);
  io.err(`error: ${where && !error.message.startsWith(where) ? `${plain(where)}: ` : ''}${plain(error.message, { keepLines: true })}`);
  if (error.excerpt) io.err(plain(error.excerpt, { keepLines: true }).replace(/^/gm, '  '));
  if (error.hint) io.err(`       ${plain(error.hint, { keepLines: true })}`);
  return error.exitCode;
}

/** An error as `--json` tells it. */
export function errorJson({ code, message, where, hint }: FactorwatchError) {
  return { code, message, ...(where && { where: placeText(where) }), ...(hint && { hint }) };
}

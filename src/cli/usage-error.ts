import { ExitCode, FactorwatchError } from '../core/errors.ts';

/** The user typed something that is not a command, option or value (64). */
export function usageError(message: string, hint?: string): FactorwatchError {
  return new FactorwatchError('usage', message, { exitCode: ExitCode.usage, hint });
}

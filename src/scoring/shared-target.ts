import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { writtenTarget } from '../detectors/shared/written-target.ts';

/** The key of a phone or device that many may share; what is neither a number nor a token is FactorwatchError allow-target. */
export function sharedTarget(text: string): string {
  const target = writtenTarget(text);
  if (target !== '') return target;
  throw new FactorwatchError('allow-target', `"${text.slice(0, 60)}" is neither a phone number nor a device token`, {
    exitCode: ExitCode.invalid,
    hint: 'Write the whole number with the code of its country, like +49 30 5550100, or the token as AuditLogs has it.',
  });
}

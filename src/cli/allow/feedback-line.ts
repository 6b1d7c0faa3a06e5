import { didYouMean } from '../../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { VERDICTS, type VerdictName } from '../../findings/verdict.ts';

/** A verdict of an analyst as a list holds it. */
export interface FeedbackLine {
  /** The EventUid, or its first 8 digits or more; lower case. */
  readonly id: string;
  readonly verdict: VerdictName;
}

/** `EVENTUID VERDICT`; what is neither is FactorwatchError allow-list-invalid. */
export function readFeedbackLine(value: string, source: string): FeedbackLine {
  const [, id = '', said = ''] = /^([^\s,]+)[\s,]+(.*)$/.exec(value) ?? [];
  const verdict = said.trim().toLowerCase().replaceAll(' ', '-');
  if (/^[0-9a-f]{8,64}$/i.test(id) && Object.hasOwn(VERDICTS, verdict)) return { id: id.toLowerCase(), verdict: verdict as VerdictName };
  const names = Object.keys(VERDICTS);
  throw new FactorwatchError('allow-list-invalid', `"${value.slice(0, 80)}" is not a finding and a verdict${didYouMean(verdict, names)}`, {
    exitCode: ExitCode.invalid,
    where: { file: source },
    hint: `Write the id of the finding and one of ${names.join(', ')}.`,
  });
}

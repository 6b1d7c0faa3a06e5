import { OWN_VERDICT, detector as watchList } from '../detectors/d16-watch-list.ts';
import { contribution } from '../detectors/detector.ts';
import { fuse } from './fusion.ts';
import type { Weights } from './weights.ts';

/** By how much a verdict moves the log odds of its own unit when that is judged again with nothing else to say. */
export function verdictNats(verdict: keyof typeof OWN_VERDICT, weights: Weights): number {
  const { llr, words } = OWN_VERDICT[verdict];
  const { parts } = fuse('registration', [contribution(watchList, llr, words, {}, [])], weights);
  return weights.a * parts.reduce((sum, { of, nats }) => sum + (of === 'prior' ? 0 : nats), 0);
}

/** What the engine says of a unit with that verdict. */
export const verdictWords = (verdict: keyof typeof OWN_VERDICT): string => OWN_VERDICT[verdict].words;

import type { JsonValue } from '../../schema/output-table.ts';
import type { ScorePart } from '../../scoring/judgement.ts';
import { SCORE_AT_EVEN, SCORE_PER_FACTOR_TEN } from '../../scoring/weights.ts';
import { pad } from '../text.ts';

/** What each part of the odds is, to an analyst. */
const WORDS: Readonly<Record<ScorePart['of'], (nats: number) => string>> = {
  prior: (nats) => `before any evidence: odds ${odds(nats)}`,
  tenant: () => 'takeovers are rarer in this tenant than where the odds are from',
  network: () => 'for an attack: the network',
  client: () => 'for an attack: the device and its programs',
  credential: () => 'for an attack: how the sign-in came about',
  registration: () => 'for an attack: the change of security info and what became of it',
  context: () => 'for an attack: what else is known',
  against: () => 'against it',
};

/**
 * How the score came about, a line a part, in nats, the sum last. The parts are less than their pieces of evidence: pieces about one fact are weighted
 * and capped together.
 */
export function scoreLines(parts: JsonValue | undefined): string[] {
  if (!Array.isArray(parts) || parts.length === 0) return [];
  const known = (parts as readonly { readonly Of?: unknown; readonly Nats?: unknown }[]).map(({ Of, Nats }) => ({
    of: String(Of),
    nats: Number(Nats),
  }));
  const sum = known.reduce((total, { nats }) => total + nats, 0);
  const line = (nats: number, words: string) => `${pad(signed(nats), 5, 'right')}  ${words}`;
  return [
    ...known.map(({ of, nats }) => line(nats, Object.hasOwn(WORDS, of) ? WORDS[of as ScorePart['of']](nats) : of)),
    line(sum, `together: odds ${odds(sum)}. Even odds are a risk of ${SCORE_AT_EVEN}, a factor of ten ${SCORE_PER_FACTOR_TEN} points`),
  ];
}

export function signed(nats: number): string {
  return `${nats > 0 ? '+' : ''}${nats.toFixed(1)}`;
}

/** `200 to 1 against`, `12 to 1 for`, of log odds. */
function odds(nats: number): string {
  const ratio = Math.exp(Math.abs(nats));
  const most = Number(ratio.toPrecision(2));
  return most === 1 ? 'even' : `of ${most.toLocaleString('en-US')} to 1 ${nats < 0 ? 'against' : 'for'}`;
}

import type { Contribution } from '../detectors/evidence.ts';
import { allDetectors } from '../detectors/registry.ts';
import type { Unit } from '../detectors/stream/unit.ts';
import { fuse } from './fusion.ts';
import type { Judgement } from './judgement.ts';
import { REPORT_SCORE, type Weights } from './weights.ts';

/** Nats that a piece must say, either way: less is 0.0 to whoever reads it. */
const TELLING = 0.05;

/** Strongest evidence for, first; evidence against at the end, strongest last; ties by words, so that the order is the evidence's own. */
function ordered(contributions: readonly Contribution[]): readonly Contribution[] {
  return contributions
    .filter(({ llr }) => Math.abs(llr) >= TELLING)
    .sort((a, b) => b.llr - a.llr || (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : a.words < b.words ? -1 : 1));
}

/** Where nothing speaks against: what spoke for it was taken back, as it may be by what came later. */
const FADED = 'What spoke for an attack has been taken back by later events, and what is left is too weak to report.';

const benignBy = new Map(allDetectors.map(({ id, benignIf }) => [id, benignIf]));

/** The present opinion of a unit: a function of the unit and the weights alone. */
export function judgementOf(unit: Readonly<Unit>, weights: Weights): Judgement {
  const contributions = ordered(Object.values(unit.evidence).flat());
  const { posterior, score, hard, parts } = fuse(unit.kind, contributions, weights);
  const support = contributions.filter(({ llr }) => llr > 0);
  const against = contributions.findLast(({ prior }) => prior !== true);
  // The least that is written is 30: a finding whose odds have fallen below it is open no more, by whichever way they fell.
  const closedReason = against !== undefined && against.llr < 0 ? against.words : FADED;
  const { kind, tenantId, subject, anchor, gaps, users, actor, events, startMs, endMs, originalId, source, methods, registration } = unit;
  return {
    kind,
    tenantId,
    subject,
    anchor,
    posterior,
    score,
    hardEvidence: hard,
    parts,
    contributions,
    benignIf: [...new Set(support.map(({ detector }) => benignBy.get(detector) ?? ''))].filter((text) => text !== ''),
    gaps,
    users,
    ...(actor === undefined ? {} : { actor }),
    events,
    startMs,
    endMs,
    originalId,
    source,
    methods,
    ...(registration === undefined ? {} : { happening: registration.happening }),
    ...(score < REPORT_SCORE ? { closedReason } : {}),
  };
}

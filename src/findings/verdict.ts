import type { Verdict } from '../scoring/engine-api.ts';
import { verdictNats, verdictWords } from '../scoring/verdict-nats.ts';
import { SCORE_AT_EVEN, SCORE_PER_FACTOR_TEN, weights } from '../scoring/weights.ts';
import { MOST_ROWS } from './evidence.ts';
import { type FindingContent, fieldsOf } from './finding-row.ts';
import { LEAST_RISK, SEVERITIES, type Severity, severityOf } from './severity.ts';

/** What analysts may say, in the words of ASIM (AlertVerdict), and what the engine makes of it. */
export const VERDICTS = {
  'true-positive': { words: 'True Positive', meaning: 'malicious' },
  'false-positive': { words: 'False Positive', meaning: 'benign' },
  'benign-positive': { words: 'Benign Positive', meaning: 'benign' },
  unknown: { words: 'Unknown', meaning: 'undetermined' },
} as const satisfies Record<string, { readonly words: string; readonly meaning: Verdict['verdict'] }>;
export type VerdictName = keyof typeof VERDICTS;

/** A verdict as it lies over all later revisions of its finding. */
export interface VerdictOverlay {
  readonly verdict: VerdictName;
  /** Who gave it, as far as the system told. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly comment: string;
  /** Severity of the finding by its evidence when it was closed. */
  readonly severity: Severity;
}

/** What a verdict weighs as evidence, in nats: as much as the engine gives it when the unit is judged again (D16). */
const NATS: Readonly<Record<Verdict['verdict'], number>> = {
  malicious: verdictNats('malicious', weights),
  benign: verdictNats('benign', weights),
  undetermined: 0,
};
const WORDS = { malicious: verdictWords('malicious'), benign: verdictWords('benign'), undetermined: '' } as const;
/** A posterior of a row has six digits: nearer to 0 or 1 the score says more. */
const TELLING = 1e-5;

type Judged = Pick<FindingContent, 'ThreatRiskLevel' | 'ThreatConfidence' | 'EventSeverity'>;

/** The content as it was before a verdict was laid over it. */
export function withoutVerdict<T extends FindingContent>(content: T): T {
  const { Verdict: given, ...fields } = fieldsOf(content);
  const before = (given as { readonly Before?: Judged } | undefined)?.Before;
  if (before === undefined) return content;
  const evidence = Array.isArray(content.Evidence) ? content.Evidence.filter((piece) => !isVerdict(piece)) : content.Evidence;
  return { ...content, ...before, Evidence: evidence, AdditionalFields: fields };
}

const isVerdict = (piece: unknown) => (piece as { readonly Verdict?: unknown } | null)?.Verdict === true;

/** Severity that the evidence alone gave. */
export function severityDecidedOn(content: FindingContent): Severity {
  return withoutVerdict(content).EventSeverity as Severity;
}

/**
 * The finding closed by an analyst, whose word is evidence like any other and moves the score. It opens again, the verdict kept, when it grows
 * more severe than what was decided upon: of what came after it the verdict says nothing.
 */
export function withVerdict(judged: FindingContent, overlay: VerdictOverlay | undefined): FindingContent {
  if (overlay === undefined) return judged;
  const content = withoutVerdict(judged);
  const worse = SEVERITIES.indexOf(content.EventSeverity as Severity) > SEVERITIES.indexOf(overlay.severity);
  const { EventSeverity, ThreatRiskLevel, ThreatConfidence } = content;
  const { words, meaning } = VERDICTS[overlay.verdict];
  const told = { By: overlay.by, At: overlay.at, Comment: overlay.comment };
  const known =
    Array.isArray(content.Evidence) &&
    content.Evidence.some((piece) => (piece as { readonly Words?: unknown } | null)?.Words === WORDS[meaning]);
  const moves = !worse && !known && NATS[meaning] !== 0;
  return {
    ...content,
    ...(moves ? { ...moved(content, NATS[meaning]), Evidence: withPiece(content.Evidence, NATS[meaning], WORDS[meaning]) } : {}),
    AlertStatus: worse ? 'Active' : 'Closed',
    AlertVerdict: words,
    AdditionalFields: {
      ...fieldsOf(content),
      Verdict: moves ? { ...told, Before: { EventSeverity, ThreatRiskLevel, ThreatConfidence } } : told,
    },
  };
}

function moved(content: FindingContent, nats: number): Judged {
  const posterior = Number(fieldsOf(content)['Posterior']);
  const telling = posterior > TELLING && posterior < 1 - TELLING;
  const before = telling
    ? Math.log(posterior / (1 - posterior))
    : (((content.ThreatRiskLevel ?? 0) - SCORE_AT_EVEN) / SCORE_PER_FACTOR_TEN) * Math.LN10;
  const odds = before + nats;
  const score = Math.round(SCORE_AT_EVEN + (SCORE_PER_FACTOR_TEN * odds) / Math.LN10);
  const risk = Math.min(100, Math.max(LEAST_RISK.Low, score));
  return { ThreatRiskLevel: risk, ThreatConfidence: Math.round(100 / (1 + Math.exp(-odds))), EventSeverity: severityOf(risk) };
}

/** Evidence holds ten rows; where it is full the verdict stands in AdditionalFields alone. */
function withPiece(evidence: FindingContent['Evidence'], nats: number, words: string): FindingContent['Evidence'] {
  const rows = Array.isArray(evidence) ? evidence : [];
  const piece = {
    Direction: nats > 0 ? 'For' : 'Against',
    Words: words,
    Detector: 'D16-watch-list',
    DetectorName: 'Verdict',
    Group: 'context',
    Nats: nats,
    Counts: {},
    Techniques: [],
    EventIds: [],
    Verdict: true,
  };
  return rows.length < MOST_ROWS ? [...rows, piece] : rows;
}

import type { Verdict } from '../scoring/engine-api.ts';
import { type FindingContent, fieldsOf } from './finding-row.ts';
import { SEVERITIES, type Severity } from './severity.ts';

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
  /** Severity of the finding when it was closed. */
  readonly severity: Severity;
}

/** The finding closed by an analyst. It opens again, the verdict kept, when it grows more severe than what was decided upon. */
export function withVerdict(content: FindingContent, overlay: VerdictOverlay | undefined): FindingContent {
  if (overlay === undefined) return content;
  const worse = SEVERITIES.indexOf(content.EventSeverity as Severity) > SEVERITIES.indexOf(overlay.severity);
  return {
    ...content,
    AlertStatus: worse ? 'Active' : 'Closed',
    AlertVerdict: VERDICTS[overlay.verdict].words,
    AdditionalFields: { ...fieldsOf(content), Verdict: { By: overlay.by, At: overlay.at, Comment: overlay.comment } },
  };
}

import { alertOf } from '../../evaluate/alert.ts';
import type { Incident, Truth } from '../../evaluate/labels.ts';
import { concerns, shows } from '../../evaluate/match.ts';
import { isAtLeast } from '../../findings/severity.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';

/** A planted attack that must be found, and the finding that shows it. */
export interface Verdict {
  readonly incident: Incident;
  /** The strongest finding about it of at least the severity that was asked for. */
  readonly finding: FindingRow | undefined;
}

export interface Comparison {
  readonly verdicts: readonly Verdict[];
  /** Findings of Medium or more about nothing that was planted. */
  readonly falseFindings: readonly FindingRow[];
}

/** Holds findings against what was planted, by the same matching as `evaluate`. Attacks that registered no method need not be found, but a finding on one is not false. */
export function compare(findings: readonly FindingRow[], { incidents }: Truth): Comparison {
  const judged = findings
    .toSorted((a, b) => (b.ThreatRiskLevel ?? 0) - (a.ThreatRiskLevel ?? 0))
    .flatMap((row) => {
      const alert = alertOf(row);
      return alert === undefined ? [] : [{ row, alert }];
    });
  return {
    verdicts: incidents
      .filter(({ mustDetect }) => mustDetect)
      .map((incident) => ({
        incident,
        finding: judged.find(({ row, alert }) => isAtLeast(row.EventSeverity, incident.minSeverity) && shows(alert, incident))?.row,
      })),
    falseFindings: judged
      .filter(({ row, alert }) => isAtLeast(row.EventSeverity, 'Medium') && !incidents.some((incident) => concerns(alert, incident)))
      .map(({ row }) => row),
  };
}

import { fieldsOf } from '../../findings/finding-row.ts';
import { isAtLeast } from '../../findings/severity.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import type { IncidentLabel, Labels } from '../../simulate/labels.ts';

/** A planted attack that must be found, and the finding that shows it. */
export interface Verdict {
  readonly incident: IncidentLabel;
  /** The strongest finding about it of at least the severity that was asked for. */
  readonly finding: FindingRow | undefined;
}

export interface Comparison {
  readonly verdicts: readonly Verdict[];
  /** Findings of Medium or more about nothing that was planted. */
  readonly falseFindings: readonly FindingRow[];
}

const DAY_MS = 86_400_000;

/** Holds findings against what was planted. Attacks that registered no method need not be found, but a finding on one is not false. */
export function compare(findings: readonly FindingRow[], { incidents }: Labels): Comparison {
  const strongest = findings.toSorted((a, b) => (b.ThreatRiskLevel ?? 0) - (a.ThreatRiskLevel ?? 0));
  return {
    verdicts: incidents
      .filter((incident) => incident.must_detect)
      .map((incident) => ({
        incident,
        finding: strongest.find((row) => isAtLeast(row.EventSeverity, incident.min_severity) && isAbout(row, incident)),
      })),
    falseFindings: strongest.filter(
      (row) => isAtLeast(row.EventSeverity, 'Medium') && !incidents.some((incident) => isAbout(row, incident)),
    ),
  };
}

/** About the attacker's registration itself, or about its victims alone while the attack went on (a method may be used a day later). */
function isAbout(row: FindingRow, incident: IncidentLabel): boolean {
  const ids = fieldsOf(row)['EventIds'];
  if (Array.isArray(ids) && incident.registration_event_ids.some((id) => ids.includes(id))) return true;
  const [from, until] = [Date.parse(row.EventStartTime ?? ''), Date.parse(row.EventEndTime ?? '')];
  if (from > Date.parse(incident.end) + DAY_MS || until < Date.parse(incident.start)) return false;
  // A spray that opened no account has no victims to be known by.
  if (incident.user_ids.length === 0) return row.RuleId === 'source';
  // That somebody is one of sixty who were sprayed does not say that they were taken over.
  const users = usersOf(row);
  return users.length > 0 && users.every((id) => incident.user_ids.includes(id));
}

function usersOf(row: FindingRow): readonly string[] {
  const users = fieldsOf(row)['Users'];
  const listed = Array.isArray(users) ? users.map((user) => String((user as { readonly UserId?: unknown } | null)?.UserId ?? '')) : [];
  return [...new Set(row.UserId === '' ? listed : [row.UserId, ...listed])];
}

/** A row of `findings --json`, as far as it is judged here. */
export interface Finding {
  readonly EventUid: string;
  readonly AlertName: string;
  readonly EventSeverity: string;
  readonly ThreatRiskLevel: number;
  readonly EventStartTime: string;
  readonly EventEndTime: string;
  readonly UserId: string;
  readonly Username: string;
  readonly AdditionalFields: { readonly Users?: readonly { readonly UserId: string }[]; readonly EventIds?: readonly string[] };
}

export interface Label {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly user_ids: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly registration_event_ids: readonly string[];
}

export interface Labels {
  readonly start: string;
  readonly end: string;
  readonly users: number;
  readonly incidents: readonly Label[];
  readonly decoys: readonly Label[];
}

const RAISED = new Set(['Medium', 'High']);

const usersOf = (finding: Finding): readonly string[] =>
  finding.UserId === '' || finding.UserId === null ? (finding.AdditionalFields.Users ?? []).map((user) => user.UserId) : [finding.UserId];

const isAbout = (finding: Finding, label: Label): boolean =>
  usersOf(finding).some((id) => label.user_ids.includes(id)) &&
  Date.parse(finding.EventStartTime) <= Date.parse(label.end) &&
  Date.parse(finding.EventEndTime) >= Date.parse(label.start);

/** Which takeovers were found at Medium or higher, and which findings of that severity are about none. */
export const judge = (findings: readonly Finding[], labels: Labels) => {
  const raised = findings.filter((finding) => RAISED.has(finding.EventSeverity));
  const found = labels.incidents.filter((incident) => raised.some((finding) => isAbout(finding, incident)));
  const missed = labels.incidents.filter((incident) => !found.includes(incident));
  const wrong = raised.filter((finding) => !labels.incidents.some((incident) => isAbout(finding, incident)));
  const weeks = (Date.parse(labels.end) - Date.parse(labels.start)) / (7 * 86_400_000);
  return {
    found,
    missed,
    wrong: wrong.map((finding) => ({ finding, cause: labels.decoys.find((decoy) => isAbout(finding, decoy))?.scenario ?? 'everyday' })),
    raised: raised.length,
    recall: found.length / labels.incidents.length,
    precision: raised.length === 0 ? 1 : 1 - wrong.length / raised.length,
    falsePerThousandWeeks: (wrong.length * 1000) / labels.users / weeks,
  };
};

/** Severities of findings, the least first. */
export const SEVERITIES = ['Low', 'Medium', 'High'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The least ThreatRiskLevel that is written, and where Medium and High begin. */
export const LEAST_RISK = { Low: 30, Medium: 50, High: 75 } as const satisfies Record<Severity, number>;

/** Severity of a ThreatRiskLevel of at least 30. */
export function severityOf(risk: number): Severity {
  return risk >= LEAST_RISK.High ? 'High' : risk >= LEAST_RISK.Medium ? 'Medium' : 'Low';
}

/** Whether a severity, as it stands in a row, is at least another one. */
export function isAtLeast(severity: string, least: Severity): boolean {
  return SEVERITIES.indexOf(severity as Severity) >= SEVERITIES.indexOf(least);
}

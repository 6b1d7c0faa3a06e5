import type { Alert } from './alert.ts';
import type { Decoy, Incident } from './labels.ts';

const HOUR_MS = 3_600_000;
const BEFORE_MS = HOUR_MS;
const AFTER_MS = 24 * HOUR_MS;

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

function meets(alert: Alert, { startMs, endMs }: Span): boolean {
  if (Number.isNaN(alert.startMs) || Number.isNaN(startMs)) return false;
  const until = Number.isNaN(endMs) ? startMs : endMs;
  return (Number.isNaN(alert.endMs) ? alert.startMs : alert.endMs) >= startMs - BEFORE_MS && alert.startMs <= until + AFTER_MS;
}

/**
 * Whether an alert shows an incident: it rests on one of the attacker's registrations, or it names a victim and its events lie between an hour
 * before the incident and a day after it. An incident without victims is shown by an alert about its source.
 */
export function shows(alert: Alert, incident: Incident): boolean {
  if (alert.eventIds.some((id) => incident.registrationIds.includes(id))) return true;
  if (!meets(alert, incident)) return false;
  if (incident.userIds.length + incident.upns.length === 0) return alert.isSource;
  return alert.users.some((user) => incident.userIds.includes(user) || incident.upns.includes(user));
}

/** The benign event that an alert fell for; '' where nothing planted explains it. */
export function causeOf(alert: Alert, decoys: readonly Decoy[]): string {
  const byRow = decoys.find(({ registrationIds }) => registrationIds.some((id) => alert.eventIds.includes(id)));
  const byUser = () => decoys.find((decoy) => meets(alert, decoy) && decoy.userIds.some((id) => alert.users.includes(id)));
  return (byRow ?? byUser())?.kind ?? '';
}

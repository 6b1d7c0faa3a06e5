import { HOUR_MS } from '../core/durations.ts';
import type { Alert } from './alert.ts';
import type { Decoy, Incident } from './labels.ts';

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

/** Whether an alert has to do with an incident: it is no false one. It rests on one of the attacker's registrations, or names a victim at the time. */
export function concerns(alert: Alert, incident: Incident): boolean {
  if (alert.eventIds.some((id) => incident.registrationIds.includes(id))) return true;
  if (!meets(alert, incident)) return false;
  // A spray that opened no account has no victims to be known by.
  if (incident.userIds.length + incident.upns.length === 0) return alert.isSource;
  return alert.users.some((user) => isVictim(user, incident));
}

/**
 * Whether an alert shows an incident: it concerns it and, where it does not rest on the attacker's registration, is about victims alone. That somebody
 * is one of sixty who were sprayed does not say that they were taken over. The time is from an hour before the incident to a day after it.
 */
export function shows(alert: Alert, incident: Incident): boolean {
  if (!concerns(alert, incident)) return false;
  const byRow = alert.eventIds.some((id) => incident.registrationIds.includes(id));
  const hasVictims = incident.userIds.length + incident.upns.length > 0;
  return byRow || !hasVictims || alert.users.every((user) => isVictim(user, incident));
}

const isVictim = (user: string, { userIds, upns }: Incident) => userIds.includes(user) || upns.includes(user);

/** The benign event that an alert fell for; '' where nothing planted explains it. */
export function causeOf(alert: Alert, decoys: readonly Decoy[]): string {
  const byRow = decoys.find(({ registrationIds }) => registrationIds.some((id) => alert.eventIds.includes(id)));
  const byUser = () => decoys.find((decoy) => meets(alert, decoy) && decoy.userIds.some((id) => alert.users.includes(id)));
  return (byRow ?? byUser())?.kind ?? '';
}

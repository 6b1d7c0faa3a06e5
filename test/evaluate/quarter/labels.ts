import { iso } from './logbook.ts';
import type { Person } from './people.ts';

/** Times in Unix ms; the last, where it has no end, is its beginning. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Incident extends Span {
  readonly scenario: string;
  readonly variant: string;
  readonly people: readonly Person[];
  /** NaN where nothing was registered. */
  readonly registeredAt: number;
  readonly registrationIds: readonly string[];
  readonly mustDetect: boolean;
}

export interface LookAlike extends Span {
  readonly kind: string;
  readonly people: readonly Person[];
  readonly registrationIds: readonly string[];
}

/** labels.json, as the contract of a tenant's folder has it. */
export function labelsOf(span: Span, users: number, incidents: readonly Incident[], lookAlikes: readonly LookAlike[]) {
  const within = (at: number) => iso(Math.min(Math.max(at, span.start), span.end - 1));
  return {
    start: iso(span.start),
    end: iso(span.end),
    users,
    incidents: incidents.map((item, index) => ({
      id: `incident-${index + 1}`,
      scenario: item.scenario,
      variant: item.variant,
      user_ids: item.people.map(({ id }) => id),
      upns: item.people.map(({ upn }) => upn.toLowerCase()),
      start: within(item.start),
      end: within(item.end),
      registration_time: Number.isNaN(item.registeredAt) ? null : within(item.registeredAt),
      registration_event_ids: item.registrationIds,
      must_detect: item.mustDetect,
      min_severity: 'Medium',
    })),
    decoys: lookAlikes.map((item) => ({
      kind: item.kind,
      user_ids: item.people.map(({ id }) => id),
      start: within(item.start),
      end: within(item.end),
      registration_event_ids: item.registrationIds,
    })),
  };
}

export type Labels = ReturnType<typeof labelsOf>;

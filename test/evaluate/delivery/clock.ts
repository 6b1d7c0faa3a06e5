export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Hours ahead of UTC, and what they become at an instant. */
export interface Zone {
  readonly name: string;
  readonly hours: number;
  readonly change?: { readonly at: number; readonly hours: number };
}

const utc = (iso: string) => Date.parse(iso);

/** In autumn 2026, as the tz database has them. */
export const ZONES = {
  sydney: { name: 'Australia/Sydney', hours: 10, change: { at: utc('2026-10-03T16:00:00Z'), hours: 11 } },
  brisbane: { name: 'Australia/Brisbane', hours: 10 },
  adelaide: { name: 'Australia/Adelaide', hours: 9.5, change: { at: utc('2026-10-03T16:30:00Z'), hours: 10.5 } },
  kolkata: { name: 'Asia/Kolkata', hours: 5.5 },
  newYork: { name: 'America/New_York', hours: -4, change: { at: utc('2026-11-01T06:00:00Z'), hours: -5 } },
  chicago: { name: 'America/Chicago', hours: -5, change: { at: utc('2026-11-01T07:00:00Z'), hours: -6 } },
  denver: { name: 'America/Denver', hours: -6, change: { at: utc('2026-11-01T08:00:00Z'), hours: -7 } },
  phoenix: { name: 'America/Phoenix', hours: -7 },
  losAngeles: { name: 'America/Los_Angeles', hours: -7, change: { at: utc('2026-11-01T09:00:00Z'), hours: -8 } },
  mexico: { name: 'America/Mexico_City', hours: -6 },
  london: { name: 'Europe/London', hours: 1, change: { at: utc('2026-10-25T01:00:00Z'), hours: 0 } },
  singapore: { name: 'Asia/Singapore', hours: 8 },
  dubai: { name: 'Asia/Dubai', hours: 4 },
  tokyo: { name: 'Asia/Tokyo', hours: 9 },
} as const satisfies Record<string, Zone>;

const offset = ({ hours, change }: Zone, at: number) => HOUR * (change !== undefined && at >= change.at ? change.hours : hours);

/** The instant, Unix ms, at which clocks of a zone show so many hours of a day; the day is named by its midnight in UTC. */
export function instant(zone: Zone, midnight: number, hour: number): number {
  const wall = midnight + hour * HOUR;
  return Math.round(wall - offset(zone, wall - offset(zone, wall)));
}

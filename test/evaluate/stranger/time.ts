export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** ISO 8601 with seven decimals, as Entra ID writes it. */
export const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '0000Z');

/** Midnight UTC of the day that holds `ms`. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY) * DAY;

/** 0 is Sunday. */
export const weekday = (ms: number): number => new Date(ms).getUTCDay();

/** Local hour of a day (UTC midnight) in a zone `offset` hours east of UTC. */
export const localTime = (day: number, hour: number, offset: number): number => day + (hour - offset) * HOUR;

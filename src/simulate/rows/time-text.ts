import { mix } from '../rng.ts';

let lastSecond = Number.NaN;
let lastText = '';

/** `2026-09-03T08:12:33.1234567Z` of Unix milliseconds; the last four digits come from `salt`, or, without one, from the fraction of `at`: then the order of texts is the order of times. */
export function timeText(at: number, salt?: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().slice(0, 20);
  }
  const since = at - second * 1000;
  const digits = salt === undefined ? Math.floor(since * 10_000) : Math.floor(since) * 10_000 + (mix(salt) % 10_000);
  return `${lastText}${String(digits).padStart(7, '0')}Z`;
}

/**
 * A user's known values of one feature in one word each: fingerprint (16 bits), known (1 bit), and 15 bits that count the uses of a known
 * value, or of one on probation its first day (8 bits), the days seen (2 bits) and the last of them (5 bits). A chance of 1 in 65,536 a slot that a new value is
 * taken for an old one.
 *
 * Anti-poisoning: a new value is on probation until it was seen on three different days, at least seven days apart, or was used with a proof
 * that an attacker does not have. Logging in twice and waiting does not make a place known.
 */
const KNOWN = 1 << 15;
const COUNT_MASK = KNOWN - 1;
const PRINT_MASK = ~0xffff;
/** first day << 7 | visits << 5 | days from the first to the last visit */
const FIRST_SHIFT = 7;
const VISITS_SHIFT = 5;
const VISITS_MASK = 3;
const LAST_MASK = 31;
const DAY_RANGE = 1 << 8;
/** Days of the range that lie before the first visit: a row may come so late. */
const LATE_DAYS = 8;

export interface Probation {
  readonly days: number;
  /** At most 3. */
  readonly visits: number;
}

/** The part of a hash that a slot keeps. */
export const fingerprint = (hash: number) => (hash >>> 16 === 0 ? 1 : hash >>> 16);

/** Position of the value's slot, -1 when the user never had it. */
export function findSlot(words: Uint32Array, from: number, slots: number, hash: number): number {
  const print = fingerprint(hash);
  for (let at = from; at < from + slots; at++) if (words[at]! >>> 16 === print) return at;
  return -1;
}

export function isKnown(word: number): boolean {
  return (word & KNOWN) !== 0;
}

/** Uses of a known value; 0 for one on probation. */
export function usesOf(word: number): number {
  return isKnown(word) ? word & COUNT_MASK : 0;
}

/** Values among the slots that are known. */
export function knownValues(words: Uint32Array, from: number, slots: number): number {
  let count = 0;
  for (let at = from; at < from + slots; at++) if (isKnown(words[at]!)) count++;
  return count;
}

function victim(words: Uint32Array, from: number, slots: number): number {
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < from + slots; at++) {
    const word = words[at]!;
    // Empty, then on probation with the fewest visits, then the least used: attackers' values cannot push out what the user lives on.
    const value = word === 0 ? -1 : isKnown(word) ? 1000 + usesOf(word) : (word >> VISITS_SHIFT) & VISITS_MASK;
    if (value < least) {
      least = value;
      best = at;
    }
  }
  return best;
}

/** Notes the first use of a value, on `day` (days since 1970), and gives the position of its slot. `trusted`: known at once. */
export function noteFirstUse(words: Uint32Array, from: number, slots: number, hash: number, day: number, trusted: boolean): number {
  const print = fingerprint(hash) << 16;
  const at = victim(words, from, slots);
  words[at] = trusted ? print | KNOWN | 1 : print | onProbation(day, 1, 0);
  return at;
}

/** Notes another use, of the value in words[at]; `slow` times the days of the probation, 31 at most. When a count is full, all counts of the feature are halved. */
export function noteUse(
  words: Uint32Array,
  at: number,
  from: number,
  slots: number,
  day: number,
  trusted: boolean,
  probation: Probation,
  slow: number,
): void {
  const word = words[at]!;
  if (isKnown(word)) {
    if ((word & COUNT_MASK) === COUNT_MASK) halve(words, from, slots);
    words[at]!++;
    return;
  }
  const print = word & PRINT_MASK;
  const first = (word & COUNT_MASK) >> FIRST_SHIFT;
  const elapsed = ((day - first + LATE_DAYS + 2 * DAY_RANGE) % DAY_RANGE) - LATE_DAYS;
  const last = word & LAST_MASK;
  // A day counts once; a row of a day before the last one (late) does not count.
  const visits = Math.min(VISITS_MASK, ((word >> VISITS_SHIFT) & VISITS_MASK) + (elapsed > last ? 1 : 0));
  if (trusted || (elapsed >= Math.min(LAST_MASK, slow * probation.days) && visits >= probation.visits)) words[at] = print | KNOWN | visits;
  // Days from the first visit do not go on for ever: a first one so long ago is moved to where the last one still counts from.
  else if (elapsed > LAST_MASK) words[at] = print | onProbation(day - LAST_MASK, visits, LAST_MASK);
  else words[at] = print | onProbation(first, visits, Math.max(last, elapsed));
}

function onProbation(first: number, visits: number, last: number): number {
  return (((first + DAY_RANGE) % DAY_RANGE) << FIRST_SHIFT) | (visits << VISITS_SHIFT) | last;
}

function halve(words: Uint32Array, from: number, slots: number): void {
  for (let at = from; at < from + slots; at++) {
    const word = words[at]!;
    if (isKnown(word)) words[at] = (word & ~COUNT_MASK) | ((word & COUNT_MASK) >> 1);
  }
}

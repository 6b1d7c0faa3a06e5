import { HOUR_SECONDS } from '../../core/durations.ts';
import { popCount } from '../../core/pop-count.ts';
import { RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from '../stream/event-view.ts';
import { distinctUsers, markUser } from '../stream/layout.ts';

const BITMAP_WORDS = 4;
const BITS = 32 * BITMAP_WORDS;

/** Words of an address: hour of its counts with HAS_FAILED, and passes of this hour and the one before (16 bits each). */
const HOUR = 0;
const PASSES = 1;
export const ATTEMPT_WORDS = 2;
/** `failing` has a record of the address: only few have one, and sign-ins need not look for it. */
const HAS_FAILED = 2 ** 31;

/** Words of a record of failures: hour, fails as passes, bitmaps of users of both hours, time of the last flag. */
const LAST_SECONDS = 2;
const FAILED_HOUR = RECORD_HEAD;
const FAILS = RECORD_HEAD + 1;
const USERS_NOW = RECORD_HEAD + 2;
const USERS_BEFORE = USERS_NOW + BITMAP_WORDS;
const FLAGGED = USERS_BEFORE + BITMAP_WORDS;
export const FAILURE_WORDS = FLAGGED + 1;

type When = 'now' | 'before' | 'gone';

const sum = (word: number) => (word & 0xffff) + (word >>> 16);

function bump(words: Uint32Array, at: number, when: 'now' | 'before'): void {
  const shift = when === 'now' ? 0 : 16;
  if (((words[at]! >>> shift) & 0xffff) < 0xffff) words[at] = words[at]! + (1 << shift);
}

/**
 * Attempts at passwords from an address in a sliding hour: the present hour and the one before. Passes are counted in the address's own words; what
 * only failures need lies in records of their own, which few addresses have.
 */
export class Attempts {
  readonly #base: number;
  readonly #failing: RecordTable;

  /** `base`: where ATTEMPT_WORDS of an address lie. */
  constructor(base: number, failing: RecordTable) {
    this.#base = base;
    this.#failing = failing;
  }

  /** Brings the hour of the address up to the event's, and says in which of the two hours the event lies. */
  #roll(event: EventView): When {
    const { source } = event;
    const at = event.sourceAt + this.#base;
    const hour = Math.floor(event.seconds / HOUR_SECONDS);
    const mark = source[at + HOUR]! & HAS_FAILED;
    const held = this.#hourOf(event);
    if (hour < held) return hour === held - 1 ? 'before' : 'gone';
    if (hour > held) {
      source[at + PASSES] = hour === held + 1 ? source[at + PASSES]! << 16 : 0;
      source[at + HOUR] = mark | hour;
    }
    return 'now';
  }

  #hourOf(event: EventView): number {
    return event.source[event.sourceAt + this.#base + HOUR]! & (HAS_FAILED - 1);
  }

  #find(event: EventView): number {
    if (event.sourceAt < 0 || event.source[event.sourceAt + this.#base + HOUR]! < HAS_FAILED) return -1;
    return this.#failing.find(event.ipLo, event.ipHi);
  }

  /** Hours since the address was flagged; Infinity where it never was. */
  flaggedHours(event: EventView): number {
    const record = this.#find(event);
    const flagged = record < 0 ? 0 : this.#failing.segment(record)[this.#failing.offset(record) + FLAGGED]!;
    return flagged === 0 ? Number.POSITIVE_INFINITY : (event.seconds - flagged) / HOUR_SECONDS;
  }

  flag(event: EventView): void {
    const record = this.#failing.obtain(event.ipLo, event.ipHi);
    this.#failing.touch(record);
    const at = this.#failing.offset(record) + FLAGGED;
    const words = this.#failing.segment(record);
    words[at] = Math.max(words[at]!, event.seconds);
  }

  pass(event: EventView): void {
    const when = this.#roll(event);
    if (when !== 'gone') bump(event.source, event.sourceAt + this.#base + PASSES, when);
  }

  /** False where the event is too old to count. */
  fail(event: EventView): boolean {
    const when = this.#roll(event);
    const hourAt = event.sourceAt + this.#base + HOUR;
    event.source[hourAt] = event.source[hourAt]! | HAS_FAILED;
    const record = this.#failing.obtain(event.ipLo, event.ipHi);
    this.#failing.touch(record);
    const words = this.#failing.segment(record);
    const at = this.#failing.offset(record);
    words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, event.seconds);
    this.#rollFailures(words, at, this.#hourOf(event));
    if (when === 'gone') return false;
    bump(words, at + FAILS, when);
    const half = (event.userHi >>> 5) & 1;
    markUser(words, at + (when === 'now' ? USERS_NOW : USERS_BEFORE) + 2 * half, event.userLo);
    return true;
  }

  #rollFailures(words: Uint32Array, at: number, hour: number): void {
    const held = words[at + FAILED_HOUR]!;
    if (hour <= held) return;
    const next = hour === held + 1;
    for (let i = 0; i < BITMAP_WORDS; i++) {
      words[at + USERS_BEFORE + i] = next ? words[at + USERS_NOW + i]! : 0;
      words[at + USERS_NOW + i] = 0;
    }
    words[at + FAILS] = next ? words[at + FAILS]! << 16 : 0;
    words[at + FAILED_HOUR] = hour;
  }

  /** Of the two hours up to that of the address: distinct users whose password failed (linear counting), failures, passes. */
  counts(event: EventView): { readonly users: number; readonly fails: number; readonly passes: number } {
    const passes = event.sourceAt < 0 ? 0 : sum(event.source[event.sourceAt + this.#base + PASSES]!);
    const record = this.#find(event);
    if (record < 0) return { users: 0, fails: 0, passes };
    const words = this.#failing.segment(record);
    const at = this.#failing.offset(record);
    const behind = this.#hourOf(event) - words[at + FAILED_HOUR]!;
    if (behind > 1) return { users: 0, fails: 0, passes };
    let bits = 0;
    for (let i = 0; i < BITMAP_WORDS; i++) {
      bits += popCount(behind === 1 ? words[at + USERS_NOW + i]! : words[at + USERS_NOW + i]! | words[at + USERS_BEFORE + i]!);
    }
    const fails = behind === 1 ? words[at + FAILS]! & 0xffff : sum(words[at + FAILS]!);
    return { users: distinctUsers(bits, BITS), fails, passes };
  }
}

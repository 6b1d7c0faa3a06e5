import type { ByteReader, ByteWriter } from '../core/bytes.ts';

const MIN_CAPACITY = 1 << 12;

/** Whether an event is new: 'new', a 'duplicate' to drop, or 'earlier': its twin is pending at a later place and must give way. */
export type Arrival = 'new' | 'duplicate' | 'earlier';

/** An entry: key (two words), place (a double). Side by side, so that one event reads one cache line. */
const ENTRY_WORDS = 4;
const ENTRY_DOUBLES = 2;
const FRESH_DOUBLES = 3;

/**
 * The exact set of recent events, 64-bit key -> place in the order (a Bloom filter would silently drop attack events).
 * Of two copies the one that stands first in the order counts, whichever comes first. 24 bytes an event at a load of 2/3.
 */
export class SeenIds {
  readonly #retentionMs: number;
  #capacity = MIN_CAPACITY;
  #words = new Uint32Array(MIN_CAPACITY * ENTRY_WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  #size = 0;
  /** What came since the last write: lo, hi, place. */
  #fresh = new Float64Array(FRESH_DOUBLES * 1024);
  #freshLength = 0;

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs;
  }

  get size(): number {
    return this.#size;
  }

  /** Number of the entry with this key, or of the empty one where it belongs. */
  #slot(lo: number, hi: number): number {
    const words = this.#words;
    const mask = this.#capacity - 1;
    let slot = Math.imul(lo ^ (hi >>> 7), 0x9e3779b1) & mask;
    for (;;) {
      const at = slot * ENTRY_WORDS;
      const heldLo = words[at]!;
      const heldHi = words[at + 1]!;
      if ((heldLo === lo && heldHi === hi) || (heldLo === 0 && heldHi === 0)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isEmpty(slot: number): boolean {
    return this.#words[slot * ENTRY_WORDS] === 0 && this.#words[slot * ENTRY_WORDS + 1] === 0;
  }

  /** Takes note of an event at `place`; `committedMs` is the place up to which events are judged already. */
  arrive(lo: number, hi: number, place: number, committedMs: number): Arrival {
    const slot = this.#slot(lo, hi);
    if (this.#isEmpty(slot)) {
      this.#note(lo, hi, place);
      this.#put(slot, lo, hi, place, committedMs);
      return 'new';
    }
    const at = slot * ENTRY_DOUBLES + 1;
    const known = this.#doubles[at]!;
    if (Math.abs(place - known) > this.#retentionMs) {
      this.#doubles[at] = Math.max(place, known);
      this.#note(lo, hi, place);
      return 'new';
    }
    if (place >= known || known < committedMs) return 'duplicate';
    this.#doubles[at] = place;
    this.#note(lo, hi, place);
    return 'earlier';
  }

  /** The place at which the event with this key counts; Infinity where it came so late that its key is forgotten already: no copy stands before it. */
  placeOf(lo: number, hi: number): number {
    const slot = this.#slot(lo, hi);
    return this.#isEmpty(slot) ? Number.POSITIVE_INFINITY : this.#doubles[slot * ENTRY_DOUBLES + 1]!;
  }

  #note(lo: number, hi: number, place: number): void {
    if (this.#freshLength === this.#fresh.length) {
      const grown = new Float64Array(2 * this.#fresh.length);
      grown.set(this.#fresh);
      this.#fresh = grown;
    }
    this.#fresh[this.#freshLength++] = lo;
    this.#fresh[this.#freshLength++] = hi;
    this.#fresh[this.#freshLength++] = place;
  }

  #put(slot: number, lo: number, hi: number, place: number, committedMs: number): void {
    this.#words[slot * ENTRY_WORDS] = lo;
    this.#words[slot * ENTRY_WORDS + 1] = hi;
    this.#doubles[slot * ENTRY_DOUBLES + 1] = place;
    if (++this.#size * 3 > this.#capacity * 2) this.#rebuild(committedMs);
  }

  /** Forgets what no copy can come of any more, and makes room for what is left. */
  #rebuild(committedMs: number, expected = 0): void {
    const words = this.#words;
    const doubles = this.#doubles;
    const before = this.#capacity;
    const oldest = committedMs - this.#retentionMs;
    const isLive = (slot: number) =>
      doubles[slot * ENTRY_DOUBLES + 1]! >= oldest && (words[slot * ENTRY_WORDS] !== 0 || words[slot * ENTRY_WORDS + 1] !== 0);
    let live = expected;
    for (let slot = 0; slot < before; slot++) if (isLive(slot)) live++;
    let capacity = MIN_CAPACITY;
    while (live * 2 > capacity) capacity *= 2;
    this.#capacity = capacity;
    this.#words = new Uint32Array(capacity * ENTRY_WORDS);
    this.#doubles = new Float64Array(this.#words.buffer);
    this.#size = 0;
    for (let slot = 0; slot < before; slot++) {
      if (!isLive(slot)) continue;
      const to = this.#slot(words[slot * ENTRY_WORDS]!, words[slot * ENTRY_WORDS + 1]!);
      this.#words[to * ENTRY_WORDS] = words[slot * ENTRY_WORDS]!;
      this.#words[to * ENTRY_WORDS + 1] = words[slot * ENTRY_WORDS + 1]!;
      this.#doubles[to * ENTRY_DOUBLES + 1] = doubles[slot * ENTRY_DOUBLES + 1]!;
      this.#size++;
    }
    this.#dropFresh(oldest);
  }

  /** Nobody who reads the state will ask for those either; without this they would pile up in a long run. */
  #dropFresh(oldest: number): void {
    let kept = 0;
    for (let at = 0; at < this.#freshLength; at += FRESH_DOUBLES) {
      if (this.#fresh[at + 2]! < oldest) continue;
      this.#fresh.copyWithin(kept, at, at + FRESH_DOUBLES);
      kept += FRESH_DOUBLES;
    }
    this.#freshLength = kept;
  }

  write(writer: ByteWriter, committedMs: number): void {
    this.#rebuild(committedMs);
    const live = new Float64Array(FRESH_DOUBLES * this.#size);
    for (let slot = 0, to = 0; slot < this.#capacity; slot++) {
      if (this.#isEmpty(slot)) continue;
      live[to++] = this.#words[slot * ENTRY_WORDS]!;
      live[to++] = this.#words[slot * ENTRY_WORDS + 1]!;
      live[to++] = this.#doubles[slot * ENTRY_DOUBLES + 1]!;
    }
    writer.array(live);
    this.#freshLength = 0;
  }

  /** What came since the last write. */
  writeFresh(writer: ByteWriter): void {
    writer.array(this.#fresh.subarray(0, this.#freshLength));
    this.#freshLength = 0;
  }

  /** Adds what write or writeFresh wrote. */
  read(reader: ByteReader, committedMs: number): void {
    const entries = reader.f64s();
    this.#rebuild(Number.NEGATIVE_INFINITY, entries.length / FRESH_DOUBLES);
    for (let i = 0; i + 2 < entries.length; i += FRESH_DOUBLES) {
      const slot = this.#slot(entries[i]!, entries[i + 1]!);
      if (this.#isEmpty(slot)) this.#put(slot, entries[i]!, entries[i + 1]!, entries[i + 2]!, committedMs);
      else this.#doubles[slot * ENTRY_DOUBLES + 1] = entries[i + 2]!;
    }
  }
}

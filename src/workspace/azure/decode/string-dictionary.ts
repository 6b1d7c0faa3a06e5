import { type Data, Dictionary, Int32, makeData, makeVector, Utf8 } from 'apache-arrow';
import { codePointAt, MalformedAnswer, SIMPLE_ESCAPES, writeUtf8 } from './json-bytes.ts';
import { firstOf, quoteOrBackslash, viewOf } from './string-hash.ts';

/** From this length on a native copy or compare is cheaper than a loop over words. */
const NATIVE_FROM = 256;
/** Strings of so many bytes are copied out of a buffer that is too large for them. */
const COPIED_BELOW = 262_144;
/** Slots looked at before a string is taken as new: Arrow allows a string twice in a dictionary, and a flood of collisions costs nothing. */
const MAX_PROBES = 24;
/** A column of ids is not looked up any more: after so many strings of which so large a part was new. */
const GIVE_UP_AT = 4096;
const GIVE_UP_SHARE = 0.75;
/** Most answers are small, and most of their columns empty: nothing is made before the first string. */
const NO_BYTES = Buffer.alloc(0);
const NO_WORDS = wordsOf(NO_BYTES);
const NO_SLOTS = new Int32Array(2);
const NO_OFFSETS = new Int32Array(1);
const FIRST_SLOTS = 256;
const FIRST_ENTRIES = 32;
const FIRST_BYTES = 1024;
/** So many bytes at least are free where a string is written: two words, or an escape and what makes progress after it. */
const ROOM = 16;

/** Strings of one column of one batch in UTF-8, mostly distinct, found by hash of their bytes; no JavaScript string is made. */
export class StringDictionary {
  /** False once nearly every string is new: `add` then takes any hash. */
  lookingUp = true;
  private values = NO_BYTES;
  private words = NO_WORDS;
  private offsets = NO_OFFSETS;
  /** Pairs of hash and entry + 1, side by side: a look-up that finds nothing touches one cache line. */
  private slots = NO_SLOTS;
  private count = 0;
  private asked = 0;

  /** `like`: a dictionary of the same column, whose size is a good guess for this one. */
  constructor(like?: StringDictionary) {
    if (like === undefined) return;
    this.lookingUp = like.lookingUp;
    this.values = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, Math.ceil(like.byteLength * 1.1)));
    this.words = wordsOf(this.values);
    this.offsets = new Int32Array(Math.max(FIRST_ENTRIES, Math.ceil(like.count * 1.1)));
  }

  /** Bytes held by the strings themselves. */
  get byteLength(): number {
    return this.offsets[this.count]!;
  }

  /** Index of the string in bytes[start, end); `hash` must be `hashBytes` of it, as long as `lookingUp`. */
  add(bytes: Buffer, start: number, end: number, hash: number): number {
    if (!this.lookingUp) return this.append(bytes, start, end);
    this.asked++;
    const slots = this.slots;
    const mask = (slots.length >> 1) - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const entry = slots[slot * 2 + 1]! - 1;
      if (entry < 0) return this.insert(bytes, start, end, hash, slot);
      if (slots[slot * 2] === hash && this.equals(entry, bytes, start, end)) return entry;
      slot = (slot + 1) & mask;
    }
    return this.append(bytes, start, end);
  }

  /** Notes that a string was found again without `add`: how many are new decides whether they are looked up at all. */
  foundAgain(): void {
    this.asked++;
  }

  /** Whether an entry without quotes and escapes, or with the escapes it had, stands at `pos` as a whole string: its end, or -1. */
  endIfAt(entry: number, bytes: Buffer, pos: number, end: number): number {
    const close = pos + this.offsets[entry + 1]! - this.offsets[entry]!;
    return close < end && bytes[close] === 0x22 && this.equals(entry, bytes, pos, close) ? close : -1;
  }

  /**
   * Appends a JSON string whose first byte is at `pos` as the newest entry, unescaped on the way, and gives the position of its closing quote; -1
   * where that is not there, and nothing was appended.
   */
  appendJson(bytes: Buffer, pos: number, end: number): number {
    const source = viewOf(bytes);
    const from = this.offsets[this.count]!;
    let i = pos;
    let o = from;
    for (;;) {
      // An escape becomes at most four bytes.
      if (this.values.length - o < ROOM) this.growValues(this.values.length + ROOM, o);
      const { values, words } = this;
      const stop = Math.min(end, i + values.length - o - 4);
      for (; i + 8 <= stop; i += 8, o += 8) {
        const first = source.getInt32(i, true);
        const second = source.getInt32(i + 4, true);
        words.setInt32(o, first, true);
        words.setInt32(o + 4, second, true);
        if ((quoteOrBackslash(first) | quoteOrBackslash(second)) !== 0) break;
      }
      while (i + 4 <= stop) {
        const word = source.getInt32(i, true);
        words.setInt32(o, word, true);
        const found = quoteOrBackslash(word);
        if (found === 0) {
          i += 4;
          o += 4;
          continue;
        }
        const before = firstOf(found);
        i += before;
        o += before;
        // JSON inside JSON has an escape every few bytes: those of one letter are taken here.
        const plain = bytes[i] === 0x5c && i + 1 < end ? SIMPLE_ESCAPES[bytes[i + 1]!]! : 0;
        if (plain === 0) break;
        values[o++] = plain;
        i += 2;
      }
      for (; i < stop; i++) {
        const c = bytes[i]!;
        if (c === 0x22) {
          this.endEntry(o);
          return i;
        }
        if (c === 0x5c) break;
        values[o++] = c;
      }
      if (i >= end) return -1;
      if (i >= stop) continue;
      if (i + 1 >= end) return -1;
      const letter = bytes[i + 1]!;
      if (SIMPLE_ESCAPES[letter] !== 0) {
        values[o++] = SIMPLE_ESCAPES[letter]!;
        i += 2;
        continue;
      }
      if (letter !== 0x75) throw new MalformedAnswer('an unknown escape in a string');
      // The half of a pair that follows must be there too.
      if (i + 6 >= end || (bytes[i + 6] === 0x5c && i + 12 > end)) return -1;
      const code = codePointAt(bytes, i + 2);
      o = writeUtf8(values, o, code);
      i += code > 0xffff ? 12 : 6;
    }
  }

  /** Number of entries, the newest among them. */
  get size(): number {
    return this.count;
  }

  /** Whether the newest entry begins and ends with these bytes. */
  newestIs(first: number, last: number): boolean {
    const from = this.offsets[this.count - 1]!;
    const to = this.offsets[this.count]!;
    return to > from && this.values[from] === first && this.values[to - 1] === last;
  }

  /** Removes the newest entry and gives its bytes. */
  takeBack(): Buffer {
    this.count -= 1;
    return Buffer.from(this.values.subarray(this.offsets[this.count]!, this.offsets[this.count + 1]!));
  }

  /** The dictionary as an Arrow column over `indices`; the dictionary must not be used after. */
  toData(type: Dictionary<Utf8, Int32>, indices: Int32Array, length: number, nullBitmap: Uint8Array | null, nullCount: number): Data {
    const used = this.byteLength;
    // A small answer must not pin a large buffer: Arrow keeps the whole ArrayBuffer alive. Of one that grew, the end was never touched.
    const values =
      used * 1.5 < this.values.length && used < COPIED_BELOW
        ? new Uint8Array(this.values.subarray(0, used))
        : this.values.subarray(0, used);
    const strings = makeData({
      type: type.dictionary,
      length: this.count,
      nullCount: 0,
      valueOffsets: this.offsets.slice(0, this.count + 1),
      data: values,
    });
    return makeData({ type, length, nullCount, nullBitmap, data: indices, dictionary: makeVector(strings) });
  }

  private equals(entry: number, bytes: Buffer, start: number, end: number): boolean {
    const from = this.offsets[entry]!;
    const length = end - start;
    if (this.offsets[entry + 1]! - from !== length) return false;
    if (length >= NATIVE_FROM) return bytes.compare(this.values, from, from + length, start, end) === 0;
    const source = viewOf(bytes);
    const words = this.words;
    let i = start;
    let o = from;
    for (; i + 4 <= end; i += 4, o += 4) if (source.getInt32(i, true) !== words.getInt32(o, true)) return false;
    for (; i < end; i++, o++) if (this.values[o] !== bytes[i]) return false;
    return true;
  }

  private insert(bytes: Buffer, start: number, end: number, hash: number, slot: number): number {
    const entry = this.append(bytes, start, end);
    if (this.slots === NO_SLOTS) {
      this.slots = new Int32Array(FIRST_SLOTS);
      slot = (hash ^ (hash >>> 15)) & ((FIRST_SLOTS >> 1) - 1);
    }
    this.slots[slot * 2] = hash;
    this.slots[slot * 2 + 1] = entry + 1;
    if (this.count * 4 > this.slots.length) {
      if (this.asked > GIVE_UP_AT && this.count > this.asked * GIVE_UP_SHARE) this.lookingUp = false;
      else this.rehash();
    }
    return entry;
  }

  private append(bytes: Buffer, start: number, end: number): number {
    const entry = this.count;
    const from = this.offsets[entry]!;
    const to = from + (end - start);
    if (to > this.values.length) this.growValues(to, from);
    if (end - start >= NATIVE_FROM) bytes.copy(this.values, from, start, end);
    else {
      const source = viewOf(bytes);
      const words = this.words;
      let i = start;
      let o = from;
      for (; i + 4 <= end; i += 4, o += 4) words.setInt32(o, source.getInt32(i, true), true);
      for (; i < end; i++, o++) this.values[o] = bytes[i]!;
    }
    this.endEntry(to);
    return entry;
  }

  /** Makes the bytes from the end of the last entry to `to` the newest one. */
  private endEntry(to: number): void {
    const entry = this.count;
    if (entry + 2 > this.offsets.length) {
      const larger = new Int32Array(Math.max(FIRST_ENTRIES, entry * 2 + 2));
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[entry + 1] = to;
    this.count = entry + 1;
  }

  /** Makes room for so many bytes; the first `used` are kept, those of an entry that is not ended among them. */
  private growValues(needed: number, used: number): void {
    const values = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, needed, this.values.length * 2));
    this.values.copy(values, 0, 0, used);
    this.values = values;
    this.words = wordsOf(values);
  }

  private rehash(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = (slots.length >> 1) - 1;
    for (let i = 0; i < old.length; i += 2) {
      const entry = old[i + 1]!;
      if (entry === 0) continue;
      const hash = old[i]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = hash;
      slots[slot * 2 + 1] = entry;
    }
    this.slots = slots;
  }
}

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function dictionaryType(): Dictionary<Utf8, Int32> {
  return new Dictionary(new Utf8(), new Int32());
}

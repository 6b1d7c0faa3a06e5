import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Store } from './store.ts';

/**
 * Exact counts of 32-bit keys and their total. At most `maxKeys` keys: when full all counts are halved (the total with them) and those that
 * reach 0 go, so that rare old keys make room. 0 is never a key. Memory: 16 to 32 bytes a key.
 */
export class CountTable implements Store {
  readonly #max: number;
  #keys = new Uint32Array(256);
  #counts = new Float64Array(256);
  #distinct = 0;
  #slots = 0;
  #total = 0;
  #journal: number[] | undefined;

  constructor(maxKeys: number) {
    this.#max = maxKeys;
  }

  /** Number of keys with a count. */
  get distinct(): number {
    return this.#distinct;
  }

  get total(): number {
    return this.#total;
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  get(key: number): number {
    return this.#counts[this.#slot(key)]!;
  }

  add(key: number): void {
    let slot = this.#slot(key);
    if (this.#keys[slot] === 0) {
      if (this.#distinct >= this.#max && this.#journal === undefined) this.#halve();
      if (this.#slots * 2 >= this.#keys.length) this.#rehash(this.#keys.length * 2);
      slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#slots++;
    }
    if (this.#counts[slot]!++ === 0) this.#distinct++;
    this.#total++;
    this.#journal?.push(key);
  }

  #halve(): void {
    this.#total = 0;
    for (let slot = 0; slot < this.#counts.length; slot++) {
      this.#counts[slot] = Math.floor(this.#counts[slot]! / 2);
      this.#total += this.#counts[slot]!;
    }
    this.#rehash(this.#keys.length);
  }

  #rehash(capacity: number): void {
    const keys = this.#keys;
    const counts = this.#counts;
    this.#keys = new Uint32Array(capacity);
    this.#counts = new Float64Array(capacity);
    this.#slots = 0;
    this.#distinct = 0;
    for (let i = 0; i < keys.length; i++) if (counts[i] !== 0) this.#set(keys[i]!, counts[i]!);
  }

  #set(key: number, count: number): void {
    if (this.#slots * 2 >= this.#keys.length) this.#rehash(this.#keys.length * 2);
    const slot = this.#slot(key);
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = key;
      this.#slots++;
    }
    if (this.#counts[slot] === 0 && count > 0) this.#distinct++;
    this.#counts[slot] = count;
  }

  begin(): void {
    this.#journal = [];
  }

  rollback(): void {
    for (const key of this.#journal ?? []) {
      const slot = this.#slot(key);
      if (--this.#counts[slot]! === 0) this.#distinct--;
      this.#total--;
    }
    this.#journal = undefined;
  }

  /** Always whole: the tables are small beside the records. */
  write(writer: ByteWriter): void {
    const keys = new Uint32Array(this.#distinct);
    const counts = new Float64Array(this.#distinct);
    for (let slot = 0, to = 0; slot < this.#counts.length; slot++) {
      if (this.#counts[slot] === 0) continue;
      keys[to] = this.#keys[slot]!;
      counts[to++] = this.#counts[slot]!;
    }
    writer.f64(this.#total);
    writer.array(keys);
    writer.array(counts);
  }

  writeChanges(writer: ByteWriter): void {
    this.write(writer);
  }

  read(reader: ByteReader): void {
    this.#total = reader.f64();
    const keys = reader.u32s();
    const counts = reader.f64s();
    let capacity = 256;
    while (capacity <= 2 * keys.length) capacity *= 2;
    this.#keys = new Uint32Array(capacity);
    this.#counts = new Float64Array(capacity);
    this.#slots = 0;
    this.#distinct = 0;
    for (let i = 0; i < keys.length; i++) this.#set(keys[i]!, counts[i]!);
  }
}

/** 32-bit avalanche (murmur3 finaliser): every input bit reaches every output bit. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit hash of numbers and strings, in order; the same on every machine. */
export function hashOf(...keys: readonly (number | string)[]): number {
  let h = 0x9e3779b9;
  for (const key of keys) {
    if (typeof key === 'number') h = mix(h ^ mix(key));
    else for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193) + i;
    h = mix(h + 0x7f4a7c15);
  }
  return h >>> 0;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex32(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}

/** A version-4 GUID that is a function of two words. */
export function guidOf(a: number, b: number): string {
  const w0 = mix(a ^ 0x1b873593);
  const w1 = mix(b ^ mix(a));
  const w2 = mix(a + mix(b ^ 0x68e31da4));
  const w3 = mix(w1 ^ Math.imul(w2, 0x9e3779b1));
  const mid = hex32(w1);
  const low = hex32(w2);
  return `${hex32(w0)}-${mid.slice(0, 4)}-4${mid.slice(5)}-${'89ab'[w2 >>> 30]}${low.slice(1, 4)}-${low.slice(4)}${hex32(w3)}`;
}

/** Seeded random numbers (sfc32). Streams are derived by keys, so that no part's draws shift another part's. */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(...keys: readonly (number | string)[]) {
    const seed = hashOf(...keys);
    this.#a = seed;
    this.#b = mix(seed ^ 0x243f6a88);
    this.#c = mix(seed ^ 0x85a308d3);
    this.#d = 1;
    for (let i = 0; i < 8; i++) this.word();
  }

  /** A 32-bit unsigned integer. */
  word(): number {
    const t = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.word() / 4294967296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number in [low, high], both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.unit() * items.length)]!;
  }

  /** Picks by weight; weights need not sum to 1. */
  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const [, weight] of items) total += weight;
    let at = this.unit() * total;
    for (const [item, weight] of items) {
      at -= weight;
      if (at < 0) return item;
    }
    return items[items.length - 1]![0];
  }

  /** Standard normal (Irwin-Hall of 6: no transcendental function, so the same bits everywhere). */
  normal(): number {
    let sum = -3;
    for (let i = 0; i < 6; i++) sum += this.unit();
    return sum * Math.SQRT2;
  }

  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.unit();
    let count = 0;
    while (product > limit && count < 1000) {
      product *= this.unit();
      count += 1;
    }
    return count;
  }

  /** `count` different items, in random order; fewer when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[] {
    const pool = [...items];
    const taken: T[] = [];
    while (taken.length < count && pool.length > 0) {
      const at = Math.floor(this.unit() * pool.length);
      taken.push(pool[at]!);
      pool[at] = pool[pool.length - 1]!;
      pool.pop();
    }
    return taken;
  }

  /** A stream of its own. */
  fork(): Rng {
    return new Rng(this.word(), this.word());
  }

  guid(): string {
    return guidOf(this.word(), this.word());
  }

  /** Characters drawn from an alphabet. */
  text(length: number, alphabet: string): string {
    let out = '';
    for (let i = 0; i < length; i++) out += alphabet[Math.floor(this.unit() * alphabet.length)];
    return out;
  }
}

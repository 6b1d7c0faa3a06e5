/** A seeded generator (sfc32) with the draws a tenant needs. Streams of one seed are told apart by name. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  readonly seed: number;
  readonly name: string;

  constructor(seed: number, name = '') {
    this.seed = seed;
    this.name = name;
    let hash = 0x811c9dc5 ^ seed;
    for (const char of `${name}#${seed}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.a = hash >>> 0;
    this.b = Math.imul(hash ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    this.c = Math.imul(seed + 0x7f4a7c15, 0xc2b2ae35) >>> 0;
    for (let round = 0; round < 15; round++) this.next();
  }

  stream(name: string): Random {
    return new Random(this.seed, `${this.name}/${name}`);
  }

  /** 0 <= x < 1. */
  next(): number {
    const sum = (this.a + this.b + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** Whole number, both ends possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  weighted<T>(items: readonly (readonly [T, number])[]): T {
    let rest = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return items[items.length - 1]![0];
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let at = result.length - 1; at > 0; at--) {
      const other = Math.floor(this.next() * (at + 1));
      [result[at], result[other]] = [result[other]!, result[at]!];
    }
    return result;
  }

  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(this.normal(0, sigma));
  }

  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }

  hex(digits: number): string {
    let text = '';
    for (let at = 0; at < digits; at++) text += '0123456789abcdef'[this.whole(0, 15)];
    return text;
  }

  letters(count: number): string {
    let text = '';
    for (let at = 0; at < count; at++) text += 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[this.whole(0, 31)];
    return text;
  }

  guid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${'89ab'[this.whole(0, 3)]}${this.hex(3)}-${this.hex(12)}`;
  }
}

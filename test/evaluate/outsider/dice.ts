/** Everything random in a tenant comes out of one seeded stream (xorshift128, seeded by FNV-1a of its name). */
export class Dice {
  readonly #words: Uint32Array;

  constructor(name: string) {
    let hash = 2166136261;
    const words = new Uint32Array(4);
    for (let round = 0; round < 4; round++) {
      for (const letter of `${round}|${name}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
      words[round] = hash;
    }
    words[0]! |= 1;
    this.#words = words;
    for (let skip = 0; skip < 32; skip++) this.unit();
  }

  /** 0 <= x < 1. */
  unit(): number {
    const words = this.#words;
    let t = words[3]!;
    words[3] = words[2]!;
    words[2] = words[1]!;
    words[1] = words[0]!;
    t ^= t << 11;
    t ^= t >>> 8;
    words[0]! = t ^ words[0]! ^ (words[0]! >>> 19);
    return words[0]! / 4294967296;
  }

  chance = (share: number): boolean => this.unit() < share;
  between = (low: number, high: number): number => low + (high - low) * this.unit();
  whole = (low: number, high: number): number => Math.floor(this.between(low, high + 1));
  pick = <T>(items: readonly T[]): T => items[Math.floor(this.unit() * items.length)]!;

  /** One of [weight, item] rows. */
  draw<T>(rows: readonly (readonly [number, T])[]): T {
    let left = this.unit() * rows.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of rows) {
      left -= weight;
      if (left < 0) return item;
    }
    return rows[rows.length - 1]![1];
  }

  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = Math.floor(this.unit() * (at + 1));
      [copy[at], copy[other]] = [copy[other]!, copy[at]!];
    }
    return copy;
  }

  normal = (): number => Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  lognormal = (median: number, sigma: number): number => median * Math.exp(sigma * this.normal());

  poisson(mean: number): number {
    let count = 0;
    for (let product = this.unit(); product > Math.exp(-mean); product *= this.unit()) count++;
    return count;
  }

  text = (length: number, letters: string): string =>
    Array.from({ length }, () => letters[Math.floor(this.unit() * letters.length)]).join('');
  hex = (length: number): string => this.text(length, '0123456789abcdef');
  guid = (): string => `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${this.hex(3)}-${this.hex(12)}`;
}

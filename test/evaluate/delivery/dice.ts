/** A source of chance that gives the same for the same label; forks do not disturb one another. */
export interface Dice {
  /** In [0, 1). */
  real(): number;
  /** Whole, both ends included. */
  int(from: number, to: number): number;
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** An item by its share; shares need not add up to 1. */
  share<T extends { readonly share: number }>(items: readonly T[]): T;
  gauss(): number;
  /** Its logarithm is normal; spread is that one's standard deviation. */
  lognormal(median: number, spread: number): number;
  hex(digits: number): string;
  guid(): string;
  fork(label: string | number): Dice;
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Mulberry32 seeded by the label. */
export function diceOf(label: string): Dice {
  let state = hash(label);
  const real = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number) => from + Math.floor(real() * (to - from + 1));
  const gauss = () => Math.sqrt(-2 * Math.log(1 - real())) * Math.cos(2 * Math.PI * real());
  const hex = (digits: number) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join('');
  return {
    real,
    int,
    between: (from, to) => from + real() * (to - from),
    chance: (probability) => real() < probability,
    pick: (items) => items[int(0, items.length - 1)]!,
    share: (items) => {
      let left = real() * items.reduce((sum, item) => sum + item.share, 0);
      for (const item of items) {
        left -= item.share;
        if (left < 0) return item;
      }
      return items.at(-1)!;
    },
    gauss,
    lognormal: (median, spread) => median * Math.exp(spread * gauss()),
    hex,
    guid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[int(0, 3)]}${hex(3)}-${hex(12)}`,
    fork: (part) => diceOf(`${label}/${part}`),
  };
}

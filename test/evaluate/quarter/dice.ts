/** Seeded chance: every draw of a tenant comes from here, so that a kind and a seed give the same bytes. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  /** A whole number of low..high, both included. */
  int(low: number, high: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Up to `count` different items. */
  sample<T>(list: readonly T[], count: number): T[];
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  normal(mean: number, deviation: number): number;
  lognormal(median: number, sigma: number): number;
  hex(digits: number): string;
  guid(): string;
  letters(count: number): string;
  /** An independent stream: draws of one part do not shift another's. */
  fork(name: string): Dice;
}

/** FNV-1a, 32 bits, with a last mixing: equal texts give equal places. */
export function hash(text: string): number {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619);
  value = Math.imul(value ^ (value >>> 15), 2_246_822_519);
  return (value ^ (value >>> 13)) >>> 0;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function diceOf(seed: string): Dice {
  let state = hash(seed);
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => word() / 4_294_967_296;
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const normal = (mean: number, deviation: number) =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += word().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    next,
    int,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (list) => list[int(0, list.length - 1)]!,
    sample: (list, count) => {
      const rest = [...list];
      const taken = [];
      while (taken.length < count && rest.length > 0) taken.push(rest.splice(int(0, rest.length - 1), 1)[0]!);
      return taken;
    },
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>): K => {
      const rows = Object.entries(weights) as [K, number][];
      let left = next() * rows.reduce((sum, [, weight]) => sum + weight, 0);
      const found = rows.find(([, weight]) => {
        left -= weight;
        return left < 0;
      });
      return (found ?? rows.at(-1)!)[0];
    },
    normal,
    lognormal: (median, sigma) => median * Math.exp(normal(0, sigma)),
    hex,
    guid: () => {
      const text = hex(30);
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(12, 15)}-a${text.slice(15, 18)}-${text.slice(18, 30)}`;
    },
    letters: (count) => Array.from({ length: count }, () => LETTERS[int(0, 35)]).join(''),
    fork: (name) => diceOf(`${seed}/${name}`),
  };
}

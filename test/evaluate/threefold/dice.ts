import { createHash } from 'node:crypto';
import { Rng } from '../../support/rng.ts';

/** Seeded chance; the same name gives the same throws, whatever else was thrown. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  /** A whole number of low..high, both ends included. */
  int(low: number, high: number): number;
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** Some of the items, none twice, in random order. */
  some<T>(items: readonly T[], count: number): T[];
  gauss(): number;
  lognormal(median: number, sigma: number): number;
  /** How often something of this mean happens. */
  poisson(mean: number): number;
  guid(): string;
  /** Letters and digits without meaning. */
  token(length: number): string;
  fork(name: string): Dice;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Started from the hash of its name. */
export function diceOf(name: string): Dice {
  const rng = new Rng(createHash('sha256').update(name).digest().readUInt32LE(0));
  const next = () => rng.next();
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const hex8 = () =>
    Math.floor(next() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new Error(`nothing to pick from (${name})`);
    return items[int(0, items.length - 1)]!;
  };
  return {
    next,
    int,
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    pick,
    weighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)![0];
    },
    some: (items, count) => {
      const rest = [...items];
      const chosen = [];
      while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(int(0, rest.length - 1), 1));
      return chosen;
    },
    gauss,
    lognormal: (median, sigma) => median * Math.exp(sigma * gauss()),
    poisson: (mean) => {
      let count = 0;
      for (let left = next(); left > Math.exp(-mean); left *= next()) count++;
      return count;
    },
    guid: () => {
      const [one, two] = [hex8(), hex8()];
      return `${hex8()}-${one.slice(0, 4)}-4${one.slice(4, 7)}-${'89ab'[int(0, 3)]}${two.slice(0, 3)}-${two.slice(3, 7)}${hex8()}`;
    },
    token: (length) => Array.from({ length }, () => LETTERS[int(0, 63)]).join(''),
    fork: (part) => diceOf(`${name}/${part}`),
  };
}

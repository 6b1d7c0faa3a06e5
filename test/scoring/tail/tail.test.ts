import { expect, test } from 'vitest';
import { newTail, observe, refit, type TailState } from '../../../src/scoring/tail/tail.ts';
import { Rng } from '../../support/rng.ts';

const DAY_MS = 86_400_000;

/** So many units a day for so many days, of what `draw` gives; as the engine does it, the threshold follows each day. */
function run(days: number, perDay: number, draw: (rng: Rng) => number, budget = 1): TailState {
  const rng = new Rng(9);
  const tail = newTail(0);
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < perDay; i++) observe(tail, draw(rng), (day + i / perDay) * DAY_MS);
    refit(tail, budget);
  }
  return tail;
}

const exponential = (rng: Rng) => -8 - Math.log(1 - rng.next());

test('about one unit a day lies above the threshold', () => {
  const { threshold } = run(60, 500, exponential);
  expect(threshold!.basis).toBe('fitted');
  // Exactly: P(X > x) = exp(-(x + 8)) = 1 / 500.
  expect(Math.abs(threshold!.value - (Math.log(500) - 8))).toBeLessThan(0.5);
  const rng = new Rng(77);
  const above = Array.from({ length: 200_000 }, () => exponential(rng)).filter((value) => value > threshold!.value).length;
  expect(above / (200_000 / 500)).toBeGreaterThan(0.5);
  expect(above / (200_000 / 500)).toBeLessThan(2);
});

test('fewer than 200 excesses: there is no threshold', () => {
  expect(run(20, 450, exponential).threshold).toBeNull();
});

test('all units fit into the budget: there is no threshold', () => {
  expect(run(200, 100, exponential, 120).threshold).toBeNull();
});

test('a budget that reaches below the tail is read off what was seen', () => {
  const { threshold } = run(100, 200, exponential, 20);
  expect(threshold!.basis).toBe('sketch');
  expect(Math.abs(threshold!.value - (Math.log(10) - 8))).toBeLessThan(0.2);
});

test('where no tail fits, the excesses themselves say it', () => {
  // Two lumps far out: 1 % at 4 and 1 % at 9, give or take a hundredth.
  const lumps = (rng: Rng) => {
    const x = rng.next();
    if (x < 0.015) return 9 + rng.next() / 100;
    return x < 0.03 ? 4 + rng.next() / 100 : -8 + rng.next();
  };
  const { threshold } = run(100, 300, lumps);
  expect(threshold!.basis).toBe('empirical');
  expect(threshold!.value).toBeGreaterThan(8.8);
});

test('what lies far above does not move the threshold, and the state stays bounded', () => {
  const tail = run(80, 500, exponential);
  const before = tail.threshold!.value;
  const beyond = tail.beyond;
  for (let i = 0; i < 1000; i++) observe(tail, 30, 80 * DAY_MS);
  refit(tail, 1);
  expect(tail.beyond).toBe(beyond + 1000);
  expect(Math.abs(tail.threshold!.value - before)).toBeLessThan(0.1);
  expect(tail.ring.length).toBeLessThanOrEqual(2000);
  expect(JSON.stringify(run(300, 1000, exponential)).length).toBeLessThan(60_000);
});

test('a tenant that changes moves it', () => {
  const tail = run(80, 500, exponential);
  const rng = new Rng(21);
  for (let i = 0; i < 200 * 500; i++) {
    observe(tail, exponential(rng) + 1, (80 + i / 500) * DAY_MS);
    if (i % 500 === 0) refit(tail, 1);
  }
  expect(tail.threshold!.value).toBeGreaterThan(Math.log(500) - 8 + 0.4);
});

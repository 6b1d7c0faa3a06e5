import { expect, test } from 'vitest';
import { scoreLines } from '../../../src/cli/findings/score-text.ts';

test('each part in nats, and what they make together in odds', () => {
  const lines = scoreLines([
    { Of: 'prior', Nats: -Math.log(200) },
    { Of: 'registration', Nats: Math.log(400) },
    { Of: 'against', Nats: 0 },
  ]);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^ -5\.3 {2}before any evidence: odds of 200 to 1 against$/);
  expect(lines[1]).toMatch(/^ \+6\.0 {2}for an attack: the change of security info/);
  // 400 to 1 for, of 1 in 200: even odds doubled.
  expect(lines[3]).toMatch(/^ \+0\.7 {2}together: odds of 2 to 1 for\. Even odds are a risk of 50, a factor of ten 15 points$/);
});

test('even odds are called so, a part of a later version is shown by its name, and rows of an earlier version have none', () => {
  expect(scoreLines([{ Of: 'prior', Nats: 0 }])[0]).toMatch(/odds even$/);
  expect(scoreLines([{ Of: 'constructor', Nats: 1 }])[0]).toMatch(/\+1\.0 {2}constructor$/);
  expect(scoreLines(undefined)).toEqual([]);
});

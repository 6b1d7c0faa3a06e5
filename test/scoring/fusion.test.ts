import { expect, test } from 'vitest';
import type { Contribution, EvidenceGroup } from '../../src/detectors/evidence.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import { weights } from '../../src/scoring/weights.ts';

const item = (group: EvidenceGroup, llr: number, hard = false): Contribution => ({
  detector: 'D0-test',
  group,
  llr,
  words: '',
  counts: {},
  eventIds: [],
  techniques: [],
  ...(hard ? { hard } : {}),
});
const group = (cap: number, combine: 'max' | 'sum') => ({ cap, combine, for: 1, against: 1 });
const groups = {
  network: group(6, 'max'),
  client: group(5, 'max'),
  credential: group(8, 'sum'),
  registration: group(8, 'sum'),
  context: group(4, 'sum'),
} as const;
const even = { ...weights, groups, prior: { ...weights.prior, registration: 0 } };
const score = (...items: readonly Contribution[]) => fuse('registration', items, even).score;

test.each([
  ['even odds are 50', [], 50],
  ['a factor of ten is 15 points', [item('network', Math.log(10))], 65],
  ['evidence against takes off as much', [item('network', -Math.log(10))], 35],
  ['two alternatives about one fact count as the stronger', [item('network', Math.log(10)), item('network', 1)], 65],
  ['facts that add up add up', [item('registration', Math.log(10)), item('registration', Math.log(10))], 80],
  ['a group says no more than its cap', [item('network', 1000)], Math.round(50 + (15 * 6) / Math.LN10)],
  ['evidence against has a floor', [item('network', -4), item('client', -4), item('context', -4)], Math.round(50 - (15 * 6) / Math.LN10)],
  ['hard evidence is at least 75', [item('client', 0.1, true)], 75],
  ['the scale ends at 100', [item('network', 6), item('client', 5), item('credential', 8), item('registration', 8)], 100],
])('%s', (_, items, expected) => {
  expect(score(...items)).toBe(expected);
});

test('the posterior is the one that the score stands for', () => {
  const { posterior, score: points } = fuse('registration', [item('network', 2)], even);
  expect(points).toBe(Math.round(50 + 15 * Math.log10(posterior / (1 - posterior))));
});

test('how rare takeovers are moves the odds as it is, beside the evidence of every group', () => {
  const rarity: Contribution = { ...item('context', -Math.log(10)), prior: true };
  const pieces = [item('network', Math.log(100)), item('context', -Math.log(10))];
  expect(score(...pieces)).toBe(65);
  expect(score(...pieces, rarity)).toBe(50);
  expect(fuse('registration', [...pieces, rarity], even).alone).toBe(65);
});

test('the parts add up to the odds, capped as they count, without what says nothing', () => {
  const against: Contribution = { ...item('client', -1), words: 'against' };
  const rarity: Contribution = { ...item('context', -0.5), prior: true };
  const pieces = [item('network', 1000), item('credential', 2), item('credential', 1), against, rarity];
  const { parts, logOdds } = fuse('registration', pieces, { ...even, prior: { ...even.prior, registration: -3 } });
  expect(parts).toEqual([
    { of: 'prior', nats: -3 },
    { of: 'tenant', nats: -0.5 },
    { of: 'network', nats: 6 },
    { of: 'credential', nats: 3 },
    { of: 'against', nats: -1 },
  ]);
  expect(logOdds).toBeCloseTo(-3 - 0.5 + 6 + 3 - 1, 12);
});

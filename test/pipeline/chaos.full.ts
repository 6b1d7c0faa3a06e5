import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chaos, type ChaosOutcome, openChaos } from '../support/chaos/chaos.ts';

/** Five runs a seed, against our server behind TLS; both fail, the runs are killed. `npm run bench chaos` has 300 seeds. */
const SEEDS = 25;
const MOST_MB = 400;

const root = mkdtempSync(join(tmpdir(), 'factorwatch-chaos-'));
let chaos: Chaos;
beforeAll(async () => {
  chaos = await openChaos(root);
}, 300_000);
afterAll(async () => {
  await chaos.close();
  rmSync(root, { recursive: true, force: true });
});

const outcomes: ChaosOutcome[] = [];

test('the quiet runs find something, and revise some of it', () => {
  const revisions = (chaos.quiet.findings as { FindingRevision: number }[]).map(({ FindingRevision }) => FindingRevision);
  expect(revisions.length).toBeGreaterThan(5);
  expect(Math.max(...revisions)).toBeGreaterThan(1);
  expect(chaos.quiet.wrong).toEqual([]);
});

test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
  'seed %i: the same findings and revisions, nothing lost or twice',
  async (seed) => {
    const outcome = await chaos.run(seed);
    outcomes.push(outcome);
    expect(outcome.findings).toEqual(chaos.quiet.findings);
    expect(outcome.wrong).toEqual([]);
    expect(outcome.peakMb).toBeLessThan(MOST_MB);
  },
);

test('all kinds of faults were made, and runs were killed, gave up and were held out', () => {
  const made = new Set(outcomes.flatMap(({ faults }) => [...faults.keys()]));
  expect([...made].sort()).toEqual([
    'outage',
    'proxy 429',
    'proxy 503',
    'proxy cut',
    'proxy cut-request',
    'proxy lost-answer',
    'proxy reset',
    'proxy slow',
    'server cut',
    'server empty',
    'server lost-answer',
    'server partial',
    'server reset',
    'server slow',
    'server status 413',
    'server status 429',
    'server status 429 with Retry-After',
    'server status 500',
    'server status 503',
    'server status 504',
    'server visible-after',
  ]);
  const total = (of: (outcome: ChaosOutcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  expect(total(({ kills }) => kills)).toBeGreaterThan(SEEDS);
  expect(total(({ unavailable }) => unavailable)).toBeGreaterThan(0);
  expect(total(({ held }) => held)).toBeGreaterThan(0);
});

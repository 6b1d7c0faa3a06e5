import { expect, test } from 'vitest';
import { findingContent } from '../../src/findings/finding-row.ts';
import { VERDICTS, withVerdict } from '../../src/findings/verdict.ts';
import { verdictNats } from '../../src/scoring/verdict-nats.ts';
import { weights } from '../../src/scoring/weights.ts';
import { later, office } from '../detectors/phone-of-three.ts';
import { judgeAll } from '../support/engine.ts';
import { elsewhere, registration, signIn } from '../support/events.ts';

const own = registration('user-3', later(7), { ActorIp: '203.0.113.66' });
const rows = [...office, signIn('user-3', later(0), elsewhere), own];
const judged = (verdict?: 'malicious' | 'benign') =>
  judgeAll(rows, {
    verdicts: verdict === undefined ? [] : [{ kind: 'registration', subject: 'user-3', anchor: own.CorrelationId, verdict }],
  }).find(({ kind }) => kind === 'registration')!;
const logit = (p: number) => Math.log(p / (1 - p));

test.each(['true-positive', 'false-positive', 'benign-positive'] as const)(
  '%s moves a finding as the engine does that judges the unit again with the verdict',
  (name) => {
    const without = judged();
    const { meaning } = VERDICTS[name];
    const moved = logit(judged(meaning).posterior) - logit(without.posterior);
    const content = findingContent(without, {} as never, { productVersion: '0', runKind: 'Live', titles: new Map() });
    const closed = withVerdict(content, { verdict: name, by: '', at: '', comment: '', severity: 'High' });
    const [piece] = (closed.Evidence as { Verdict?: true; Nats: number; Words: string }[]).filter(({ Verdict }) => Verdict);
    expect(piece!.Nats).toBeCloseTo(moved, 6);
    expect(judged(meaning).contributions.map(({ words }) => words)).toContain(piece!.Words);
  },
);

test('other weights give a verdict another weight', () => {
  const { context } = weights.groups;
  // Four nats for, six against (D16), as far as cap and floor go.
  const withContext = (more: Partial<typeof context>, rest: object = {}) => ({
    ...weights,
    ...rest,
    groups: { ...weights.groups, context: { ...context, ...more } },
  });
  expect(verdictNats('malicious', withContext({ for: 0.5, cap: 9 }))).toBe(2);
  expect(verdictNats('malicious', withContext({ for: 1, cap: 3 }))).toBe(3);
  expect(verdictNats('malicious', withContext({ for: 0.5, cap: 9 }, { a: 2 }))).toBe(4);
  expect(verdictNats('malicious', withContext({ cap: 9 }, { pieces: { 'context/D16-watch-list': 2 } }))).toBe(8);
  expect(verdictNats('benign', withContext({ against: 0.5 }))).toBe(-3);
  expect(verdictNats('benign', withContext({ against: 1 }, { floor: -5 }))).toBe(-5);
});

import { expect, test } from 'vitest';
import { findingContent } from '../../src/findings/finding-row.ts';
import { type LedgerEntry, type Opinions, planRevisions } from '../../src/pipeline/ledger.ts';
import { fakeJudgement } from './fake-judgement.ts';

const NOW = 1_770_000_000_000;
const DAY = 86_400_000;
const contentOf = (unit: string, daysAgo: number) =>
  findingContent(
    fakeJudgement(unit, 80, [{ id: 'e', ms: NOW - daysAgo * DAY, weight: 80 }]),
    {},
    {
      productVersion: '0',
      runKind: 'Live',
      titles: new Map(),
    },
  );
const nothing: Opinions = { committed: new Map(), retracted: new Set(), provisional: undefined };
const saying = (...contents: readonly ReturnType<typeof contentOf>[]): Opinions => ({
  ...nothing,
  committed: new Map(contents.map((content) => [content.EventUid, content])),
});
const written = (unit: string, daysAgo: number, more: Partial<LedgerEntry> = {}) =>
  [contentOf(unit, daysAgo).EventUid, { revision: 1, hash: unit, endMs: NOW - daysAgo * DAY, ...more }] as const;

test('where nothing is said and nothing grew old it is the same ledger, not a copy', () => {
  const ledger = new Map([written('a', 1, { committed: contentOf('a', 1) }), written('b', 399)]);
  for (const provisional of [undefined, new Map()]) {
    expect(planRevisions(ledger, { ...nothing, provisional }, NOW)).toEqual({ revisions: [], ledger });
    expect(planRevisions(ledger, { ...nothing, provisional }, NOW).ledger).toBe(ledger);
  }
});

test('a finding that is said makes another ledger, and leaves the one before as it was', () => {
  const ledger = new Map([written('a', 1)]);
  const { revisions, ledger: next } = planRevisions(ledger, saying(contentOf('new', 0)), NOW);
  expect(revisions.map(({ content, revision }) => [content.EventUid, revision])).toEqual([[contentOf('new', 0).EventUid, 1]]);
  expect([...ledger.keys()]).toEqual([written('a', 1)[0]]);
  expect([...next.keys()].sort()).toEqual([written('a', 1)[0], contentOf('new', 0).EventUid].sort());
});

test('content is kept for seven days after its last event, the entry for 400', () => {
  const young = written('young', 6.9, { committed: contentOf('young', 6.9) });
  const old = written('old', 7.1, { committed: contentOf('old', 7.1) });
  const { ledger } = planRevisions(new Map([young, old, written('kept', 399), written('gone', 401)]), nothing, NOW);
  expect([...ledger.values()].map(({ hash, committed }) => [hash, committed !== undefined])).toEqual([
    ['young', true],
    ['old', false],
    ['kept', false],
  ]);
});

test('once all has been read again, no entry waits for it any more, also one that was taken back', () => {
  const entries = [written('a', 20, { rebuilt: true }), written('b', 20, { rebuilt: true, committed: contentOf('b', 20) })];
  const retracted = new Set([contentOf('b', 20).EventUid]);
  const { ledger } = planRevisions(new Map(entries), { ...nothing, retracted, provisional: new Map() }, NOW);
  expect([...ledger.values()].map(({ rebuilt }) => rebuilt)).toEqual([undefined, undefined]);
});

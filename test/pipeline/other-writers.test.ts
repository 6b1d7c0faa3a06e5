import { describe, expect, test } from 'vitest';
import { type FindingContent, findingContent } from '../../src/findings/finding-row.ts';
import type { Opinions } from '../../src/pipeline/ledger.ts';
import { planBesideOthers } from '../../src/pipeline/other-writers.ts';
import { FACTOR_FINDINGS } from '../../src/schema/factor-findings.ts';
import type { QueryRequest, Workspace } from '../../src/workspace/workspace.ts';
import { memoryWorkspace, table } from '../support/memory-workspace.ts';
import { fakeJudgement } from './fake-judgement.ts';

const options = { productVersion: '0', titles: new Map() } as const;
const content = (score: number, runKind: 'Live' | 'Backfill'): FindingContent =>
  findingContent(fakeJudgement('u', score, [{ id: 'e', ms: 1_770_000_000_000, weight: score }]), {}, { ...options, runKind });

/** A workspace in which this row is the newest of its finding. */
function holding(row: FindingContent | undefined, revision: number) {
  const asked: QueryRequest[] = [];
  const columns = FACTOR_FINDINGS.columns.map(({ name, type }) => `${name}:${type}`);
  const cells = FACTOR_FINDINGS.columns.map(({ name, type }) => {
    const value = ({ ...row, FindingRevision: revision, RunId: 'other' } as Record<string, unknown>)[name] ?? null;
    return type === 'dynamic' ? JSON.stringify(value) : type === 'datetime' ? 1n : (value as string);
  });
  const memory = memoryWorkspace((request) => {
    asked.push(request);
    return table(columns, row === undefined ? [] : [cells]);
  });
  const workspace: Workspace = { ...memory.workspace, tables: async () => new Map([[FACTOR_FINDINGS.name, []]]) };
  return { workspace, asked };
}
const opinions = (wanted: FindingContent): Opinions => ({
  committed: new Map([[wanted.EventUid, wanted]]),
  retracted: new Set(),
  provisional: undefined,
});
const plan = async (wanted: FindingContent, runKind: 'Live' | 'Backfill', there: ReturnType<typeof holding>) =>
  (await planBesideOthers(new Map(), opinions(wanted), { workspace: there.workspace, runKind, nowMs: 1_770_000_000_000 })).revisions.map(
    ({ revision, content: { RunKind } }) => [revision, RunKind],
  );

describe('findings that somebody else writes too', () => {
  test('a new one begins at 1, and only it is asked for', async () => {
    const there = holding(undefined, 0);
    const wanted = content(80, 'Live');
    expect(await plan(wanted, 'Live', there)).toEqual([[1, 'Live']]);
    expect(there.asked.map(({ parameters }) => parameters?.['Uids']?.value)).toEqual([JSON.stringify([wanted.EventUid])]);
  });

  test('a live run counts on from what a backfill wrote', async () => {
    expect(await plan(content(80, 'Live'), 'Live', holding(content(60, 'Backfill'), 4))).toEqual([[5, 'Live']]);
  });

  test('a backfill leaves alone what a live run wrote, and goes on with its own', async () => {
    expect(await plan(content(80, 'Backfill'), 'Backfill', holding(content(60, 'Live'), 2))).toEqual([]);
    expect(await plan(content(80, 'Backfill'), 'Backfill', holding(content(60, 'Backfill'), 2))).toEqual([[3, 'Backfill']]);
  });

  test('nothing to write asks nothing', async () => {
    const there = holding(undefined, 0);
    const nothing: Opinions = { committed: new Map(), retracted: new Set(), provisional: undefined };
    await planBesideOthers(new Map(), nothing, { workspace: there.workspace, runKind: 'Live', nowMs: 0 });
    expect(there.asked).toEqual([]);
  });
});

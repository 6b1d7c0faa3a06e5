import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf, findingContent } from '../../src/findings/finding-row.ts';
import { currentFindings } from '../../src/pipeline/current-findings.ts';
import { findingSlices } from '../../src/pipeline/finding-slices.ts';
import { queryRows } from '../../src/pipeline/query-rows.ts';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import { EmbeddedWorkspace } from '../../src/workspace/embedded/embedded-workspace.ts';
import { readStoredFunctions } from '../../src/workspace/embedded/stored-functions.ts';
import { ROOT } from '../support/source-files.ts';
import { fakeJudgement } from './fake-judgement.ts';

const identity = { runId: 'run', runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' } as const;
const users = Array.from({ length: 3000 }, (_, i) => ({ userId: `${i}`.padStart(36, '0'), upn: `user${i}@contoso.example` }));

function finding(revision: number, count: number): FindingRow {
  const event = { id: 'a', ms: Date.parse('2026-03-01T10:00:00Z'), weight: 50 };
  const judgement = {
    ...fakeJudgement('u1', 80, [event]),
    kind: 'source',
    subject: 'ip:198.51.100.7',
    users: users.slice(0, count),
  } as const;
  const content = findingContent(judgement, {}, { productVersion: '0', runKind: 'Live', titles: new Map() });
  return { TimeGenerated: '2026-03-01T11:00:00.000Z', ...content, FindingRevision: revision, RunId: 'run' };
}

let workspace: EmbeddedWorkspace;
beforeAll(async () => {
  workspace = await EmbeddedWorkspace.open({
    path: ':memory:',
    clock: () => 0n,
    functions: readStoredFunctions(`${ROOT}/queries/functions`),
  });
  for (const row of [finding(1, 2000), finding(2, 3000)])
    for (const { stream, text } of findingSlices([row], identity, 0))
      await workspace.ingest(stream, JSON.parse(text) as Record<string, unknown>[]);
});
afterAll(() => workspace.close());

test('no field is over 64 kB', () => {
  for (const { text } of findingSlices([finding(2, 3000)], identity, 0))
    for (const row of JSON.parse(text) as Record<string, unknown>[])
      for (const value of Object.values(row)) expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThan(64 * 1024);
});

test('what was written in parts is read as one finding with all its users', async () => {
  const findings = await currentFindings(workspace);
  expect(findings).toHaveLength(1);
  expect(findings[0]!.FindingRevision).toBe(2);
  expect(fieldsOf(findings[0]!)['Users']).toEqual(users.map(({ userId, upn }) => ({ UserId: userId, Username: upn })));
  expect(fieldsOf(findings[0]!)).not.toHaveProperty('UsersCut');
});

test('FactorFindingUsers() gives a row for each of them', async () => {
  const rows = await queryRows(workspace, {
    kql: 'FactorFindingUsers() | summarize Rows = count(), Users = count_distinct(UserId), Findings = count_distinct(EventUid)',
  });
  expect(['Rows', 'Users', 'Findings'].map((name) => Number(rows[0]!.cell(name)))).toEqual([3000, 3000, 1]);
});

test.each([
  ['in the row', 'user7@contoso.example', 1],
  ['in a part', 'user2999@contoso.example', 1],
  ['in none', 'user3000@contoso.example', 0],
])('UserTimeline() shows the finding to a user who stands %s', async (_, user, expected) => {
  const rows = await queryRows(workspace, {
    kql: `UserTimeline("${user}", datetime(2026-03-01), datetime(2026-03-02)) | where Source == "FactorFindings_CL"`,
  });
  expect(rows).toHaveLength(expected);
});

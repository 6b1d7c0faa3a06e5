import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { columnsOf, type EventKind } from '../../../src/events/contracts.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { readStoredFunctions } from '../../../src/workspace/embedded/stored-functions.ts';
import { type Bench, NOW, openBench } from '../../workspace/embedded/support.ts';
import { kqlOf } from './support.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const KINDS: Readonly<Record<string, EventKind>> = {
  registrations: 'audit',
  signins: 'sign-in',
  'noninteractive-signins': 'sign-in',
  'risk-events': 'risk',
  identity: 'identity',
};

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

test.each(Object.entries(KINDS))('%s yields the columns of its contract', async (name, kind) => {
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  const columns = await bench.workspace.check({ kql: kqlOf(name), file: `queries/${name}.kql` });
  expect(columns.toSorted(byName)).toEqual(columnsOf(kind).toSorted(byName));
});

test.each(readdirSync(path('queries/enrichment')))('queries/enrichment/%s compiles', async (file) => {
  const columns = await bench.workspace.check({ kql: readFileSync(path(`queries/enrichment/${file}`), 'utf8'), file });
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['UserId', 'At', 'IngestedAt']));
});

test.each([
  ['FactorFindings()', 44],
  ['FactorFindingUsers()', 3],
  ['FactorRules()', 34],
  ['ASimAlertEventFactorwatch()', 57],
  ['UserTimeline("u", ago(1d), now())', 9],
  ['MethodChanges(ago(1d), now())', 10],
  ['SharedRegistrationSources(ago(1d), now())', 6],
])('the function in %s compiles and answers', async (call, columns) => {
  const functions = readStoredFunctions(path('queries/functions'));
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => NOW, functions });
  const answer = await workspace.query({ kql: call });
  for await (const _ of answer.chunks);
  expect(answer.columns).toHaveLength(columns);
  await workspace.close();
});

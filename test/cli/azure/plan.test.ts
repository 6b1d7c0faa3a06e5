import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { ArmClient } from '../../../src/cli/azure/arm-client.ts';
import { functionBody } from '../../../src/cli/azure/arm-resources.ts';
import { functionFiles } from '../../../src/cli/azure/function-files.ts';
import { apply, type PlannedChange, plan, ruleDifferences } from '../../../src/cli/azure/plan.ts';
import { workspaceResource } from '../../../src/cli/azure/resource-id.ts';
import { FakeArmClient } from '../../support/fake-arm.ts';

const ID =
  '/subscriptions/74be27de-1e4e-49d9-b579-fe0b331d3642/resourceGroups/rg-siem/providers/Microsoft.OperationalInsights/workspaces/log-siem';
const request = { workspace: workspaceResource(ID), dcrName: 'dcr-factorwatch', functions: functionFiles('queries/functions') };

function open(fake = new FakeArmClient(ID)) {
  const credential = { getToken: async () => ({ token: 'secret-of-the-test', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return { fake, arm: new ArmClient({ cloud: 'public', credential, httpClient: fake, sleep: async () => {} }) };
}

const actions = (changes: readonly PlannedChange[]) => changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

test('another address of the management API gets the requests, and only as an https:// origin', async () => {
  const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const seen: string[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (sent) => {
      seen.push(new URL(sent.url).origin);
      return { request: sent, status: 404, headers: createHttpHeaders(), bodyAsText: '' };
    },
  };
  const options = { cloud: 'public', credential, httpClient } as const;
  const arm = new ArmClient({ ...options, manage_endpoint: 'https://127.0.0.1:8443/' });
  await expect(plan(arm, request)).rejects.toMatchObject({ code: 'workspace-missing' });
  expect(seen).toEqual(['https://127.0.0.1:8443']);
  for (const manage_endpoint of ['http://127.0.0.1:8443', 'https://host/arm', 'https://user:pw@host'])
    expect(() => new ArmClient({ ...options, manage_endpoint })).toThrow(expect.objectContaining({ code: 'config-invalid', exitCode: 78 }));
});

test('in an empty workspace everything is to be made, tables first, and nothing is changed by looking', async () => {
  const { fake, arm } = open();
  const changes = await plan(arm, request);
  expect(actions(changes).slice(0, 4)).toEqual([
    'create table FactorFindings_CL',
    'create table FactorRules_CL',
    'create table FactorRuns_CL',
    'create dcr dcr-factorwatch',
  ]);
  expect(actions(changes)).toContain('create function FactorFindings');
  expect(fake.calls.every((call) => call.startsWith('GET '))).toBe(true);
});

test('deploy makes it in that order, waits for the tables, tells endpoint and id; then there is nothing to do', async () => {
  const { fake, arm } = open();
  const done: string[] = [];
  const rule = await apply(arm, await plan(arm, request), ({ name }) => done.push(name));
  expect(rule).toEqual({
    immutableId: 'dcr-0123456789abcdef0123456789abcdef',
    endpoint: 'https://dcr-factorwatch.westeurope-1.ingest.monitor.azure.com',
  });
  expect(done.slice(0, 4)).toEqual(['FactorFindings_CL', 'FactorRules_CL', 'FactorRuns_CL', 'dcr-factorwatch']);
  const puts = fake.calls.filter((call) => call.startsWith('PUT '));
  expect(puts[0]).toBe('PUT tables/FactorFindings_CL?2022-10-01');
  expect(puts).toContain('PUT dataCollectionRules/dcr-factorwatch?2023-03-11');
  expect((await plan(arm, request)).every(({ action }) => action === 'none')).toBe(true);
});

test('what was changed by hand is told in words', async () => {
  const { fake, arm } = open();
  await apply(arm, await plan(arm, request), () => {});
  const at = (end: string) => [...fake.resources.entries()].find(([id]) => id.endsWith(end.toLowerCase()))![1] as Record<string, object>;
  const table = at('/tables/FactorRuns_CL')['properties'] as unknown as {
    plan: string;
    schema: { columns: { name: string; type: string }[] };
  };
  table.plan = 'Basic';
  table.schema.columns = table.schema.columns.filter(({ name }) => name !== 'RunId');
  const rule = at('/dcr-factorwatch')['properties'] as unknown as {
    streamDeclarations: Record<string, { columns: { name: string; type: string }[] }>;
  };
  rule.streamDeclarations['Custom-FactorFindings_CL']!.columns.find(({ name }) => name === 'EventCount')!.type = 'string';
  delete rule.streamDeclarations['Custom-FactorRules_CL'];
  (at('/savedSearches/FactorFindings')['properties'] as { query: string }).query = 'print 1';
  const changes = (await plan(arm, request)).filter(({ action }) => action === 'update');
  expect(changes.map(({ name, differences }) => [name, differences])).toEqual([
    ['FactorRuns_CL', ['~ plan Basic -> Analytics', '+ column RunId string']],
    ['dcr-factorwatch', ['~ column EventCount string -> int of Custom-FactorFindings_CL', '+ stream Custom-FactorRules_CL']],
    ['FactorFindings', ['~ text']],
  ]);
});

test('doctor compares the deployed rule with this version, and the configuration with the rule', async () => {
  const { fake, arm } = open();
  const deployed = {
    endpoint: 'https://dcr-factorwatch.westeurope-1.ingest.monitor.azure.com',
    dcr_id: 'dcr-0123456789abcdef0123456789abcdef',
  };
  expect(await ruleDifferences(arm, request, deployed)).toEqual([expect.stringContaining('no rule dcr-factorwatch')]);
  await apply(arm, await plan(arm, request), () => {});
  expect(await ruleDifferences(arm, request, deployed)).toEqual([]);
  const [, rule] = [...fake.resources].find(([id]) => id.endsWith('/dcr-factorwatch'))!;
  const { streamDeclarations } = rule['properties'] as { streamDeclarations: Record<string, { columns: { name: string }[] }> };
  streamDeclarations['Custom-FactorRuns_CL']!.columns = streamDeclarations['Custom-FactorRuns_CL']!.columns.filter(
    ({ name }) => name !== 'RowsLate',
  );
  expect(
    await ruleDifferences(arm, request, { endpoint: 'https://other.example', dcr_id: 'dcr-11111111111111111111111111111111' }),
  ).toEqual([
    '+ column RowsLate long of Custom-FactorRuns_CL',
    expect.stringContaining('ingest.dcr_id is dcr-1111'),
    expect.stringContaining('ingest.endpoint is https://other.example'),
  ]);
});

describe('a role that is missing is named with its scope', () => {
  test.each([
    ['GET workspaces', 'Log Analytics Reader', ID],
    ['PUT tables', 'Log Analytics Contributor', ID],
    ['PUT dataCollectionRules', 'Monitoring Contributor', 'resourceGroups/rg-siem'],
  ])('%s', async (call, role, scope) => {
    const { fake, arm } = open();
    fake.refuse.set(call, { status: 403, code: 'AuthorizationFailed' });
    const error: Error = await plan(arm, request)
      .then((changes) => apply(arm, changes, () => {}))
      .then(
        () => new Error('no error'),
        (e: Error) => e,
      );
    expect(error).toMatchObject({ code: 'workspace-auth', exitCode: 77, message: expect.stringContaining(role) });
    expect(error.message).toContain(scope);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret-of-the-test');
  });
});

test('a workspace that is not there, and a request that the service refuses, are 78', async () => {
  const { arm } = open(new FakeArmClient('/elsewhere'));
  await expect(plan(arm, request)).rejects.toMatchObject({ code: 'workspace-missing', exitCode: 78 });
  const { fake, arm: other } = open();
  fake.refuse.set('PUT tables', { status: 400, code: 'InvalidParameter' });
  await expect(apply(other, await plan(other, request), () => {})).rejects.toMatchObject({
    code: 'arm-failed',
    exitCode: 78,
    message: expect.stringContaining('InvalidParameter'),
  });
});

test.each([undefined, '', '/subscriptions/x', `${ID}/tables/x`, 'https://portal.azure.com'])('%s is no workspace', (text) => {
  expect(() => workspaceResource(text)).toThrow(expect.objectContaining({ exitCode: 64 }));
});

describe('a saved function', () => {
  test('has its parameters beside its body', () => {
    const text = '// What it is.\n(user:string, least:long=3)\n{\n    T\n    | where A == user\n        and N > least\n}\n';
    expect(functionBody({ name: 'F', text }).properties).toEqual({
      category: 'Factorwatch',
      displayName: 'F',
      functionAlias: 'F',
      functionParameters: 'user:string, least:long=3',
      query: '// What it is.\nT\n| where A == user\n    and N > least',
      version: 2,
    });
  });

  test('without parameters is its text', () => {
    expect(functionBody({ name: 'F', text: '// c\nT\n| take 1\n' }).properties).toMatchObject({
      functionParameters: '',
      query: '// c\nT\n| take 1',
    });
  });
});

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { functionFiles } from '../../../src/cli/azure/function-files.ts';
import { infraFiles } from '../../../src/cli/infra/infra-files.ts';
import { OUTPUT_TABLES } from '../../../src/schema/output-tables.ts';
import { readArm } from './arm-tree.ts';
import { readBicep } from './bicep-tree.ts';

const files = infraFiles(functionFiles('queries/functions'));
const arm = JSON.parse(files.get('main.json')!) as { resources: ArmResource[]; parameters: Record<string, unknown> };
interface ArmResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly scope?: string;
  readonly dependsOn?: readonly string[];
  readonly properties?: Record<string, unknown>;
}
const ofType = (type: string) => arm.resources.filter((resource) => resource.type === type);

test.each([...files.keys()])('infra/%s is what the specifications give (else: npx factorwatch infra)', (name) => {
  expect(readFileSync(`infra/${name}`, 'utf8')).toBe(files.get(name));
});

// Shapes written down from the documentation of the api-versions that they name; not taken from the generator.
const COLUMN = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,44}$/);
const RESERVED = ['_ResourceId', 'id', '_SubscriptionId', 'TenantId', 'Type', 'UniqueId', 'Title'];
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  'Microsoft.OperationalInsights/workspaces/tables@2022-10-01': z.strictObject({
    plan: z.literal('Analytics'),
    schema: z.strictObject({
      name: z.string().regex(/_CL$/),
      columns: z
        .array(
          z.strictObject({
            name: COLUMN.refine((name) => !RESERVED.includes(name)),
            type: z.enum(['string', 'int', 'long', 'real', 'boolean', 'dateTime', 'guid', 'dynamic']),
            description: z.string().max(1000),
          }),
        )
        .refine((columns) => columns.some(({ name, type }) => name === 'TimeGenerated' && type === 'dateTime')),
    }),
  }),
  'Microsoft.Insights/dataCollectionRules@2023-03-11': z.strictObject({
    description: z.string(),
    streamDeclarations: z.record(
      z.string().regex(/^Custom-/),
      z.strictObject({
        columns: z.array(
          z.strictObject({ name: COLUMN, type: z.enum(['string', 'int', 'long', 'real', 'boolean', 'dynamic', 'datetime']) }),
        ),
      }),
    ),
    destinations: z.strictObject({
      logAnalytics: z.array(z.strictObject({ workspaceResourceId: z.string(), name: z.string() })).length(1),
    }),
    dataFlows: z.array(
      z.strictObject({
        streams: z.array(z.string()),
        destinations: z.array(z.string()),
        transformKql: z.string(),
        outputStream: z.string().regex(/^Custom-\w+_CL$/),
      }),
    ),
  }),
  'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01': z.strictObject({
    category: z.string().min(1),
    displayName: z.string().min(1),
    functionAlias: z.string().regex(/^[A-Za-z]\w*$/),
    functionParameters: z.string(),
    query: z.string().min(1),
    version: z.literal(2),
  }),
};

describe('main.json', () => {
  test.each(Object.keys(SHAPES))('%s has the documented shape', (typeAndVersion) => {
    const [type = '', version = ''] = typeAndVersion.split('@');
    const found = ofType(type);
    expect(found.length).toBeGreaterThan(0);
    for (const { apiVersion, properties } of found) {
      expect(apiVersion).toBe(version);
      expect(SHAPES[typeAndVersion]!.safeParse(properties).error).toBeUndefined();
    }
  });

  test('has each of our tables and streams, column by column', () => {
    const tables = ofType('Microsoft.OperationalInsights/workspaces/tables');
    expect(tables).toHaveLength(OUTPUT_TABLES.length);
    const [rule] = ofType('Microsoft.Insights/dataCollectionRules');
    const streams = rule!.properties!['streamDeclarations'] as Record<string, { columns: { name: string }[] }>;
    for (const { name, stream, columns } of OUTPUT_TABLES) {
      const table = tables.find((resource) => resource.name.includes(`'${name}'`))!;
      const schema = table.properties!['schema'] as { columns: { name: string }[] };
      const names = columns.map((column) => column.name);
      expect(schema.columns.map((column) => column.name)).toEqual(names);
      expect(streams[stream]!.columns.map((column) => column.name)).toEqual(names);
    }
  });

  test('the rule waits for its tables, since it is refused without them', () => {
    const [rule] = ofType('Microsoft.Insights/dataCollectionRules');
    expect(rule!.dependsOn?.filter((id) => id.includes('/tables'))).toHaveLength(OUTPUT_TABLES.length);
  });

  test('the identity gets three roles, each on one resource, none on a group or subscription', () => {
    const roles = ofType('Microsoft.Authorization/roleAssignments').map(({ scope, properties }) => [
      /'([0-9a-f-]{36})'/.exec(properties!['roleDefinitionId'] as string)![1],
      /resourceId\('([^']+)'/.exec(scope!)![1],
    ]);
    // Log Analytics Reader, Monitoring Metrics Publisher, Storage Blob Data Contributor: learn.microsoft.com, built-in roles.
    expect(roles).toEqual([
      ['73c42c96-874c-492b-b04d-ab87d138a893', 'Microsoft.OperationalInsights/workspaces'],
      ['3913510d-42f4-4e42-8a64-420c390055eb', 'Microsoft.Insights/dataCollectionRules'],
      ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Microsoft.Storage/storageAccounts/blobServices/containers'],
    ]);
  });

  test('storage takes no keys and nothing public', () => {
    expect(ofType('Microsoft.Storage/storageAccounts')[0]!.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
    });
  });

  test('every resource that another waits for is in the template', () => {
    const ids = arm.resources.map(({ type }) => type);
    for (const { dependsOn = [] } of arm.resources) for (const id of dependsOn) expect(ids).toContain(/resourceId\('([^']+)'/.exec(id)![1]);
  });

  test('every parameter is used, and every one that is used is there', () => {
    const text = JSON.stringify(arm.resources);
    const used = new Set([...text.matchAll(/parameters\('(\w+)'\)/g)].map((match) => match[1]));
    expect([...used].sort()).toEqual(Object.keys(arm.parameters).sort());
  });
});

describe('main.bicep', () => {
  const bicep = readBicep(files.get('main.bicep')!);
  const json = readArm(files.get('main.json')!, bicep);

  test('has the parameters, outputs and resources of main.json, and no others', () => {
    expect(bicep.parameters).toEqual(json.parameters);
    expect(bicep.outputs).toEqual(json.outputs);
    expect([...bicep.resources].filter(([, { existing }]) => !existing).map(([symbol]) => symbol)).toEqual([...json.resources.keys()]);
    expect(json.resources.size).toBe(arm.resources.length);
  });

  test.each([...json.resources.keys()])('%s: type, names, scope, what it waits for and every value', (symbol) => {
    expect(bicep.resources.get(symbol)).toEqual(json.resources.get(symbol));
  });

  test.each([
    ["memory: '2Gi'", "memory: '1Gi'"],
    ['allowSharedKeyAccess: false', 'allowSharedKeyAccess: true'],
    ['scope: container', 'scope: storage'],
    ["roleDefinitions', 'ba92f5b4", "roleDefinitions', 'ba92f5b5"],
    ["type: 'dateTime'", "type: 'string'"],
    ['    tableFactorRuns\n', ''],
  ])('a reading in which %j were %j would not be the same', (now, otherwise) => {
    const text = files.get('main.bicep')!;
    expect(text).toContain(now);
    const other = readBicep(text.replace(now, otherwise));
    expect([...json.resources].some(([symbol, resource]) => !isDeepStrictEqual(other.resources.get(symbol), resource))).toBe(true);
  });

  test('has the columns of our tables, by name and type', () => {
    const types: Readonly<Record<string, string>> = { bool: 'boolean', datetime: 'dateTime' };
    for (const { name, columns } of OUTPUT_TABLES) {
      const table = [...bicep.resources.values()].find(({ names }) => names.at(-1) === name)!;
      const { schema } = table.body['properties'] as unknown as { schema: { columns: { name: string; type: string }[] } };
      expect(schema.columns.map((column) => [column.name, column.type])).toEqual(
        columns.map((column) => [column.name, types[column.type] ?? column.type]),
      );
    }
  });
});

test('cronjob.yaml: never two at once, not as root, no second try where it cannot help', () => {
  const documents = parseAllDocuments(files.get('cronjob.yaml')!).map((document) => document.toJS() as Record<string, unknown>);
  expect(documents.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'ConfigMap', 'CronJob']);
  expect(documents[2]).toMatchObject({
    spec: {
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { values: expect.arrayContaining([64, 77, 78]) } }] },
          template: { spec: { restartPolicy: 'Never', securityContext: { runAsNonRoot: true } } },
        },
      },
    },
  });
});

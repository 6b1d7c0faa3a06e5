import { OUTPUT_TABLES } from '../../schema/output-tables.ts';
import { API, dcrBody, type FunctionFile, functionBody, tableBody } from '../azure/arm-resources.ts';
import { type Expression, idOf, joined, key, parameter, propertyOf, type Resource, type Template, type Value } from './template.ts';

/** Built-in roles of Azure; each is given on the narrowest scope that works. */
const ROLES = {
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893',
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
} as const;

const workspaceName = parameter('workspaceName');
const location = parameter('location');
const storageName = parameter('storageName');

const workspace: Resource = {
  symbol: 'workspace',
  type: 'Microsoft.OperationalInsights/workspaces',
  api: API.workspace,
  name: workspaceName,
  existing: true,
};
const identity: Resource = {
  symbol: 'identity',
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  api: '2023-01-31',
  name: 'id-factorwatch',
  body: { location },
};
const tables: readonly Resource[] = OUTPUT_TABLES.map((table) => ({
  symbol: `table${table.name.replace('_CL', '')}`,
  type: 'Microsoft.OperationalInsights/workspaces/tables',
  api: API.table,
  name: table.name,
  parent: workspace,
  body: tableBody(table) as unknown as Readonly<Record<string, Value>>,
}));

/** The rule's body with expressions where the management API gets texts. */
function ruleBody(): Readonly<Record<string, Value>> {
  const { properties, kind } = dcrBody('', '');
  const logAnalytics = properties.destinations.logAnalytics.map((destination) => ({
    ...destination,
    workspaceResourceId: idOf(workspace),
  }));
  return { location, kind, properties: { ...properties, destinations: { logAnalytics } } as unknown as Value };
}

const rule: Resource = {
  symbol: 'rule',
  type: 'Microsoft.Insights/dataCollectionRules',
  api: API.dcr,
  name: 'dcr-factorwatch',
  dependsOn: tables,
  body: ruleBody(),
};
const storage: Resource = {
  symbol: 'storage',
  type: 'Microsoft.Storage/storageAccounts',
  api: '2023-05-01',
  name: storageName,
  body: {
    location,
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
    properties: { allowBlobPublicAccess: false, allowSharedKeyAccess: false, minimumTlsVersion: 'TLS1_2', supportsHttpsTrafficOnly: true },
  },
};
const blobs: Resource = {
  symbol: 'blobs',
  type: 'Microsoft.Storage/storageAccounts/blobServices',
  api: '2023-05-01',
  name: 'default',
  parent: storage,
};
const container: Resource = {
  symbol: 'container',
  type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
  api: '2023-05-01',
  name: 'factorwatch',
  parent: blobs,
  body: { properties: { publicAccess: 'None' } },
};

function roleAssignment(symbol: string, role: keyof typeof ROLES, scope: Resource): Resource {
  const id = ROLES[role];
  const [on, to] = [idOf(scope), idOf(identity)];
  return {
    symbol,
    type: 'Microsoft.Authorization/roleAssignments',
    api: '2022-04-01',
    name: { bicep: `guid(${on.bicep}, ${to.bicep}, '${id}')`, arm: `guid(${on.arm}, ${to.arm}, '${id}')` },
    scope,
    body: {
      properties: {
        principalId: propertyOf(identity, 'principalId'),
        principalType: 'ServicePrincipal',
        roleDefinitionId: {
          bicep: `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${id}')`,
          arm: `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${id}')`,
        },
      },
    },
  };
}

const roles: readonly Resource[] = [
  roleAssignment('mayRead', 'logAnalyticsReader', workspace),
  roleAssignment('mayWrite', 'monitoringMetricsPublisher', rule),
  roleAssignment('mayKeepState', 'storageBlobDataContributor', container),
];

const environment: Resource = {
  symbol: 'environment',
  type: 'Microsoft.App/managedEnvironments',
  api: '2024-03-01',
  name: 'cae-factorwatch',
  body: { location, properties: {} },
};

const blobEndpoint: Expression = {
  bicep: 'storage.properties.primaryEndpoints.blob',
  arm: propertyOf(storage, 'primaryEndpoints.blob').arm,
};
const configuration = joined`version: 1
default_target: prod
targets:
  prod:
    kind: azure
    workspaces: [${propertyOf(workspace, 'customerId')}]
    ingest: { endpoint: ${propertyOf(rule, 'endpoints.logsIngestion')}, dcr_id: ${propertyOf(rule, 'immutableId')} }
    auth: { kind: managed-identity, client_id: ${propertyOf(identity, 'clientId')} }
    state: { kind: blob, url: ${blobEndpoint}factorwatch }
`;

const registries: Expression = {
  bicep: 'empty(registry) ? [] : [{ server: registry, identity: identity.id }]',
  arm: `if(empty(parameters('registry')), createArray(), createArray(createObject('server', parameters('registry'), 'identity', ${idOf(identity).arm})))`,
};

const job: Resource = {
  symbol: 'job',
  type: 'Microsoft.App/jobs',
  api: '2024-03-01',
  name: 'factorwatch',
  dependsOn: roles,
  body: {
    location,
    identity: { type: 'UserAssigned', userAssignedIdentities: { [key(idOf(identity))]: {} } },
    properties: {
      environmentId: idOf(environment),
      configuration: {
        triggerType: 'Schedule',
        // Longer than any run within its retry bound; the lock keeps a second one out.
        replicaTimeout: 3600,
        replicaRetryLimit: 1,
        scheduleTriggerConfig: { cronExpression: parameter('schedule'), parallelism: 1, replicaCompletionCount: 1 },
        registries,
        secrets: [{ name: 'configuration', value: configuration }],
      },
      template: {
        containers: [
          {
            name: 'factorwatch',
            image: parameter('image'),
            args: ['run', '--config', '/config/factorwatch.yaml', '--json'],
            resources: { cpu: { bicep: "json('1.0')", arm: "json('1.0')" }, memory: '2Gi' },
            volumeMounts: [
              { volumeName: 'configuration', mountPath: '/config' },
              { volumeName: 'data', mountPath: '/data' },
            ],
          },
        ],
        volumes: [
          { name: 'configuration', storageType: 'Secret', secrets: [{ secretRef: 'configuration', path: 'factorwatch.yaml' }] },
          { name: 'data', storageType: 'EmptyDir' },
        ],
      },
    },
  },
};

/** Everything that Factorwatch needs in a resource group that has a workspace. */
export function mainTemplate(functions: readonly FunctionFile[]): Template {
  const saved = functions.map(
    (file): Resource => ({
      symbol: `function${file.name}`,
      type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
      api: API.function,
      name: file.name,
      parent: workspace,
      dependsOn: tables,
      body: functionBody(file) as unknown as Readonly<Record<string, Value>>,
    }),
  );
  return {
    parameters: [
      { name: 'workspaceName', description: 'Name of the Log Analytics workspace, which is in this resource group.' },
      {
        name: 'storageName',
        description: 'Name of the storage account for the state: 3 to 24 lower-case letters and digits, unique in Azure.',
      },
      { name: 'image', description: 'Container image of Factorwatch, with its tag or digest.' },
      {
        name: 'registry',
        description: 'Server of a registry that the identity may pull from (it needs AcrPull there); empty for a public image.',
        byDefault: '',
      },
      { name: 'schedule', description: 'When to run: five fields, UTC.', byDefault: '*/15 * * * *' },
      {
        name: 'location',
        description: "Region; that of the resource group, which must be the workspace's.",
        byDefault: { bicep: 'resourceGroup().location', arm: 'resourceGroup().location' },
      },
    ],
    resources: [workspace, identity, ...tables, rule, ...saved, storage, blobs, container, ...roles, environment, job],
    outputs: [
      { name: 'ingestEndpoint', value: propertyOf(rule, 'endpoints.logsIngestion') },
      { name: 'dcrId', value: propertyOf(rule, 'immutableId') },
      { name: 'identityClientId', value: propertyOf(identity, 'clientId') },
      { name: 'stateUrl', value: joined`${blobEndpoint}factorwatch` },
    ],
  };
}

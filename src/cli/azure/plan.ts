import { z } from 'zod';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { OUTPUT_TABLES } from '../../schema/output-tables.ts';
import type { ArmClient, Need } from './arm-client.ts';
import {
  API,
  type DcrBody,
  dcrBody,
  type FunctionBody,
  type FunctionFile,
  functionBody,
  type TableBody,
  tableBody,
} from './arm-resources.ts';
import { dcrId, type WorkspaceResource } from './resource-id.ts';

export type ResourceKind = 'table' | 'dcr' | 'function';

/** One resource as it should be, beside what is there. */
export interface PlannedChange {
  readonly action: 'create' | 'update' | 'none';
  readonly kind: ResourceKind;
  readonly name: string;
  /** What is different, in words. */
  readonly differences: readonly string[];
  readonly id: string;
  readonly version: string;
  readonly body: TableBody | DcrBody | FunctionBody;
  readonly need: Need;
}

// Shapes of what the management API gives (api-version as in API); only what is compared is read.
const workspaceShape = z.looseObject({ location: z.string(), properties: z.looseObject({ customerId: z.string().optional() }).optional() });
const tableShape = z.looseObject({
  properties: z.looseObject({
    plan: z.string().optional(),
    schema: z.looseObject({ columns: z.array(z.looseObject({ name: z.string(), type: z.string() })).optional() }).optional(),
  }),
});
const columns = z.array(z.looseObject({ name: z.string(), type: z.string() }));
const dcrShape = z.looseObject({
  properties: z.looseObject({
    immutableId: z.string().optional(),
    endpoints: z.looseObject({ logsIngestion: z.string().optional() }).optional(),
    streamDeclarations: z.record(z.string(), z.looseObject({ columns })).optional(),
    destinations: z
      .looseObject({ logAnalytics: z.array(z.looseObject({ workspaceResourceId: z.string().optional() })).optional() })
      .optional(),
    dataFlows: z
      .array(
        z.looseObject({
          streams: z.array(z.string()).optional(),
          transformKql: z.string().optional(),
          outputStream: z.string().optional(),
        }),
      )
      .optional(),
  }),
});
const functionShape = z.looseObject({
  properties: z.looseObject({ query: z.string(), functionAlias: z.string().optional(), functionParameters: z.string().nullish() }),
});

export interface PlanRequest {
  readonly workspace: WorkspaceResource;
  readonly dcrName: string;
  readonly functions: readonly FunctionFile[];
}

/** Compares what should be with what is there. Reads only. */
export async function plan(arm: ArmClient, { workspace, dcrName, functions }: PlanRequest): Promise<readonly PlannedChange[]> {
  const reader: Need = { role: 'Log Analytics Reader', scope: workspace.id };
  const found = await arm.get(workspace.id, API.workspace, reader);
  if (found === undefined) {
    throw new FactorwatchError('workspace-missing', `there is no workspace ${workspace.id}`, { exitCode: ExitCode.invalid });
  }
  const { location } = workspaceShape.parse(found);
  const contributor: Need = { role: 'Log Analytics Contributor', scope: workspace.id };
  const monitoring: Need = {
    role: 'Monitoring Contributor',
    scope: `/subscriptions/${workspace.subscription}/resourceGroups/${workspace.resourceGroup}`,
  };
  const changes: PlannedChange[] = [];
  for (const table of OUTPUT_TABLES) {
    const id = `${workspace.id}/tables/${table.name}`;
    const body = tableBody(table);
    const there = await arm.get(id, API.table, reader);
    changes.push(
      change(
        { kind: 'table', name: table.name, id, version: API.table, body, need: contributor },
        there === undefined ? undefined : tableDifferences(there, body),
      ),
    );
  }
  const ruleId = dcrId(workspace, dcrName);
  const rule = await arm.get(ruleId, API.dcr, { role: 'Monitoring Reader', scope: monitoring.scope });
  const body = dcrBody(workspace.id, location);
  changes.push(
    change(
      { kind: 'dcr', name: dcrName, id: ruleId, version: API.dcr, body, need: monitoring },
      rule === undefined ? undefined : dcrDifferences(rule, body),
    ),
  );
  for (const file of functions) {
    const id = `${workspace.id}/savedSearches/${file.name}`;
    const wanted = functionBody(file);
    const there = await arm.get(id, API.function, reader);
    changes.push(
      change(
        { kind: 'function', name: file.name, id, version: API.function, body: wanted, need: contributor },
        there === undefined ? undefined : functionDifferences(there, wanted),
      ),
    );
  }
  return changes;
}

function change(resource: Omit<PlannedChange, 'action' | 'differences'>, differences: readonly string[] | undefined): PlannedChange {
  if (differences === undefined) return { ...resource, action: 'create', differences: [] };
  return { ...resource, action: differences.length > 0 ? 'update' : 'none', differences };
}

function columnDifferences(there: readonly { name: string; type: string }[], wanted: readonly { name: string; type: string }[]): string[] {
  const types = new Map(there.map(({ name, type }) => [name, type.toLowerCase()]));
  return wanted.flatMap(({ name, type }) => {
    const now = types.get(name);
    if (now === undefined) return [`+ column ${name} ${type}`];
    return now === type.toLowerCase() ? [] : [`~ column ${name} ${now} -> ${type}`];
  });
}

function tableDifferences(there: unknown, wanted: TableBody): string[] {
  const { plan: now, schema } = tableShape.parse(there).properties;
  const differences = columnDifferences(schema?.columns ?? [], wanted.properties.schema.columns);
  return now === undefined || now === wanted.properties.plan ? differences : [`~ plan ${now} -> ${wanted.properties.plan}`, ...differences];
}

function dcrDifferences(there: unknown, wanted: DcrBody): string[] {
  const { streamDeclarations = {}, destinations, dataFlows = [] } = dcrShape.parse(there).properties;
  const differences = Object.entries(wanted.properties.streamDeclarations).flatMap(([stream, declared]) => {
    const now = Object.hasOwn(streamDeclarations, stream) ? streamDeclarations[stream] : undefined;
    return now === undefined
      ? [`+ stream ${stream}`]
      : columnDifferences(now.columns, declared.columns).map((text) => `${text} of ${stream}`);
  });
  for (const flow of wanted.properties.dataFlows) {
    const now = dataFlows.find(({ streams = [] }) => streams.includes(flow.streams[0]!));
    if (now === undefined) differences.push(`+ flow of ${flow.streams[0]}`);
    else if ((now.outputStream ?? '') !== flow.outputStream) differences.push(`~ flow of ${flow.streams[0]} -> ${flow.outputStream}`);
    else if ((now.transformKql ?? 'source') !== flow.transformKql) differences.push(`~ transformation of ${flow.streams[0]}`);
  }
  const target = wanted.properties.destinations.logAnalytics[0]!.workspaceResourceId.toLowerCase();
  const right = destinations?.logAnalytics?.some(({ workspaceResourceId }) => workspaceResourceId?.toLowerCase() === target);
  return right ? differences : [...differences, '~ destination'];
}

function functionDifferences(there: unknown, wanted: FunctionBody): string[] {
  const { query, functionAlias, functionParameters } = functionShape.parse(there).properties;
  return [
    ...(query.replaceAll('\r\n', '\n').trim() === wanted.properties.query.trim() ? [] : ['~ text']),
    ...((functionParameters ?? '') === wanted.properties.functionParameters ? [] : ['~ parameters']),
    ...(functionAlias === wanted.properties.functionAlias ? [] : ['~ name']),
  ];
}

/** What the deployed rule has otherwise than this version wants, and the configuration otherwise than the rule. */
export async function ruleDifferences(
  arm: ArmClient,
  { workspace, dcrName }: PlanRequest,
  ingest: { readonly endpoint: string; readonly dcr_id: string },
): Promise<readonly string[]> {
  const scope = `/subscriptions/${workspace.subscription}/resourceGroups/${workspace.resourceGroup}`;
  const there = await arm.get(dcrId(workspace, dcrName), API.dcr, { role: 'Monitoring Reader', scope });
  if (there === undefined) return [`there is no rule ${dcrName} in ${scope}`];
  const { immutableId, endpoints } = dcrShape.parse(there).properties;
  const sameHost = endpoints?.logsIngestion === undefined || new URL(endpoints.logsIngestion).host === new URL(ingest.endpoint).host;
  return [
    ...dcrDifferences(there, dcrBody(workspace.id, '')),
    ...(immutableId === undefined || immutableId === ingest.dcr_id
      ? []
      : [`ingest.dcr_id is ${ingest.dcr_id}, the rule's is ${immutableId}`]),
    ...(sameHost ? [] : [`ingest.endpoint is ${ingest.endpoint}, the rule's is ${endpoints?.logsIngestion}`]),
  ];
}

/** What ingestion needs to know of the deployed rule. */
export interface DeployedRule {
  readonly immutableId: string | undefined;
  readonly endpoint: string | undefined;
}

/** Makes the changes in the order in which they need one another: tables, rule, functions. */
export async function apply(
  arm: ArmClient,
  changes: readonly PlannedChange[],
  onDone: (change: PlannedChange) => void,
): Promise<DeployedRule> {
  for (const kind of ['table', 'dcr', 'function'] as const) {
    for (const planned of changes) {
      if (planned.kind !== kind || planned.action === 'none') continue;
      await arm.put(planned.id, planned.version, planned.body, planned.need);
      onDone(planned);
    }
  }
  const rule = changes.find(({ kind }) => kind === 'dcr')!;
  const { immutableId, endpoints } = dcrShape.parse(await arm.get(rule.id, rule.version, rule.need)).properties;
  return { immutableId, endpoint: endpoints?.logsIngestion };
}

import type { HttpClient } from '@azure/core-rest-pipeline';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { createApp } from '../../src/server/app.ts';
import { type FaultRow, faultPlan } from '../../src/server/faults.ts';
import { memoryJournal } from '../../src/server/journal.ts';
import { listen } from '../../src/server/listen.ts';
import { type AppOptions, EMPTY_DCR_ID } from '../../src/server/options.ts';
import { type OpenAzureOptions, openAzureWorkspace } from '../../src/workspace/azure/open.ts';
import type { AzureSettings } from '../../src/workspace/azure/settings.ts';
import type { QueryRequest, Workspace } from '../../src/workspace/workspace.ts';
import { loopbackClient } from './azure-clients.ts';

export const SETTINGS: AzureSettings = {
  workspaces: ['00000000-0000-0000-0000-000000000000'],
  cloud: 'public',
  ingest: { endpoint: 'https://local.ingest.monitor.azure.com', dcr_id: EMPTY_DCR_ID },
  auth: { kind: 'token', env: 'TEST_TOKEN' },
  retry: { attempts: 6, max_wait: 60_000 },
};

/** A real AzureWorkspace, its SDK clients and all, over a real server of ours; waits are written down instead of waited for. */
export async function azureTarget(
  workspace: Workspace,
  {
    faults = [],
    settings = {},
    open = {},
    app = {},
    wrap = (client) => client,
  }: {
    readonly faults?: readonly FaultRow[];
    readonly settings?: Partial<AzureSettings>;
    readonly open?: Partial<OpenAzureOptions>;
    readonly app?: Partial<AppOptions>;
    readonly wrap?: (client: HttpClient) => HttpClient;
  } = {},
) {
  const journal = memoryJournal();
  const ids = settings.workspaces ?? [];
  const server = await listen(createApp({ workspace, faults: faultPlan(faults), journal, workspaceIds: ids, ...app }), 0);
  const waits: number[] = [];
  const warnings: string[] = [];
  const azure = await openAzureWorkspace(
    { ...SETTINGS, ...settings },
    {
      env: { TEST_TOKEN: 'secret-of-the-test' },
      httpClient: wrap(loopbackClient(server.address)),
      warn: (message) => void warnings.push(message),
      sleep: async (ms) => void waits.push(ms),
      random: () => 0.5,
      ...open,
    },
  );
  return {
    azure,
    journal: journal.entries,
    waits,
    warnings,
    close: async () => {
      await azure.close();
      await server.close(0);
    },
  };
}

/** The interval that a bound extraction query asks for. */
export function boundsOf({ kql }: QueryRequest): { readonly from: bigint; readonly until: bigint } {
  const at = (name: string) => ticksFromIso(new RegExp(`let ${name} = datetime\\(([^)]*)\\);`).exec(kql)?.[1] ?? '')!;
  return { from: at('From'), until: at('Until') };
}

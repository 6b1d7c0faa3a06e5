import { createApp } from '../../src/server/app.ts';
import { type AppOptions, EMPTY_DCR_ID } from '../../src/server/options.ts';
import type { QueryRequest } from '../../src/workspace/workspace.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';
import { memoryWorkspace, type Scripted, table } from '../support/memory-workspace.ts';

export const QUERY_PATH = `/v1/workspaces/${EMPTY_WORKSPACE_ID}/query`;
export const INGEST_PATH = `/dataCollectionRules/${EMPTY_DCR_ID}/streams/Custom-FactorFindings_CL?api-version=2023-01-01`;
export const AUTH = { authorization: 'Bearer local' };
export const JSON_BODY = { ...AUTH, 'content-type': 'application/json' };

export const ONE_ROW = table(['n:long'], [[1n]]);

/** An app over a scripted workspace, and short ways to ask it. */
export function testApp(
  script: (request: QueryRequest) => Scripted | Promise<Scripted> = () => ONE_ROW,
  options: Partial<AppOptions> = {},
) {
  const memory = memoryWorkspace(script);
  const app = createApp({ workspace: memory.workspace, ...options });
  return {
    ...memory,
    app,
    ask: (query: string, headers: Record<string, string> = {}, more: object = {}) =>
      app.request(QUERY_PATH, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: JSON.stringify({ query, ...more }) }),
    send: async (body: string | Uint8Array, headers: Record<string, string> = {}, path = INGEST_PATH) =>
      app.request(path, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body }),
  };
}

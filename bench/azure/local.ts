import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { openAzureWorkspace } from '../../src/workspace/azure/open.ts';

export const WORKSPACE_ID = '00000000-0000-0000-0000-000000000000';
export const DCR_ID = 'dcr-00000000000000000000000000000000';
export const INGEST_ENDPOINT = 'https://local.ingest.monitor.azure.com';

/** Sends whatever is meant for the service to a port of this machine. */
export function localClient(port: string): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    sendRequest(request) {
      const url = new URL(request.url);
      request.url = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
      request.allowInsecureConnection = true;
      return inner.sendRequest(request);
    },
  };
}

export const credential = { getToken: async () => ({ token: 'bench', expiresOnTimestamp: Date.now() + 3_600_000 }) };

/** Our workspace, with the real SDK clients, on a port of this machine. */
export function openLocal(port: string) {
  return openAzureWorkspace(
    {
      workspaces: [WORKSPACE_ID],
      cloud: 'public',
      ingest: { endpoint: INGEST_ENDPOINT, dcr_id: DCR_ID },
      auth: { kind: 'token', env: 'NONE' },
      retry: { attempts: 3, max_wait: 1000 },
    },
    { env: {}, httpClient: localClient(port), credential },
  );
}

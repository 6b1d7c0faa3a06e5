import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { LogsQueryClient } from '@azure/monitor-query';

const QUERY_HOST = 'api.loganalytics.io';
const INGEST_HOST = 'local.ingest.monitor.azure.com';

/** Sends what is meant for the service's hosts to a server on this machine, and refuses to send anything else anywhere. */
export function loopbackClient(address: string): HttpClient {
  const inner = createDefaultHttpClient();
  const target = new URL(address);
  return {
    sendRequest(request) {
      const url = new URL(request.url);
      // A request that is tried again comes with the address that the first try gave it.
      if (![QUERY_HOST, INGEST_HOST, target.host].includes(url.host)) return Promise.reject(new Error(`nothing stands in for ${url.host}`));
      url.protocol = target.protocol;
      url.host = target.host;
      request.url = url.href;
      request.allowInsecureConnection = true;
      return inner.sendRequest(request);
    },
  };
}

/** The real SDK clients, pipeline and all, against a server on this machine. */
export function azureClients(address: string, token = 'local') {
  const httpClient = loopbackClient(address);
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return {
    query: new LogsQueryClient(credential, { httpClient }),
    ingestion: new LogsIngestionClient(`https://${INGEST_HOST}`, credential, { httpClient }),
  };
}

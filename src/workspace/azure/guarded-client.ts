import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';

/**
 * Lets a request through only to the hosts of the configuration. The SDK follows redirects, with the token: this is where a
 * redirect to anywhere else ends.
 */
export function guardedClient(endpoints: readonly string[], inner: HttpClient = createDefaultHttpClient()): HttpClient {
  const origins = new Set(endpoints.map((endpoint) => new URL(endpoint).origin));
  return {
    sendRequest(request) {
      const { origin, host } = new URL(request.url);
      if (origins.has(origin)) return inner.sendRequest(request);
      return Promise.reject(
        new FactorwatchError('host-refused', `a request to ${host} was refused: the configuration does not name that host`, {
          exitCode: ExitCode.unavailable,
          hint: 'The service answered with a redirect. Check query_endpoint and ingest.endpoint.',
        }),
      );
    },
  };
}

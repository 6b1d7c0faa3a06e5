import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';

/**
 * Lets a request through only to the hosts of the configuration, whatever a redirect, a cached address or a later version of the
 * SDK makes of them: the requests carry the token and the logs.
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
          hint: 'The service answered with a redirect. Check the endpoints of the target.',
        }),
      );
    },
  };
}

import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { AzureSettings, CloudName } from './settings.ts';

/** Where a cloud's services are, and for whom tokens are asked. */
export interface Cloud {
  readonly authority: string;
  readonly query: { readonly endpoint: string; readonly audience: string };
  readonly ingestAudience: string;
  readonly manage: { readonly endpoint: string; readonly audience: string };
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  public: {
    authority: 'https://login.microsoftonline.com',
    query: { endpoint: 'https://api.loganalytics.io', audience: 'https://api.loganalytics.io' },
    ingestAudience: 'https://monitor.azure.com',
    manage: { endpoint: 'https://management.azure.com', audience: 'https://management.azure.com' },
  },
  usgov: {
    authority: 'https://login.microsoftonline.us',
    query: { endpoint: 'https://api.loganalytics.us', audience: 'https://api.loganalytics.us' },
    ingestAudience: 'https://monitor.azure.us',
    manage: { endpoint: 'https://management.usgovcloudapi.net', audience: 'https://management.usgovcloudapi.net' },
  },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    query: { endpoint: 'https://api.loganalytics.azure.cn', audience: 'https://api.loganalytics.azure.cn' },
    ingestAudience: 'https://monitor.azure.cn',
    manage: { endpoint: 'https://management.chinacloudapi.cn', audience: 'https://management.chinacloudapi.cn' },
  },
};

function httpsUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '' && url.search === '' && url.hash === '') return url;
  throw new FactorwatchError('config-invalid', `${what} must be an https:// address without user, query or fragment`, {
    exitCode: ExitCode.invalid,
    hint: 'A server of your own needs TLS; trust its CA through NODE_EXTRA_CA_CERTS.',
  });
}

/** `https://host[:port]/v1`: `/v1` is added when absent; any other path is refused, as the SDK would drop it silently. */
export function queryEndpoint(settings: AzureSettings): string {
  const url = httpsUrl(settings.query_endpoint ?? CLOUDS[settings.cloud].query.endpoint, 'query_endpoint');
  if (url.pathname !== '/' && url.pathname.replace(/\/$/, '') !== '/v1') {
    throw new FactorwatchError('config-invalid', `query_endpoint has the path ${url.pathname}; only /v1 is known`, {
      exitCode: ExitCode.invalid,
    });
  }
  return `${url.origin}/v1`;
}

/** Of the management API, without a path. */
export function manageEndpoint({ cloud, manage_endpoint }: Pick<AzureSettings, 'cloud' | 'manage_endpoint'>): string {
  const url = httpsUrl(manage_endpoint ?? CLOUDS[cloud].manage.endpoint, 'manage_endpoint');
  if (url.pathname === '/') return url.origin;
  throw new FactorwatchError('config-invalid', `manage_endpoint has the path ${url.pathname}; it has none`, { exitCode: ExitCode.invalid });
}

export function ingestEndpoint(settings: AzureSettings): string {
  const url = httpsUrl(settings.ingest.endpoint, 'ingest.endpoint');
  return url.origin + url.pathname.replace(/\/$/, '');
}

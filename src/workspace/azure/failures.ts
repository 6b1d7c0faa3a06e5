import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { kqlErrorFrom } from './kql-faults.ts';
import { AnswerCut } from './wire-client.ts';

/** What a failed request means for the one who sent it. `error` is what the user sees when nothing more can be done. */
export interface Failure {
  /** wait: ask again later · split: ask for less · fatal: asking again changes nothing. */
  readonly kind: 'wait' | 'split' | 'fatal';
  readonly error: FactorwatchError;
  /** What the service asked for, in ms. */
  readonly retryAfterMs?: number | undefined;
  readonly status?: number | undefined;
  /** `error.code` of the body. */
  readonly code?: string | undefined;
  /** Name of a table that is not there. */
  readonly missing?: string | undefined;
}

/** The body of an error answer, as far as it is one. */
export interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly innererror?: ErrorBody & { readonly line?: number; readonly pos?: number };
}

const unavailable = (message: string, hint?: string) =>
  new FactorwatchError('workspace-unavailable', message, { exitCode: ExitCode.unavailable, hint });
const denied = (message: string, hint: string) =>
  new FactorwatchError('workspace-auth', message, { exitCode: ExitCode.noPermission, hint });

/** Codes of a connection that may work a moment later. */
const PASSING = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
]);
const NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNRE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|network_error|socket hang up/;
const TLS = /CERT|SSL|TLS|SIGNATURE|ALTNAME/;

const TOKEN_HINT =
  'It has ended, was revoked, or is for another tenant or cloud, and a new one was not to be had or refused too: `az login` for azure-cli, a new value of the variable for token; else check `auth` and `cloud` of the target. The next run carries on.';

/** A 403 that is about the token itself: no role would mend it. */
export const TOKEN_CODES = new Set(['InvalidAuthenticationToken', 'InvalidTokenError']);

/** The least role that lets an identity use a service. */
const ROLES = { query: 'Log Analytics Reader', ingest: 'Monitoring Metrics Publisher' } as const;

/** Whom a request goes to: what is asked of it, and of which of its resources, in words (`workspace 1234...`). */
export interface Service {
  readonly kind: keyof typeof ROLES;
  readonly scope: string;
}

/** Names the failure of a request. Never keeps the SDK's own error: it holds the request, and with it the token. */
export function failureOf(error: unknown, service: Service, file?: string): Failure {
  if (error instanceof FactorwatchError) return { kind: 'fatal', error };
  if (error instanceof AnswerCut)
    return { kind: service.kind === 'query' ? 'split' : 'wait', error: unavailable(error.message), code: 'cut' };
  if (isRestError(error))
    return error.statusCode === undefined ? connectionFailure(error) : statusFailure(error, error.statusCode, service, file);
  const { name, message } = error as Error;
  if (/Credential|Authentication/.test(name)) {
    // The authority or the metadata service does not answer: no fault of the identity's.
    if (NETWORK.test(message)) return { kind: 'wait', error: unavailable(`no token: ${firstLine(message)}`) };
    return {
      kind: 'fatal',
      error: denied(
        `no token: ${firstLine(message)}`,
        'Check targets.<name>.auth in factorwatch.yaml; docs/azure.md has an example for each kind.',
      ),
    };
  }
  return connectionFailure(error as Error & { code?: string });
}

function connectionFailure(error: { readonly code?: string | undefined; readonly message: string }): Failure {
  const code = error.code ?? '';
  const message = `the connection failed: ${firstLine(error.message) || code}`;
  if (TLS.test(code)) {
    return {
      kind: 'fatal',
      error: unavailable(message, 'Trust a private CA through NODE_EXTRA_CA_CERTS; nothing switches verification off.'),
      code,
    };
  }
  return { kind: PASSING.has(code) || /aborted|socket hang up/i.test(error.message) ? 'wait' : 'fatal', error: unavailable(message), code };
}

function statusFailure(error: RestError, status: number, service: Service, file: string | undefined): Failure {
  const body = bodyOf(error);
  const common = { status, code: body.code };
  const said = `${status}${body.code === undefined ? '' : ` ${body.code}`}: ${describe(body) || firstLine(error.message)}`;
  if (status === 401 || (status === 403 && TOKEN_CODES.has(body.code ?? '')))
    return {
      ...common,
      kind: 'fatal',
      error: denied(`the token was refused (${said})`, TOKEN_HINT),
    };
  // The service says why in its own words, with a code: without them it was somebody before it.
  if (status === 407 || (status === 403 && body.code === undefined))
    return {
      ...common,
      kind: 'fatal',
      error: unavailable(
        `a proxy or firewall on the way refused the request (${said})`,
        'HTTPS_PROXY, with user and password where the proxy wants them, and NO_PROXY say which way requests take; the hosts of the target must be let through.',
      ),
    };
  if (status === 403) {
    const missing = `the role ${ROLES[service.kind]} is missing on ${service.scope} (${said})`;
    return {
      ...common,
      kind: 'fatal',
      error: denied(missing, 'Assign it to the identity of the run; a new assignment takes up to 30 minutes.'),
    };
  }
  if (status === 400 && service.kind === 'query') {
    const { error: kql, missing } = kqlErrorFrom(body, file);
    return { ...common, kind: 'fatal', error: kql, missing };
  }
  if (status === 429 || status === 408 || (status >= 500 && status !== 501 && status !== 505)) {
    const kind = status === 504 && service.kind === 'query' ? 'split' : 'wait';
    return { ...common, kind, error: unavailable(`the service answered ${said}`), retryAfterMs: retryAfterMs(error) };
  }
  return { ...common, kind: 'fatal', error: unavailable(`the service answered ${said}`) };
}

/** `error.code` of the text of an answer, where it is one of the service's errors. */
export function errorCodeOf(text: string | null | undefined): string | undefined {
  return errorOf(text)?.code;
}

function errorOf(text: string | null | undefined): ErrorBody | undefined {
  try {
    return (JSON.parse(text ?? '') as { error?: ErrorBody }).error ?? {};
  } catch {
    return undefined;
  }
}

function bodyOf(error: RestError): ErrorBody {
  const body = errorOf(error.response?.bodyAsText);
  if (body !== undefined) return body;
  const code = error.response?.headers.get('x-ms-error-code');
  return code === undefined ? {} : { code };
}

function describe(body: ErrorBody): string {
  const inner = body.innererror?.message ?? '';
  const outer = body.message ?? '';
  return firstLine(outer.includes(inner) ? outer : `${outer} ${inner}`).slice(0, 500);
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.trim();
}

/** The header forms that the service uses, in ms. */
function retryAfterMs(error: RestError): number | undefined {
  const headers = error.response?.headers;
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = Number(headers?.get(name));
    if (headers?.get(name) !== undefined && Number.isFinite(value) && value >= 0) return value;
  }
  const header = headers?.get('retry-after');
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

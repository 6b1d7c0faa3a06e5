import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { CLOUDS, manageEndpoint } from '../../workspace/azure/clouds.ts';
import { guardedClient } from '../../workspace/azure/guarded-client.ts';
import type { CloudName, TokenCredential } from '../../workspace/azure/settings.ts';

export interface ArmOptions {
  readonly cloud: CloudName;
  /** Where another address than the cloud's is configured. */
  readonly manage_endpoint?: string | undefined;
  readonly credential: TokenCredential;
  /** For tests. */
  readonly httpClient?: HttpClient | undefined;
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

/** What is missing where a call is refused. The API's own message names the action, not the role. */
export interface Need {
  readonly role: string;
  readonly scope: string;
}

const POLL_MS = 2_000;
/** Tables take a minute or two; five are more than any took. */
const MOST_POLLS = 150;

/** The management API: get and put of whole resources. Throttling and passing errors are the SDK pipeline's to retry. */
export class ArmClient {
  private readonly pipeline: Pipeline;
  private readonly httpClient: HttpClient;
  private readonly endpoint: string;
  private readonly sleep: (ms: number) => Promise<void>;

  constructor(options: ArmOptions) {
    const { cloud, credential, httpClient, sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } = options;
    const { audience } = CLOUDS[cloud].manage;
    this.endpoint = manageEndpoint(options);
    this.httpClient = guardedClient([this.endpoint], httpClient);
    this.sleep = sleep;
    this.pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 5 }, userAgentOptions: { userAgentPrefix: 'factorwatch' } });
    this.pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${audience}/.default` }), { phase: 'Sign' });
  }

  /** The resource, or undefined where it is not there. */
  async get(id: string, version: string, need: Need): Promise<unknown> {
    const { status, body } = await this.send('GET', id, version, undefined, need);
    return status === 404 ? undefined : body;
  }

  /** Creates or replaces a resource and waits until the service is done with it. */
  async put(id: string, version: string, resource: unknown, need: Need): Promise<unknown> {
    const { status, body } = await this.send('PUT', id, version, resource, need);
    if (status === 404) throw this.failed('PUT', id, 404, 'its parent does not exist');
    if (status !== 202 && !pending(body)) return body;
    for (let poll = 0; poll < MOST_POLLS; poll++) {
      await this.sleep(POLL_MS);
      const now = await this.get(id, version, need);
      const state = provisioningState(now);
      if (state === 'Failed' || state === 'Canceled') throw this.failed('PUT', id, 200, `provisioning ended as ${state}`);
      if (now !== undefined && !pending(now)) return now;
    }
    throw this.failed('PUT', id, 202, 'it was not ready in five minutes');
  }

  private async send(method: 'GET' | 'PUT', id: string, version: string, resource: unknown, need: Need) {
    const request = createPipelineRequest({
      url: `${this.endpoint}${id}?api-version=${version}`,
      method,
      headers: createHttpHeaders({ accept: 'application/json', ...(resource !== undefined && { 'content-type': 'application/json' }) }),
      ...(resource !== undefined && { body: JSON.stringify(resource) }),
    });
    const { status, bodyAsText } = await this.pipeline.sendRequest(this.httpClient, request).catch((error: Error) => {
      if (error instanceof FactorwatchError) throw error;
      if (/Credential|Authentication/.test(error.name)) {
        throw new FactorwatchError('workspace-auth', `no token for the management API: ${error.message.split('\n')[0]}`, {
          exitCode: ExitCode.noPermission,
        });
      }
      throw new FactorwatchError('arm-unavailable', `the management API cannot be reached: ${error.message.split('\n')[0]}`, {
        exitCode: ExitCode.unavailable,
      });
    });
    const body = parse(bodyAsText);
    if (status === 401)
      throw new FactorwatchError('workspace-auth', 'the management API refused the token', { exitCode: ExitCode.noPermission });
    if (status === 403) {
      throw new FactorwatchError('workspace-auth', `the role ${need.role} is missing on ${need.scope}`, {
        exitCode: ExitCode.noPermission,
        hint: `az role assignment create --role "${need.role}" --scope ${need.scope} --assignee <object id>`,
      });
    }
    if (status >= 400 && status !== 404) throw this.failed(method, id, status, messageOf(body));
    return { status, body };
  }

  private failed(method: string, id: string, status: number, message: string): FactorwatchError {
    const exitCode = status === 429 || status >= 500 ? ExitCode.unavailable : ExitCode.invalid;
    return new FactorwatchError('arm-failed', `${method} ${id}: ${status} ${message}`, { exitCode });
  }
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function messageOf(body: unknown): string {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } };
  return `${error?.code ?? ''} ${error?.message ?? ''}`.trim();
}

function provisioningState(body: unknown): string | undefined {
  return (body as { properties?: { provisioningState?: string } } | undefined)?.properties?.provisioningState;
}

function pending(body: unknown): boolean {
  const state = provisioningState(body);
  return state === 'InProgress' || state === 'Updating' || state === 'Creating' || state === 'Accepted';
}

import { Hono } from 'hono';
import { bearerToken } from '../access.ts';
import { readBody } from '../body.ts';
import type { NodeBindings } from '../connection.ts';
import { WireError } from '../wire-error.ts';

/** A call of the management API. */
export interface ArmCall {
  readonly method: string;
  readonly path: string;
  readonly version: string | null | undefined;
  readonly authorization: string | null | undefined;
  /** JSON text of a PUT. */
  readonly body: string;
}

export interface ArmAnswer {
  readonly status: number;
  readonly body?: unknown;
}

type Resource = Readonly<Record<string, unknown>>;

/**
 * The management API as far as `plan`, `deploy` and `doctor` use it, in memory: one workspace, and whatever is put beside and below it. It
 * keeps what is put, fills in what the service fills in, and takes its time over tables. It knows no schema and no roles.
 */
export class FakeArm {
  readonly resources = new Map<string, Resource>();
  readonly calls: string[] = [];
  /** Answers for `METHOD kind`, before anything else. */
  readonly refuse = new Map<string, { readonly status: number; readonly code: string }>();
  private readonly polls: number;
  private readonly pending = new Map<string, number>();

  /** `polls`: how often a table that was put is still being made when it is asked for. */
  constructor(workspaceId: string, { polls = 0 }: { readonly polls?: number } = {}) {
    this.polls = polls;
    this.resources.set(workspaceId.toLowerCase(), { id: workspaceId, location: 'westeurope', properties: { customerId: 'c' } });
  }

  answer({ method, path, version, authorization, body }: ArmCall): ArmAnswer {
    const id = path.toLowerCase();
    const kind = path.split('/').at(-2) ?? '';
    this.calls.push(`${method} ${path.split('/').slice(-2).join('/')}?${version}`);
    const error = (status: number, code: string) => ({ status, body: { error: { code, message: `refused: ${code}` } } });
    if (bearerToken(authorization) === undefined) return error(401, 'AuthenticationFailed');
    if (!version) return error(400, 'MissingApiVersionParameter');
    const refused = this.refuse.get(`${method} ${kind}`);
    if (refused) return error(refused.status, refused.code);
    if (method === 'PUT') {
      const resource = parsed(body);
      return resource === undefined ? error(400, 'InvalidRequestContent') : this.put(id, kind, resource);
    }
    const there = this.resources.get(id);
    if (!there) return error(404, 'ResourceNotFound');
    const polls = this.pending.get(id) ?? 0;
    if (polls === 0) return { status: 200, body: there };
    this.pending.set(id, polls - 1);
    return { status: 200, body: { ...there, properties: { ...(there['properties'] as object), provisioningState: 'InProgress' } } };
  }

  private put(id: string, kind: string, body: Resource): ArmAnswer {
    const properties = { ...(body['properties'] as object), provisioningState: 'Succeeded' };
    const outputs = {
      immutableId: 'dcr-0123456789abcdef0123456789abcdef',
      endpoints: { logsIngestion: 'https://dcr-factorwatch.westeurope-1.ingest.monitor.azure.com' },
    };
    this.resources.set(id, { ...body, id, properties: kind === 'dataCollectionRules' ? { ...properties, ...outputs } : properties });
    if (kind !== 'tables') return { status: 200, body: this.resources.get(id) };
    this.pending.set(id, this.polls);
    return { status: 202 };
  }
}

function parsed(text: string): Resource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : undefined;
  } catch {
    return undefined;
  }
}

const BODY_LIMIT = {
  bytes: 4 * 1024 * 1024,
  tooLarge: (bytes: number) => new WireError(413, 'RequestContentTooLarge', `A resource has at most ${bytes} bytes.`),
};

/** The fake over HTTP, to be mounted at /subscriptions. */
export function armRoutes(arm: FakeArm): Hono<{ Bindings: NodeBindings }> {
  const routes = new Hono<{ Bindings: NodeBindings }>();
  routes.on(['GET', 'PUT'], '/*', async (c) => {
    const { status, body } = arm.answer({
      method: c.req.method,
      path: c.req.path,
      version: c.req.query('api-version'),
      authorization: c.req.header('authorization'),
      body: c.req.method === 'PUT' ? new TextDecoder().decode(await readBody(c.req.raw, BODY_LIMIT)) : '',
    });
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  });
  return routes;
}

import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';

/**
 * The management API as far as plan and deploy use it, in memory: keeps what is put, fills in what the service fills in, takes its
 * time over tables, and can be told to refuse.
 */
export class FakeArm implements HttpClient {
  readonly resources = new Map<string, Record<string, unknown>>();
  readonly calls: string[] = [];
  /** Answers for `METHOD kind`, before anything else. */
  readonly refuse = new Map<string, { readonly status: number; readonly code: string }>();
  private readonly pendingPolls = new Map<string, number>();

  constructor(workspaceId: string) {
    this.resources.set(workspaceId.toLowerCase(), { id: workspaceId, location: 'westeurope', properties: { customerId: 'c' } });
  }

  sendRequest(request: PipelineRequest) {
    const url = new URL(request.url);
    if (url.host !== 'management.azure.com') throw new Error(`nothing stands in for ${url.host}`);
    const id = url.pathname.toLowerCase();
    const kind = url.pathname.split('/').at(-2) ?? '';
    this.calls.push(`${request.method} ${url.pathname.split('/').slice(-2).join('/')}?${url.searchParams.get('api-version')}`);
    const { status, body } = this.answer(request, id, kind);
    return Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText: body === undefined ? '' : JSON.stringify(body) });
  }

  private answer(request: PipelineRequest, id: string, kind: string): { readonly status: number; readonly body?: unknown } {
    const error = (status: number, code: string) => ({ status, body: { error: { code, message: `refused: ${code}` } } });
    if (!request.headers.get('authorization')?.startsWith('Bearer ')) return error(401, 'AuthenticationFailed');
    const refused = this.refuse.get(`${request.method} ${kind}`);
    if (refused) return error(refused.status, refused.code);
    if (request.method === 'PUT') return this.put(id, kind, JSON.parse(String(request.body)) as Record<string, unknown>);
    const there = this.resources.get(id);
    if (!there) return error(404, 'ResourceNotFound');
    const polls = this.pendingPolls.get(id) ?? 0;
    if (polls > 0) {
      this.pendingPolls.set(id, polls - 1);
      return { status: 200, body: { ...there, properties: { ...(there['properties'] as object), provisioningState: 'InProgress' } } };
    }
    return { status: 200, body: there };
  }

  private put(id: string, kind: string, body: Record<string, unknown>): { readonly status: number; readonly body?: unknown } {
    const properties = { ...(body['properties'] as object), provisioningState: 'Succeeded' };
    const outputs = {
      immutableId: 'dcr-0123456789abcdef0123456789abcdef',
      endpoints: { logsIngestion: 'https://dcr-factorwatch.westeurope-1.ingest.monitor.azure.com' },
    };
    this.resources.set(id, { ...body, id, properties: kind === 'dataCollectionRules' ? { ...properties, ...outputs } : properties });
    if (kind !== 'tables') return { status: 200, body: this.resources.get(id) };
    this.pendingPolls.set(id, 2);
    return { status: 202 };
  }
}

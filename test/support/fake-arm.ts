import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { FakeArm } from '../../src/server/fakes/arm.ts';

/** The server's stand-in for the management API without a server: the transport of a client, which leads to nothing else. */
export class FakeArmClient extends FakeArm implements HttpClient {
  constructor(workspaceId: string) {
    super(workspaceId, { polls: 2 });
  }

  sendRequest(request: PipelineRequest) {
    const { host, pathname: path, searchParams } = new URL(request.url);
    if (host !== 'management.azure.com') throw new Error(`nothing stands in for ${host}`);
    const { status, body } = this.answer({
      method: request.method,
      path,
      version: searchParams.get('api-version'),
      authorization: request.headers.get('authorization'),
      body: String(request.body),
    });
    return Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText: body === undefined ? '' : JSON.stringify(body) });
  }
}

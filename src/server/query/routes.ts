import { Hono } from 'hono';
import { readBody } from '../body.ts';
import type { NodeBindings, ServerContext } from '../connection.ts';
import type { Fault } from '../faults.ts';
import { type Observer, observed } from '../observe.ts';
import { streamed, takesGzip } from '../respond.ts';
import { badArgument, WireError } from '../wire-error.ts';
import { type QueryServices, startQuery } from './answer-stream.ts';
import { batchItems, batchPieces } from './batch.ts';
import { preferences } from './prefer.ts';
import { type KnowsWorkspace, type QueryBody, queryBody, queryBodyOf, requireWorkspaceResource, unknownWorkspace } from './request.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Everything the query routes need. */
export interface QueryRoutes {
  readonly services: QueryServices;
  readonly observer: Observer;
  readonly knows: KnowsWorkspace;
}

/** The Log Analytics query API, to be mounted at /v1. */
export function queryRoutes({ services, observer, knows }: QueryRoutes): Hono<{ Bindings: NodeBindings }> {
  const { limits } = services;
  const bodyLimit = {
    bytes: limits.queryBodyBytes,
    tooLarge: (bytes: number) => new WireError(413, 'RequestEntityTooLarge', `The request body is larger than ${bytes} bytes.`),
  };

  const readQuery = async (c: ServerContext): Promise<QueryBody> => {
    if (c.req.method === 'GET') return queryBody(c.req.query(), knows);
    return queryBodyOf(c.req.header('content-type'), await readBody(c.req.raw, bodyLimit), knows);
  };
  const answer = async (c: ServerContext, fault: Fault | undefined) => {
    const { query, timespan } = await readQuery(c);
    const call = {
      kql: query,
      timespan,
      prefer: preferences(c.req.header('prefer'), limits),
      ...(fault?.kind === 'partial' && { cutRows: fault.rows }),
    };
    const pieces = await startQuery(services, call, c.req.raw.signal);
    return streamed(pieces, { gzip: takesGzip(c.req.header('accept-encoding')), contentType: JSON_TYPE });
  };

  const routes = new Hono<{ Bindings: NodeBindings }>();
  routes.on(['GET', 'POST'], '/workspaces/:id/query', (c) =>
    observed(observer, c, 'query', async (fault) => {
      const id = c.req.param('id');
      if (!knows(id)) throw unknownWorkspace(id);
      return answer(c, fault);
    }),
  );
  routes.on(['GET', 'POST'], '/:resource{.+/query}', (c) =>
    observed(observer, c, 'query', async (fault) => {
      requireWorkspaceResource(c.req.param('resource').replace(/\/query$/, ''));
      return answer(c, fault);
    }),
  );
  routes.post('/:batch{(?:\\$|%24)batch}', (c) =>
    observed(observer, c, 'batch', async (fault) => {
      if (c.req.header('content-type')?.includes('json') !== true) throw badArgument('Content-Type must be application/json.');
      const items = batchItems(await readBody(c.req.raw, bodyLimit), limits.batchItems);
      const pieces = batchPieces(items, services, knows, { reversed: fault?.kind === 'reversed' });
      return streamed(pieces, { gzip: takesGzip(c.req.header('accept-encoding')), contentType: JSON_TYPE });
    }),
  );
  return routes;
}

import { Hono } from 'hono';
import { OUTPUT_STREAMS } from '../schema/output-tables.ts';
import { EMPTY_WORKSPACE_ID } from '../workspace/workspace-id.ts';
import { requireToken } from './access.ts';
import { requireAudience } from './audience.ts';
import { systemClock } from './clock.ts';
import type { NodeBindings } from './connection.ts';
import { armRoutes } from './fakes/arm.ts';
import { faultPlan } from './faults.ts';
import { onlyLoopback, securityHeaders } from './guards.ts';
import { ingestionRoutes } from './ingestion/routes.ts';
import { errorResponse } from './observe.ts';
import { type AppOptions, DEFAULT_LIMITS, EMPTY_DCR_ID } from './options.ts';
import { pageRoutes } from './page/routes.ts';
import { createGate } from './query/gate.ts';
import { queryRoutes } from './query/routes.ts';
import { toWireError, WireError } from './wire-error.ts';

function idSet(ids: readonly string[]): (id: string) => boolean {
  const known = new Set(ids.map((id) => id.toLowerCase()));
  return (id) => known.has(id.toLowerCase());
}

/**
 * A workspace over HTTP: the Log Analytics query API under /v1, the Logs Ingestion API under /dataCollectionRules, a page at /.
 * Needs no socket: `app.request(...)` answers too.
 */
export function createApp(options: AppOptions): Hono<{ Bindings: NodeBindings }> {
  const { workspace, clock = systemClock, onDefect = () => undefined } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const observer = { faults: options.faults ?? faultPlan(), journal: options.journal, clock, onDefect };
  const services = { workspace, gate: createGate(limits, clock), clock, limits };
  const knows = idSet([EMPTY_WORKSPACE_ID, ...(options.workspaceIds ?? [])]);
  const knowsRule = idSet([EMPTY_DCR_ID, ...(options.dcrIds ?? [])]);

  const app = new Hono<{ Bindings: NodeBindings }>();
  app.onError((error) => {
    const wire = toWireError(error);
    if (wire.status === 500) onDefect(error);
    return errorResponse(wire);
  });
  app.notFound((c) =>
    errorResponse(new WireError(404, 'PathNotFoundError', `There is nothing at ${c.req.method} ${c.req.path.slice(0, 200)}.`)),
  );

  app.use(securityHeaders(), onlyLoopback());
  const { relay } = options;
  if (relay) app.on(['GET', 'POST'], relay.path, (c) => relay.handle(c.req.raw));
  app.route('/', pageRoutes({ token: options.token }));
  for (const api of ['/v1/*', '/dataCollectionRules/*', ...(options.arm ? ['/subscriptions/*'] : [])]) {
    app.use(api, async (c, next) => {
      requireToken(c.req.header('authorization'), options.token);
      if (options.checkAudience) requireAudience(c.req.path, c.req.header('authorization'));
      await next();
    });
  }
  app.route('/v1', queryRoutes({ services, observer, knows }));
  app.route('/dataCollectionRules', ingestionRoutes({ workspace, observer, clock, limits, knowsRule, streams: OUTPUT_STREAMS }));
  if (options.arm) app.route('/subscriptions', armRoutes(options.arm));
  return app;
}

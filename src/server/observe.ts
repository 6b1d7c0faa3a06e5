import type { ServerClock } from './clock.ts';
import { cutAnswer, resetConnection, type ServerContext } from './connection.ts';
import type { Fault, FaultEndpoint, FaultPlan } from './faults.ts';
import type { Journal } from './journal.ts';
import { toWireError, WireError } from './wire-error.ts';

export interface Observer {
  readonly faults: FaultPlan;
  readonly journal: Journal | undefined;
  readonly clock: ServerClock;
  readonly onDefect: (error: unknown) => void;
}

/** Faults of the transport are made here, the others by the handler they are handed to. */
export type Handler = (fault: Fault | undefined) => Promise<Response>;

export function errorResponse(error: WireError): Response {
  return new Response(error.text, {
    status: error.status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-ms-error-code': error.body.code, ...error.headers },
  });
}

const NAMES: Readonly<Record<number, string>> = { 429: 'TooManyRequests', 503: 'ServiceUnavailable', 504: 'GatewayTimeout' };

function faultStatus({ status, retryAfter }: Extract<Fault, { kind: 'status' }>): Response {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return errorResponse(new WireError(status, NAMES[status] ?? 'InjectedFault', `A fault made on purpose: status ${status}.`, { headers }));
}

async function make(c: ServerContext, fault: Fault | undefined, handle: Handler, clock: ServerClock): Promise<Response> {
  switch (fault?.kind) {
    case 'status':
      return faultStatus(fault);
    case 'reset':
      return resetConnection(c);
    case 'no-content':
      return new Response(null, { status: 204 });
    case 'empty':
      return new Response(null, { status: 200 });
    case 'lost-answer':
      await (await handle(fault)).body?.cancel();
      return resetConnection(c);
    case 'cut':
      return cutAnswer(c, await handle(fault), fault.afterBytes);
    case 'slow':
      await clock.sleep(fault.delayMs);
      return handle(fault);
    default:
      return handle(fault);
  }
}

/** Runs a handler of an endpoint: makes the fault that is planned for the call, turns errors into answers, writes the journal. */
export async function observed(observer: Observer, c: ServerContext, endpoint: FaultEndpoint, handle: Handler): Promise<Response> {
  const { call, fault } = observer.faults.next(endpoint);
  const at = observer.clock.now();
  let answer: Response;
  try {
    answer = await make(c, fault, handle, observer.clock);
  } catch (error) {
    const wire = toWireError(error);
    if (wire.status === 500) observer.onDefect(error);
    answer = errorResponse(wire);
  }
  const lost = fault?.kind === 'reset' || fault?.kind === 'lost-answer';
  observer.journal?.record({
    at,
    endpoint,
    call,
    method: c.req.method,
    path: c.req.path,
    ...(fault && { fault: fault.kind }),
    status: lost ? undefined : answer.status,
    headers: Object.fromEntries([...c.req.raw.headers].filter(([name]) => name !== 'authorization')),
  });
  return answer;
}

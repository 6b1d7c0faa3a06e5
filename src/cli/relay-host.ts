import { timingSafeEqual } from 'node:crypto';
import type { Workspace } from '../workspace/workspace.ts';
import type { Io } from './io.ts';
import { jsonText } from './io.ts';
import type { RelayFrame, RelayRequest } from './relay.ts';
import { runCommandInProcess } from './run-command.ts';

const HEARTBEAT_MS = 15_000;

export interface RelayHost {
  readonly dataDir: string;
  readonly workspace: Workspace;
  /** The token of serve.json. */
  readonly token: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when `serve` stops: relayed commands stop with it. */
  readonly signal: AbortSignal;
}

/**
 * Handler for RELAY_PATH: GET answers 204 to whoever holds the token, POST runs a command line and streams what it
 * prints as NDJSON of RelayFrame. A client that goes away aborts its command.
 */
export function relayHandler(host: RelayHost): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!sameToken(request.headers.get('authorization') ?? '', `Bearer ${host.token}`)) return new Response(null, { status: 401 });
    if (request.method === 'GET') return new Response(null, { status: 204 });
    return new Response(stream(host, (await request.json()) as RelayRequest), { headers: { 'content-type': 'application/x-ndjson' } });
  };
}

function stream(host: RelayHost, request: RelayRequest): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  return new ReadableStream({
    async start(controller) {
      const send = (frame: RelayFrame) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(frame)}\n`));
      };
      const heartbeat = setInterval(send, HEARTBEAT_MS, {});
      const exit = await runCommandInProcess(request.argv, ioOf(request, send), {
        cwd: request.cwd,
        env: { ...host.env, ...request.env },
        signal: AbortSignal.any([gone.signal, host.signal]),
        serving: host,
      });
      clearInterval(heartbeat);
      send({ exit });
      if (!gone.signal.aborted) controller.close();
    },
    cancel() {
      gone.abort();
    },
  });
}

function ioOf({ isTTY, color, columns }: RelayRequest, send: (frame: RelayFrame) => void): Io {
  return {
    out: (text) => send({ out: `${text}\n` }),
    json: (value) => send({ out: `${jsonText(value)}\n` }),
    err: (text) => send({ err: text }),
    write: (data) => send(typeof data === 'string' ? { out: data } : { bytes: Buffer.from(data).toString('base64') }),
    redraw: (text) => send({ redraw: text }),
    isTTY,
    color,
    columns,
  };
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

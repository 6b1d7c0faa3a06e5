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

type Send = (frame: RelayFrame) => void | Promise<void>;

function stream(host: RelayHost, request: RelayRequest): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  /** Those who wait until the client has read. */
  const waiting: (() => void)[] = [];
  const goOn = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return new ReadableStream({
    start(controller) {
      const send: Send = (frame) => {
        if (gone.signal.aborted) return undefined;
        controller.enqueue(encoder.encode(`${JSON.stringify(frame)}\n`));
        return (controller.desiredSize ?? 0) > 0 ? undefined : new Promise((resolve) => waiting.push(resolve));
      };
      void runFor(host, request, send, gone.signal).then(() => {
        if (!gone.signal.aborted) controller.close();
      });
    },
    pull: goOn,
    cancel() {
      gone.abort();
      goOn();
    },
  });
}

async function runFor(host: RelayHost, request: RelayRequest, send: Send, gone: AbortSignal): Promise<void> {
  const heartbeat = setInterval(send, HEARTBEAT_MS, {});
  const exit = await runCommandInProcess(request.argv, ioOf(request, send), {
    cwd: request.cwd,
    env: { ...host.env, ...request.env },
    signal: AbortSignal.any([gone, host.signal]),
    serving: host,
  });
  clearInterval(heartbeat);
  void send({ exit });
}

function ioOf({ isTTY, color, columns }: RelayRequest, send: Send): Io {
  return {
    out: (text) => void send({ out: `${text}\n` }),
    json: (value) => void send({ out: `${jsonText(value)}\n` }),
    err: (text) => void send({ err: text }),
    write: (data) => send(typeof data === 'string' ? { out: data } : { bytes: Buffer.from(data).toString('base64') }),
    redraw: (text) => void send({ redraw: text }),
    isTTY,
    color,
    columns,
  };
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';

/** What the Node adapter hands along; absent where a test calls the app without a socket. */
export interface NodeBindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
}
export type ServerContext = Context<{ Bindings: NodeBindings }>;

/** Tells the Node adapter that the answer was dealt with on the socket itself. */
const alreadySent = () => new Response(null, { headers: { 'x-hono-already-sent': 'true' } });

function brokenBody(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let given = false;
  return new ReadableStream({
    pull(controller) {
      if (given || bytes.length === 0) controller.error(new Error('connection reset'));
      else controller.enqueue(bytes);
      given = true;
    },
  });
}

/** Ends the connection with a TCP reset; without a socket the body fails. */
export function resetConnection(c: ServerContext): Response {
  const socket = c.env?.incoming?.socket;
  if (!socket) return new Response(brokenBody(new Uint8Array()), { status: 200 });
  socket.resetAndDestroy();
  return alreadySent();
}

/** Sends the head of an answer and the first bytes of its body, then ends the connection. */
export async function cutAnswer(c: ServerContext, answer: Response, afterBytes: number): Promise<Response> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = answer.body?.getReader();
  while (reader && size < afterBytes) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  await reader?.cancel();
  const bytes = Buffer.concat(parts).subarray(0, afterBytes);
  const outgoing = c.env?.outgoing;
  if (!outgoing) return new Response(brokenBody(bytes), { status: answer.status, headers: answer.headers });
  // Chunked, so that a client can tell that the end is missing.
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'transfer-encoding': 'chunked' });
  await new Promise((resolve) => outgoing.write(bytes, resolve));
  outgoing.socket?.destroy();
  return alreadySent();
}

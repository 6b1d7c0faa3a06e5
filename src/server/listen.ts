import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { NodeBindings } from './connection.ts';

/** A server that answers. */
export interface Listening {
  /** http://127.0.0.1:PORT */
  readonly address: string;
  /** Takes no more requests, gives those under way a moment, then ends their connections. */
  close(graceMs?: number): Promise<void>;
}

const SERVER_OPTIONS = {
  maxHeaderSize: 32_768,
  // A client that sends slowly is cut off; one that reads slowly is dealt with where the answer is written.
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
};
const MAX_CONNECTIONS = 1_024;

/** Listens on 127.0.0.1 and on nothing else; port 0 takes a free one. */
export async function listen(app: Hono<{ Bindings: NodeBindings }>, port: number): Promise<Listening> {
  const answer = getRequestListener((request, env) => app.fetch(request, env as NodeBindings), {
    hostname: '127.0.0.1',
    overrideGlobalObjects: false,
  });
  const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => void answer(incoming, outgoing));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => socket.destroy());
  await bind(server, port);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words = error.code === 'EADDRINUSE' ? `port ${port} is in use` : `cannot listen on port ${port}: ${error.message}`;
      reject(
        new FactorwatchError('port-unavailable', words, {
          exitCode: ExitCode.unavailable,
          hint: 'Choose another with --port, or --port 0 for any free one.',
          cause: error,
        }),
      );
    });
    server.listen({ host: '127.0.0.1', port }, () => resolve());
  });
}

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the proxy does to one exchange, from outside: the server behind it knows nothing of it. */
export type ProxyFault = 'none' | 'reset' | 'lost-answer' | 'cut' | 'cut-request' | '429' | '503' | 'slow';

export interface TlsProxy {
  /** https://127.0.0.1:PORT */
  readonly address: string;
  /** File of the CA that signed its certificate. */
  readonly caFile: string;
  readonly faults: ProxyFault[];
  close(): Promise<void>;
}

export interface Certificates {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly keyFile: string;
  readonly certFile: string;
  readonly caFile: string;
}

/** A CA of our own and a certificate of it for 127.0.0.1, made by the openssl of the machine. */
export function certificates(folder: string): Certificates {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '2', '-subj', '/CN=Test CA');
  openssl('req', ...curve, '-keyout', file('key.pem'), '-out', file('request.pem'), '-subj', '/CN=127.0.0.1');
  writeFileSync(file('san.cnf'), 'subjectAltName=IP:127.0.0.1\n');
  const sign = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('san.cnf')];
  openssl('x509', '-req', '-in', file('request.pem'), '-out', file('cert.pem'), '-days', '2', ...sign);
  const [keyFile, certFile] = [file('key.pem'), file('cert.pem')];
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), keyFile, certFile, caFile: file('ca.pem') };
}

/** TLS in front of a server on this machine. `next` chooses the fault of each exchange. */
export async function tlsProxy(target: string, next: () => ProxyFault = () => 'none'): Promise<TlsProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-tls-'));
  const { key, cert, caFile } = certificates(folder);
  const faults: ProxyFault[] = [];
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const fault = next();
    faults.push(fault);
    if (fault === 'reset') {
      incoming.socket.destroy();
      return;
    }
    if (fault === 'cut-request') {
      // The server gets the head of the request and a part of its body.
      const half = request(new URL(incoming.url ?? '/', target), {
        method: incoming.method,
        headers: { ...incoming.headers, host: '127.0.0.1' },
      });
      half.on('error', () => {});
      incoming.once('data', (chunk: Buffer) => {
        half.write(chunk.subarray(0, chunk.length >> 1), () => half.destroy());
        incoming.socket.destroy();
      });
      return;
    }
    if (fault === '429' || fault === '503') {
      incoming.resume();
      outgoing.writeHead(Number(fault)).end('{"error":{"code":"Busy","message":"by the proxy"}}');
      return;
    }
    const { host: _host, ...headers } = incoming.headers;
    const onward = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers }, (answer) => {
      // The server itself ended in mid-answer.
      answer.on('error', () => incoming.socket.destroy());
      if (fault === 'lost-answer') {
        answer.resume();
        answer.on('end', () => incoming.socket.destroy());
        return;
      }
      const send = () => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        let sent = 0;
        answer.on('data', (chunk: Buffer) => {
          sent += chunk.length;
          if (fault !== 'cut') outgoing.write(chunk);
          else {
            outgoing.write(chunk.subarray(0, chunk.length >> 1));
            setImmediate(() => incoming.socket.destroy());
          }
        });
        answer.on('end', () => {
          if (fault !== 'cut' || sent === 0) outgoing.end();
        });
      };
      if (fault === 'slow') setTimeout(send, 30);
      else send();
    });
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile,
    faults,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

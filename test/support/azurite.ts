import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ContainerClient, type StoragePipelineOptions, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Certificates } from './tls-proxy.ts';

/** Microsoft's storage emulator; not among the dependencies, as it alone brings more packages than all of them. */
const AZURITE = 'azurite@3.35.0';
/** The account that every Azurite has; published by Microsoft for this use. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  readonly container: (name: string) => ContainerClient;
  /** Address of a container, as a configuration names it. */
  readonly url: (name: string) => string;
  readonly stop: () => Promise<void>;
}

/** A token as Azurite takes it over TLS: it looks at audience, issuer and times, not at the signature. */
export function storageToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { aud: 'https://storage.azure.com', iss: 'https://sts.windows.net/00000000-0000-0000-0000-000000000000/' };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...claims, iat: now, nbf: now - 60, exp: now + 3600 })}.none`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Installs Azurite, once for all suites of a test run; a text says why that was not possible. */
async function install(): Promise<{ readonly main: string } | { readonly impossible: string }> {
  const folder = join(tmpdir(), 'azurite');
  const main = join(folder, 'node_modules/azurite/dist/src/blob/main.js');
  if (existsSync(main)) return { main };
  mkdirSync(folder, { recursive: true });
  try {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    await promisify(execFile)('npm', ['install', ...options, AZURITE], { cwd: folder, timeout: 240_000 });
    return { main };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { impossible: `${AZURITE} cannot be installed here: ${(error as Error).message.split('\n')[0]}` };
  }
}

/** Starts it in memory; with certificates it speaks TLS and takes tokens. */
export async function startAzurite(tls?: Certificates): Promise<Azurite | string> {
  const installed = await install();
  if ('impossible' in installed) return installed.impossible;
  const port = await freePort();
  const secure = tls === undefined ? [] : ['--oauth', 'basic', '--cert', tls.certFile, '--key', tls.keyFile];
  const address = ['--blobHost', '127.0.0.1', '--blobPort', String(port)];
  const quiet = ['--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const child = spawn(process.execPath, [installed.main, ...quiet, ...address, ...secure], {
    cwd: dirname(installed.main),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await answers(child, port);
  const url = (name: string) => `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/${ACCOUNT}/${name}`;
  const client = new StorageSharedKeyCredential(ACCOUNT, KEY);
  // Not in its type, but handed on to the transport.
  const options = { ...(tls && { tlsOptions: { ca: readFileSync(tls.caFile, 'utf8') } }) } as StoragePipelineOptions;
  return {
    container: (name) => new ContainerClient(url(name), client, options),
    url,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error('Azurite does not answer');
}

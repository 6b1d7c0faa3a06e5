import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';

/** Microsoft's storage emulator; not among the dependencies, as it alone brings more packages than all of them. */
const AZURITE = 'azurite@3.35.0';
/** The account that every Azurite has; published by Microsoft for this use. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  readonly container: (name: string) => ContainerClient;
  readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Installs Azurite into a temporary folder and starts it in memory; a text says why that was not possible. */
export async function startAzurite(): Promise<Azurite | string> {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-azurite-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    await promisify(execFile)('npm', ['install', ...options, AZURITE], { cwd: folder, timeout: 240_000 });
  } catch (error) {
    remove();
    return `${AZURITE} cannot be installed here: ${(error as Error).message.split('\n')[0]}`;
  }
  const port = await freePort();
  const main = join(folder, 'node_modules/azurite/dist/src/blob/main.js');
  const child = spawn(
    process.execPath,
    [
      main,
      '--inMemoryPersistence',
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      String(port),
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  await answers(child, port);
  return {
    container: (name) => new ContainerClient(`http://127.0.0.1:${port}/${ACCOUNT}/${name}`, new StorageSharedKeyCredential(ACCOUNT, KEY)),
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      remove();
    },
  };
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error('Azurite does not answer');
}

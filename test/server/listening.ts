import { afterEach } from 'vitest';
import { type FaultRow, faultPlan } from '../../src/server/faults.ts';
import { memoryJournal } from '../../src/server/journal.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import type { AppOptions } from '../../src/server/options.ts';
import { azureClients } from '../support/azure-clients.ts';
import { ONE_ROW, testApp } from './helpers.ts';

const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close(0)));
});

/** A server that listens on a free port until the test has ended, with Microsoft's clients for it. */
export async function start(script: Parameters<typeof testApp>[0] = () => ONE_ROW, options: Partial<AppOptions> = {}) {
  const journal = memoryJournal();
  const memory = testApp(script, { journal, ...options });
  const server = await listen(memory.app, 0);
  running.push(server);
  return { ...memory, journal, address: server.address, ...azureClients(server.address) };
}
export const failing = (...rows: FaultRow[]) => ({ faults: faultPlan(rows) });
export const statuses = ({ journal }: { journal: ReturnType<typeof memoryJournal> }) => journal.entries.map(({ status }) => status);
export const EVERYTHING = { duration: 'P1D' };

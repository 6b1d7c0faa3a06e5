import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { LogsQueryClient } from '@azure/monitor-query';
import { openAzureWorkspace } from '../../src/workspace/azure/open.ts';

/** One way of doing one thing, in a process of its own, so that its memory and its pauses are its own. Arguments: way, port. */
const [, , way = '', port = ''] = process.argv;
const DCR = 'dcr-00000000000000000000000000000000';
const ID = '00000000-0000-0000-0000-000000000000';
const STREAM = 'Custom-FactorFindings_CL';
const INGEST = 'https://local.ingest.monitor.azure.com';
const FINDINGS = 200_000;

const inner = createDefaultHttpClient();
const httpClient: HttpClient = {
  sendRequest(request) {
    const url = new URL(request.url);
    request.url = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
    request.allowInsecureConnection = true;
    return inner.sendRequest(request);
  },
};
const credential = { getToken: async () => ({ token: 'bench', expiresOnTimestamp: Date.now() + 3_600_000 }) };

function open() {
  return openAzureWorkspace(
    {
      workspaces: [ID],
      cloud: 'public',
      ingest: { endpoint: INGEST, dcr_id: DCR },
      auth: { kind: 'token', env: 'NONE' },
      retry: { attempts: 3, max_wait: 1000 },
    },
    { env: {}, httpClient, credential },
  );
}

const FILLER = 'the user registered a phone from a network never seen before; '.repeat(16);
/** A finding as it is read from the outbox: text of its own, nothing shared with the next. */
function finding(i: number): Record<string, unknown> {
  const row = {
    TimeGenerated: '2026-05-01T00:00:00Z',
    EventUid: `uid-${i}`,
    FindingRevision: 1,
    Username: `user${i % 5000}@contoso.test`,
    EventMessage: `${i} ${FILLER}`,
  };
  return JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
}

const WAYS: Readonly<Record<string, () => Promise<number>>> = {
  async 'read: ours'() {
    const azure = await open();
    let rows = 0;
    const kql = 'declare query_parameters(From:datetime, Until:datetime); T';
    const from = 638_000_000_000_000_000n;
    for await (const batch of azure.fetch({ name: 'bench', kql, from, until: from + 36_000_000_000n })) rows += batch.numRows;
    return rows;
  },
  async 'read: stock client'() {
    const client = new LogsQueryClient(credential, { httpClient });
    const result = await client.queryWorkspace(ID, 'T', { duration: 'P1D' });
    return 'tables' in result ? result.tables[0]!.rows.length : 0;
  },
  async 'read: fetch + JSON.parse'() {
    const response = await fetch(`http://127.0.0.1:${port}/v1/workspaces/${ID}/query`, { method: 'POST', body: '{}' });
    const { tables } = JSON.parse(await response.text()) as { tables: { rows: unknown[][] }[] };
    return tables[0]!.rows.length;
  },
  async 'upload: ours'() {
    const azure = await open();
    let accepted = 0;
    let next = 0;
    // As the outbox does: slices of what one call takes, four at once.
    const worker = async () => {
      while (next < FINDINGS) {
        const from = next;
        next += 780;
        const rows = Array.from({ length: Math.min(780, FINDINGS - from) }, (_, i) => finding(from + i));
        const outcome = await azure.ingest(STREAM, rows);
        accepted += outcome.accepted;
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    return accepted;
  },
  async 'upload: stock client'() {
    const client = new LogsIngestionClient(INGEST, credential, { httpClient });
    const rows = Array.from({ length: FINDINGS }, (_, i) => finding(i));
    await client.upload(DCR, STREAM, rows);
    return rows.length;
  },
};

/** Nanoseconds that this thread was ready and had no processor (Linux; 0 elsewhere). */
function waitedNs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

const baseMb = Math.round(process.resourceUsage().maxRSS / 1024);
const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
const waitedBefore = waitedNs();
const cpuBefore = process.cpuUsage();
const started = performance.now();
const rows = await WAYS[way]!();
const seconds = (performance.now() - started) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const waitedSeconds = (waitedNs() - waitedBefore) / 1e9;
// One turn more, so that a stall at the very end is counted.
await new Promise((resolve) => setTimeout(resolve, 20));
delay.disable();
const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10;
process.stdout.write(
  JSON.stringify({
    rows,
    seconds,
    baseMb,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    p99Ms: ms(delay.percentile(99)),
    worstMs: ms(delay.max),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    waitedSeconds,
  }),
);
process.exit(0);

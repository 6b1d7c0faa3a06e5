import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { LogsQueryClient } from '@azure/monitor-query';
import { ownTurn } from '../../src/core/turns.ts';
import { deliver, type Slice, stageSlices } from '../../src/pipeline/outbox.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { credential, DCR_ID, INGEST_ENDPOINT, localClient, openLocal, WORKSPACE_ID } from './local.ts';
import { measured } from './measured.ts';

/** One way of doing one thing, in a process of its own, so that its memory and its pauses are its own. Arguments: way, port, folder of an outbox. */
const [, , way = '', port = '', folder = ''] = process.argv;
const STREAM = 'Custom-FactorFindings_CL';
const FINDINGS = 200_000;
const open = () => openLocal(port);
const httpClient = localClient(port);

const FILLER = 'the user registered a phone from a network never seen before; '.repeat(16);
/** A finding whose numbers are still zeros. */
const BLANK = `{"TimeGenerated":"2026-05-01T00:00:00Z","EventUid":"uid-000000","FindingRevision":1,"Username":"user-000000@contoso.test","EventMessage":"000000 ${FILLER}"}`;
const DIGITS = [...BLANK.matchAll(/0{6}/g)].map(({ index }) => index);
const SLICE = 780;

/** Findings as a file of the outbox has them: a JSON array of what one call takes. Made as bytes, so that no string of it is measured. */
function slice(from: number): Buffer {
  const rows = Math.min(SLICE, FINDINGS - from);
  const bytes = Buffer.allocUnsafeSlow(rows * (BLANK.length + 1) + 1).fill(`,${BLANK}`);
  for (let row = 0; row < rows; row++) {
    const start = row * (BLANK.length + 1) + 1;
    for (const at of DIGITS) {
      for (let digit = 5, n = from + row; digit >= 0; digit--, n = Math.floor(n / 10)) bytes[start + at + digit] = 48 + (n % 10);
    }
  }
  bytes[0] = 0x5b;
  bytes[bytes.length - 1] = 0x5d;
  return bytes;
}

/** Sends slices, four at once, as the outbox is delivered. */
async function inSlices(send: (json: Buffer) => Promise<{ readonly accepted: number }>): Promise<number> {
  let accepted = 0;
  let next = 0;
  const worker = async () => {
    while (next < FINDINGS) {
      const from = next;
      next += SLICE;
      // Files of the outbox are read in turns of the event loop of their own.
      await ownTurn();
      const outcome = await send(slice(from));
      accepted += outcome.accepted;
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return accepted;
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
    const result = await client.queryWorkspace(WORKSPACE_ID, 'T', { duration: 'P1D' });
    return 'tables' in result ? result.tables[0]!.rows.length : 0;
  },
  async 'read: fetch + JSON.parse'() {
    const response = await fetch(`http://127.0.0.1:${port}/v1/workspaces/${WORKSPACE_ID}/query`, { method: 'POST', body: '{}' });
    const { tables } = JSON.parse(await response.text()) as { tables: { rows: unknown[][] }[] };
    return tables[0]!.rows.length;
  },
  async 'upload: ours'() {
    const workspace = await open();
    const { rows } = await deliver({ store: fileCheckpointStore(folder), workspace, sequence: 1, reject: async () => {} });
    return rows;
  },
  async 'upload: write the outbox'() {
    const store = fileCheckpointStore(folder);
    const slices: Slice[] = [];
    for (let from = 0; from < FINDINGS; from += SLICE) slices.push({ stream: STREAM, rows: SLICE, text: slice(from).toString() });
    await stageSlices(store, 1, slices);
    return FINDINGS;
  },
  async 'upload: ours, parsed'() {
    const azure = await open();
    return inSlices((json) => azure.ingest(STREAM, JSON.parse(json.toString()) as Record<string, unknown>[]));
  },
  async 'upload: stock client'() {
    const client = new LogsIngestionClient(INGEST_ENDPOINT, credential, { httpClient });
    const rows: Record<string, unknown>[] = [];
    for (let from = 0; from < FINDINGS; from += SLICE) rows.push(...(JSON.parse(slice(from).toString()) as Record<string, unknown>[]));
    await client.upload(DCR_ID, STREAM, rows);
    return rows.length;
  },
};

process.stdout.write(JSON.stringify(await measured(WAYS[way]!)));
process.exit(0);

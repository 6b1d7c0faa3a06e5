import { createHash } from 'node:crypto';
import type { KqlColumn } from '../../src/core/kql-types.ts';
import { rowsOf } from '../../src/workspace/azure/decode/rows.ts';
import { openAzureWorkspace } from '../../src/workspace/azure/open.ts';
import type { AzureSettings } from '../../src/workspace/azure/settings.ts';

/** What the child is told on its command line, as JSON. */
export interface ChildTask {
  readonly settings: AzureSettings;
  readonly kql: string;
  readonly from: string;
  readonly until: string;
  readonly columns: readonly KqlColumn[];
  readonly stream: string;
  readonly findings: number;
}

/** Reads an interval and writes findings, with nothing injected but the length of the pauses; prints what came of it. */
const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
const azure = await openAzureWorkspace(task.settings, { env: process.env, warn: () => {}, sleep: () => Promise.resolve() });
try {
  const lines: string[] = [];
  const request = { name: 'rows', kql: task.kql, from: BigInt(task.from), until: BigInt(task.until) };
  for await (const batch of azure.fetch(request)) for (const row of rowsOf(batch, task.columns)) lines.push(row.map(String).join('|'));
  const digest = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  const rows = Array.from({ length: task.findings }, (_, i) => ({
    EventUid: `uid-${i}`,
    FindingRevision: 1,
    EventMessage: 'x'.repeat(900),
  }));
  const outcome = await azure.ingest(task.stream, rows);
  process.stdout.write(JSON.stringify({ rows: lines.length, digest, accepted: outcome.accepted }));
} catch (error) {
  const { code, exitCode, message, hint } = error as { code?: string; exitCode?: number; message: string; hint?: string };
  process.stdout.write(JSON.stringify({ code, exitCode, message, hint }));
}
await azure.close();

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';
import { allRows, line } from './support.ts';

const FILES = 6;
const ROWS = 4000;
const KILLS = 10;

/** kill -9 at some moment of an import with uploads beside it; then everything is looked at, and imported again. */
test('a kill leaves whole files in or out, no acknowledged upload is lost, and a second import completes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-kill-'));
  mkdirSync(join(folder, 'logs'));
  for (let file = 0; file < FILES; file++) {
    const rows = Array.from({ length: ROWS }, (_, i) =>
      line({
        TimeGenerated: new Date(1.77e12 + i * 1000).toISOString(),
        Id: `${file}-${i}`,
        SessionId: String(file),
        UserAgent: `agent ${i}`.repeat(20),
      }),
    );
    writeFileSync(join(folder, 'logs', `SigninLogs.${file}.ndjson`), rows.join(''));
  }
  const seen = new Set<number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const data = join(folder, `data${kill}`);
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      fileURLToPath(new URL('import-and-upload.ts', import.meta.url)),
      data,
      join(folder, 'logs'),
    ]);
    const done = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    const started = new Promise<void>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        output += bytes;
        if (output.includes('ready')) resolve();
      });
    });
    await started;
    await sleep(100 + kill * 130);
    child.kill('SIGKILL');
    await done;
    const acknowledged = output.match(/ack/g)?.length ?? 0;

    const workspace = await EmbeddedWorkspace.open({ path: join(data, 'workspace.duckdb'), clock: () => 639_000_000_000_000_000n });
    const files = await allRows(workspace, 'SigninLogs | summarize count() by SessionId');
    expect(files.map(([, count]) => count)).toEqual(files.map(() => BigInt(ROWS)));
    seen.add(files.length);
    const [[uploads]] = (await allRows(workspace, 'FactorRuns_CL | count')) as [[bigint]];
    expect(Number(uploads)).toBeGreaterThanOrEqual(acknowledged);
    const result = await importPaths(workspace, [join(folder, 'logs')], { rejectedDir: join(data, 'rejected') });
    expect(result).toMatchObject({ rows: (FILES - files.length) * ROWS, duplicates: files.length * ROWS, rejected: 0 });
    await workspace.close();
  }
  // Kills that all come before or after the import prove nothing.
  expect(seen.size).toBeGreaterThan(1);
  rmSync(folder, { recursive: true, force: true });
});

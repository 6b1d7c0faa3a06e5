import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '../core/durable-folder.ts';
import type { RejectedRow } from './outbox.ts';

/** Keeps rows that the workspace refuses for ever, one JSON line each with the reason, in DIR/rejected/. */
export function rejectedRows(directory: string, runId: string): (rows: readonly RejectedRow[]) => Promise<void> {
  return async (rows) => {
    await makeFolder(directory);
    const handle = await open(join(directory, `upload-${runId}.ndjson`), 'a', 0o600);
    try {
      await handle.writeFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(directory);
  };
}

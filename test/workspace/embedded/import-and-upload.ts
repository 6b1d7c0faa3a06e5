import { join } from 'node:path';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';

/** Run by a test as a process of its own, and killed: imports a folder and uploads rows meanwhile, a word on stdout for each that is taken. */
const [data, logs] = process.argv.slice(2) as [string, string];
const workspace = await EmbeddedWorkspace.open({ path: join(data, 'workspace.duckdb'), clock: () => 639_000_000_000_000_000n });
console.log('ready');
let importing = true;
const imported = importPaths(workspace, [logs], { rejectedDir: join(data, 'rejected') }).then(() => {
  importing = false;
});
while (importing) {
  await workspace.ingest('Custom-FactorRuns_CL', [{ RunId: 'r' }]);
  console.log('ack');
}
await imported;
console.log('done');
await workspace.close();

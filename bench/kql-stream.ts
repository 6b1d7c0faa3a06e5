import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { peakOf } from './azure/peak.ts';

const COMMAND = fileURLToPath(new URL('../bin/factorwatch.js', import.meta.url));
/** As many rows as an answer may have. */
const ANSWER =
  'SigninLogs | project TimeGenerated, UserPrincipalName, IPAddress, Location, ResultType, AppDisplayName, UserAgent | take 500000';

/** Peak memory of `serve` and of `query` in each form for the largest answer there is, over the workspace in a folder. */
export async function benchAnswers(folder: string): Promise<void> {
  const serve = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--data-dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [first] = (await once(createInterface({ input: serve.stdout! }), 'line')) as [string];
    const address = first.replace('listening on ', '');
    await received(address, 'SigninLogs | take 1');
    const before = peakOf(serve);
    print('serve', await received(address, ANSWER), peakOf(serve), before);
  } finally {
    serve.kill();
    await once(serve, 'exit');
  }
  for (const form of ['--json', '--csv', '--arrow']) {
    const start = performance.now();
    const query = spawn(process.execPath, [COMMAND, 'query', ANSWER, form, '--data-dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let bytes = 0;
    let peak = 0;
    for await (const piece of query.stdout! as AsyncIterable<Buffer>) {
      bytes += piece.length;
      peak = Math.max(peak, peakOf(query as ChildProcess));
    }
    print(`query ${form}`, { bytes, ms: performance.now() - start }, peak);
  }
}

interface Received {
  readonly bytes: number;
  readonly ms: number;
}

async function received(address: string, query: string): Promise<Received> {
  const start = performance.now();
  const answer = await fetch(`${address}/v1/workspaces/00000000-0000-0000-0000-000000000000/query`, {
    method: 'POST',
    body: JSON.stringify({ query }),
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench', prefer: 'wait=180' },
  });
  if (answer.status !== 200 || !answer.body) throw new Error(`the server answered ${answer.status}`);
  let bytes = 0;
  for await (const piece of answer.body) bytes += piece.length;
  return { bytes, ms: performance.now() - start };
}

function print(who: string, { bytes, ms }: Received, peak: number, before?: number): void {
  const idle = before === undefined ? '' : ` (${before} MB before it)`;
  process.stdout.write(
    `answer of 500,000 rows, ${who.padEnd(22)} ${(bytes / 2 ** 20).toFixed(0).padStart(4)} MB in ${(ms / 1000).toFixed(1)} s, peak memory ${peak} MB${idle}\n`,
  );
}

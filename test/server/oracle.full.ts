import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startServe } from '../support/serve-process.ts';

/** What must hold of the answers over the wire; shares of the queries of an area (`^` = its name begins so). */
export const THRESHOLDS = [
  { area: /^fuzz-/, verdict: 'right', least: 0.95 },
  { area: /^(docs|plugin)$/, verdict: 'right', least: 0.9 },
  { area: /^must-reject$/, verdict: 'right', least: 1 },
  { area: /./, verdict: 'wrong', most: 0.005 },
  { area: /./, verdict: 'failed', most: 0 },
] as const satisfies readonly { readonly area: RegExp; readonly verdict: string; readonly least?: number; readonly most?: number }[];

interface Verdict {
  readonly area: string;
  readonly verdict: string;
}
const folder = fileURLToPath(new URL('../../../shared/kql-oracle/', import.meta.url));
const there = existsSync(join(folder, 'run.mjs'));

/** Asks a server each query of the case files and gives the verdicts; prints the summary of the asking program. */
async function judged(): Promise<readonly Verdict[]> {
  const directory = mkdtempSync(join(tmpdir(), 'factorwatch-oracle-'));
  const out = join(directory, 'verdicts.json');
  const serve = await startServe(directory);
  try {
    const args = ['run.mjs', '--endpoint', `${serve.address}/v1`, '--json', out, 'dev.jsonl', 'errors-dev.jsonl'];
    const code = await new Promise((resolve) =>
      spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }).on('close', resolve),
    );
    if (code !== 0) throw new Error(`run.mjs ended with ${code}`);
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    await serve.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

describe.skipIf(!there)('answers of the real engine (skipped where the recorded answers are not there)', () => {
  it('are those of the server, or refused by name', async () => {
    const verdicts = await judged();
    const shares = THRESHOLDS.map((row) => {
      const of = verdicts.filter(({ area }) => row.area.test(area));
      return { ...row, share: of.filter(({ verdict }) => verdict === row.verdict).length / of.length };
    });
    const missed = shares.filter((row) => ('least' in row && row.share < row.least) || ('most' in row && row.share > row.most));
    expect(verdicts.length).toBeGreaterThan(1_000);
    expect(missed).toEqual([]);
  });
});

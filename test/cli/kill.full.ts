import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparable, END, inProcess } from '../pipeline/samples.ts';
import { Rng } from '../support/rng.ts';
import { ROOT } from '../support/source-files.ts';

/** kill -9 at random moments of the commands that write besides `run` and `import`, which have tests of their own. */
const KILLS = 8;
const SEED = 20261129;

let folder: string;
let finding: string;
let expected: unknown[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-kills-'));
  const base = join(folder, 'base');
  await inProcess(base, async (call) => {
    await call('import', join(ROOT, 'samples'));
    await call('run', '--until', END);
    const findings = (await call('findings')) as { EventUid: string }[];
    finding = findings[0]!.EventUid;
    expected = comparable(findings, { revisions: true });
  });
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the built command and, where `afterMs` is given, kills it then; its exit code, null where it was killed, and how long it took. */
async function start(dataDir: string, argv: readonly string[], afterMs?: number) {
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'bin/factorwatch.js'), ...argv, '--json', '--data-dir', dataDir], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (afterMs !== undefined) {
    await sleep(afterMs);
    child.kill('SIGKILL');
  }
  return { code: await ended, tookMs: performance.now() - began };
}

/** Kills a command at a moment of its second half, in which it writes, on a copy each; `look` says what has to hold then. */
async function killed(
  name: string,
  argv: readonly string[],
  look: (dataDir: string, code: number | null) => Promise<string>,
): Promise<void> {
  const copy = (to: string) => {
    cpSync(join(folder, 'base'), join(folder, to), { recursive: true });
    return join(folder, to);
  };
  let { code, tookMs } = await start(copy(`${name}-quiet`), argv);
  expect(code).toBe(0);
  const dice = new Rng(SEED);
  const outcomes: string[] = [];
  for (let i = 0; i < KILLS; i++) {
    const dataDir = copy(`${name}-${i}`);
    const kill = await start(dataDir, argv, tookMs * (0.4 + 0.6 * dice.next()));
    if (kill.code !== null) tookMs = Math.min(tookMs, kill.tookMs);
    code = kill.code;
    outcomes.push(await look(dataDir, code));
    rmSync(dataDir, { recursive: true, force: true });
  }
  process.stderr.write(`${name}: ${outcomes.join(', ')}\n`);
}

test('findings close: closed once or not at all, never half, and a verdict that was acknowledged stays', { timeout: 900_000 }, async () => {
  const argv = ['findings', 'close', finding, '--verdict', 'false-positive', '--comment', 'asked in person'];
  await killed('close', argv, (dataDir, code) =>
    inProcess(dataDir, async (call) => {
      // What was on its way is sent by the next command that holds the state.
      await call('run', '--until', END);
      const rows = (await call(
        'query',
        `FactorFindings_CL | where EventUid == "${finding}" | project FindingRevision, AlertStatus | order by FindingRevision asc`,
      )) as {
        FindingRevision: number;
        AlertStatus: string;
      }[];
      const verdicts = (await call('query', 'FactorRuns_CL | where OperationName == "Verdict" | count')) as { Count: number }[];
      const closed = rows.filter(({ AlertStatus }) => AlertStatus === 'Closed').length;
      expect(closed).toBe(verdicts[0]!.Count);
      expect(closed).toBeLessThanOrEqual(1);
      if (code === 0) expect(closed).toBe(1);
      expect(new Set(rows.map(({ FindingRevision }) => FindingRevision)).size).toBe(rows.length);
      // The others are as they were; and where nothing was written it can be closed now.
      const others = comparable(await call('findings'), { revisions: true }) as { EventUid: string }[];
      expect(others.filter(({ EventUid }) => EventUid !== finding)).toEqual(
        (expected as { EventUid: string }[]).filter(({ EventUid }) => EventUid !== finding),
      );
      if (closed === 0) expect(await call(...argv)).toMatchObject({ EventUid: finding, AlertStatus: 'Closed' });
      return closed === 1 ? 'closed' : 'open';
    }),
  );
});

test('rules set: in force once or not at all, with who and why', { timeout: 900_000 }, async () => {
  const argv = ['rules', 'set', 'password-spray-from-one-address', '--severity', 'High', '--reason', 'seen twice'];
  await killed('rules', argv, (dataDir, code) =>
    inProcess(dataDir, async (call) => {
      const overrides = (await call(
        'query',
        'FactorRules_CL | where RowKind == "Override" | project Severity, Reason, ChangedBy',
      )) as Record<string, string>[];
      const records = (await call('query', 'FactorRuns_CL | where OperationName == "Rule change" | count')) as { Count: number }[];
      expect(overrides.length).toBeLessThanOrEqual(1);
      // The row itself says who and why; the record of it comes after.
      expect(records[0]!.Count).toBeLessThanOrEqual(overrides.length);
      for (const row of overrides)
        expect(row).toMatchObject({ Severity: 'High', Reason: 'seen twice', ChangedBy: expect.stringMatching(/\S/) });
      if (code === 0) expect([overrides.length, records[0]!.Count]).toEqual([1, 1]);
      const rule = ((await call('rules')) as { RuleName: string; Severity: string }[]).find(
        ({ RuleName }) => RuleName === 'password-spray-from-one-address',
      )!;
      expect(rule.Severity).toBe(overrides.length === 1 ? 'High' : 'Medium');
      expect(comparable(await call('findings'), { revisions: true })).toEqual(expected);
      return overrides.length === 1 ? 'set' : 'not set';
    }),
  );
});

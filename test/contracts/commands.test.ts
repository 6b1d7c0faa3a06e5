import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportError } from '../../src/cli/errors.ts';
import { memoryIo } from '../../src/cli/io.ts';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { callIn, cli } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-contract-commands-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(cwd, name), text);
  return join(cwd, name);
};

describe('where a setting comes from: flag, environment, file, default', () => {
  const file = (name: string) =>
    `version: 1\ndefault_target: ${name}\ntargets:\n  ${name}: { kind: embedded }\n  other: { kind: embedded }\n`;
  const told = async (env: Readonly<Record<string, string>>, ...argv: readonly string[]) => {
    const { code, out, err } = await cli({ cwd, env }, 'status', '--json', ...argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { target, dataDir } = JSON.parse(out) as { target: string; dataDir: string };
    return [target, dataDir];
  };
  const dir = (name: string) => join(cwd, name);

  test('nothing is set', async () => {
    expect(await told({})).toEqual(['local', dir('.factorwatch')]);
  });

  test('each stands over the next', async () => {
    write('env.yaml', file('by-env'));
    write('flag.yaml', file('by-flag'));
    expect(await told({ FACTORWATCH_DATA_DIR: 'e' })).toEqual(['local', dir('e')]);
    expect(await told({ FACTORWATCH_DATA_DIR: 'e' }, '--data-dir', 'f')).toEqual(['local', dir('f')]);
    expect(await told({ FACTORWATCH_CONFIG: 'env.yaml' })).toEqual(['by-env', dir('.factorwatch')]);
    expect(await told({ FACTORWATCH_CONFIG: 'env.yaml' }, '--config', 'flag.yaml')).toEqual(['by-flag', dir('.factorwatch')]);
    expect(await told({ FACTORWATCH_CONFIG: 'env.yaml', FACTORWATCH_TARGET: 'other' })).toEqual(['other', dir('.factorwatch')]);
    expect(await told({ FACTORWATCH_CONFIG: 'env.yaml', FACTORWATCH_TARGET: 'other' }, '--target', 'by-env')).toEqual([
      'by-env',
      dir('.factorwatch'),
    ]);
    // The file of the working directory is the last before the defaults.
    write('factorwatch.yaml', file('by-file'));
    expect(await told({})).toEqual(['by-file', dir('.factorwatch')]);
    expect(await told({ FACTORWATCH_CONFIG: 'env.yaml' })).toEqual(['by-env', dir('.factorwatch')]);
    rmSync(join(cwd, 'factorwatch.yaml'));
  });
});

describe('exit codes', () => {
  test('1: what nobody foresaw, as JSON too', () => {
    const io = memoryIo();
    const { signal } = new AbortController();
    expect(reportError(new TypeError('x is not a function'), { io, json: true, signal })).toBe(1);
    expect(JSON.parse(io.stdout())).toEqual({ error: { code: 'unexpected', message: 'x is not a function' } });
  });

  test('5: a case of a rule that does not hold, and 78: a rule that is none', async () => {
    const project = join(cwd, 'project');
    const name = 'password-spray-from-one-address.yaml';
    for (const folder of ['rules', 'test/rules']) {
      mkdirSync(join(project, folder), { recursive: true });
      copyFileSync(join(ROOT, folder, name), join(project, folder, name));
    }
    expect(await cli(project, 'test')).toMatchObject({ code: 0 });
    const cases = readFileSync(join(ROOT, 'test/rules', name), 'utf8');
    writeFileSync(join(project, 'test/rules', name), cases.replace('Accounts: 10', 'Accounts: 11'));
    const failed = await cli(project, 'test', '--json');
    expect(failed.code).toBe(5);
    expect(JSON.parse(failed.out)).toMatchObject({ passed: 0, failed: 1 });
    writeFileSync(join(project, 'rules', name), 'id: [');
    const { code, out } = await cli(project, 'test', '--json');
    expect([code, (JSON.parse(out) as { error: { where: string } }).error.where]).toEqual([78, expect.stringContaining(name)]);
  });
});

describe('run: what is read', () => {
  const DAY = 86_400_000;
  const NOW = Date.parse('2026-06-10T00:00:00Z');
  let workspace: Workspace;
  let now = NOW;
  const dataDir = join(cwd, 'data');
  const call = (...argv: readonly string[]) => callIn({ dataDir, workspace, clock: () => now }, ...argv, '--json');
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await call(...argv);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${out}${err}`);
    return JSON.parse(out) as unknown;
  };
  const read = async (...argv: readonly string[]) =>
    ((await json('run', ...argv)) as { pipelines: { rowsRead: number; rowsLate: number; watermark: string }[] }).pipelines[0]!;
  const importRows = (name: string, times: readonly string[]) =>
    json(
      'import',
      write(
        `SigninLogs.${name}.ndjson`,
        times
          .map((time, i) => JSON.stringify({ Id: `${name}-${i}`, TimeGenerated: time, _IngestionTime: time, UserId: 'u', ResultType: '0' }))
          .join('\n'),
      ),
    );
  beforeAll(async () => {
    mkdirSync(dataDir);
    workspace = await openEmbeddedWorkspace({ directory: dataDir, clock: () => ticksFromMs(now) });
  });
  afterAll(() => workspace.close());

  test('the first run begins at --from; --until is exclusive, on the grid or off it; each row is read once', async () => {
    await importRows('a', ['2026-06-01T09:59:59.9999999Z', '2026-06-01T10:00:00Z', '2026-06-01T10:03:07Z', '2026-06-01T10:03:07.0000001Z']);
    expect(await read('--from', '2026-06-01T10:00:00Z', '--until', '2026-06-01T10:03:07Z')).toMatchObject({
      rowsRead: 1,
      watermark: '2026-06-01T10:03:07Z',
    });
    expect(await read('--until', '2026-06-01T10:03:07.0000001Z')).toMatchObject({ rowsRead: 1 });
    expect(await read('--until', '2026-06-01T11:00:00Z')).toMatchObject({ rowsRead: 1 });
    expect(await read('--until', '2026-06-01T11:00:00Z')).toMatchObject({ rowsRead: 0 });
  });

  test('an --until before the checkpoint is nothing to do, a --from before it is refused', async () => {
    expect(await read('--until', '2026-05-01T00:00:00Z')).toMatchObject({ rowsRead: 0, watermark: '2026-06-01T11:00:00Z' });
    expect(await call('run', '--from', '2026-06-01T10:59:59Z')).toMatchObject({ code: 64 });
  });

  test('a row that comes after the checkpoint with an earlier ingestion time is read once, as late', async () => {
    await importRows('b', ['2026-06-01T10:30:00Z']);
    expect(await read('--until', '2026-06-01T12:00:00Z')).toMatchObject({ rowsRead: 1, rowsLate: 1 });
    expect(await read('--until', '2026-06-01T13:00:00Z')).toMatchObject({ rowsRead: 0, rowsLate: 0 });
  });

  test('an override holds until it expires: for rules list and FactorRules()', async () => {
    const inForce = async () => {
      const [row] = (await json('query', 'FactorRules() | where RuleId == "D3-mfa-fatigue" | project Enabled')) as { Enabled: boolean }[];
      const listed = ((await json('rules')) as { RuleId: string; Enabled: boolean }[]).find(({ RuleId }) => RuleId === 'D3-mfa-fatigue');
      return { stored: row?.Enabled, listed: listed?.Enabled };
    };
    expect(await inForce()).toEqual({ stored: true, listed: true });
    await json('rules', 'disable', 'D3-mfa-fatigue', '--until', new Date(now + DAY).toISOString(), '--reason', 'penetration test');
    expect(await inForce()).toEqual({ stored: false, listed: false });
    now += DAY;
    expect(await inForce()).toEqual({ stored: true, listed: true });
  });
});

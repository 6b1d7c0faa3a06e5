import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli as cliIn } from '../support/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-cli-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const cli = (...argv: readonly string[]) => cliIn(cwd, ...argv);

describe('the command line', () => {
  it('lists every command in its help', async () => {
    const { code, out } = await cli('--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: factorwatch');
    expect(out).toMatch(/^ {2}query /m);
  });

  it('takes help for --help, of a command too', async () => {
    expect((await cli('help')).out).toBe((await cli('--help')).out);
    expect(await cli('help', 'run')).toEqual(await cli('run', '--help'));
    expect(await cli('help', 'rnu')).toMatchObject({ code: 64, err: expect.stringContaining("unknown command 'rnu'") });
  });

  it.each(['--data-dir', '--config', '--target'])(
    'refuses an empty %s: a variable that is not set would mean another place',
    async (flag) => {
      const { code, err } = await cli('status', flag, '');
      expect(code).toBe(64);
      expect(err).toContain(`${flag} is empty`);
    },
  );

  it('refuses an unknown flag, and says which was meant', async () => {
    const { code, err } = await cli('query', 'print 1', '--timspan', 'P1D');
    expect(code).toBe(64);
    expect(err).toContain("unknown option '--timspan'");
    expect(err).toContain('--timespan');
  });

  it('refuses an unknown command, and says which was meant', async () => {
    const { code, err } = await cli('qurey', 'print 1');
    expect(code).toBe(64);
    expect(err).toContain("unknown command 'qurey'");
    expect(err).toContain('Did you mean query?');
  });

  it('gives a usage error as JSON where --json is asked for', async () => {
    const { code, out } = await cli('query', 'print 1', '--jsno', '--json');
    expect(code).toBe(64);
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    expect(error.code).toBe('usage');
    expect(error.message).toContain("unknown option '--jsno'");
  });

  it('says what an argument may be, in words of its help', async () => {
    const { code, err } = await cli('allow', 'frob');
    expect(code).toBe(64);
    expect(err).toContain("ACTION cannot be 'frob'. Allowed choices are list, test.");
  });

  it.each([
    ['simulate', '--users', '2', '--days', '1', '--out', 'file/below'],
    ['export', 'rules', '--out', 'file'],
    ['infra', '--out', 'file/below'],
  ])('%s: ends with 66 and what to do where a file is in the way of a directory', async (...argv) => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, err } = await cli(...argv);
    expect(code).toBe(66);
    expect(err).toMatch(/cannot be used: .*\(E\w+\)\n.*move what is in the way/);
  });

  it('takes a -- as the end of options: --json after it is an argument', async () => {
    const { code, out } = await cli('query', '--', '--json', '--too-many');
    expect(code).toBe(64);
    expect(out).toBe('');
  });

  it('ends with 64 where no command is given', async () => {
    expect((await cli()).code).toBe(64);
    expect((await cli('--json')).code).toBe(64);
  });

  it('names the target that does not exist', async () => {
    const { code, out } = await cli('query', 'print 1', '--target', 'prd', '--json');
    expect(code).toBe(64);
    expect((JSON.parse(out) as { error: { message: string } }).error.message).toContain('unknown target "prd"');
  });

  it('ends with 66 where the configuration that was named is missing, and names it once', async () => {
    const { code, err } = await cli('query', 'print 1', '--config', 'absent.yaml');
    expect(code).toBe(66);
    expect(err).toContain('there is no such file');
    expect(err.match(/absent\.yaml/g)).toHaveLength(1);
  });

  it('takes a choice in any case', async () => {
    expect(await cli('findings', '--severity', 'medium', '--json')).toMatchObject({ code: 0, out: '[]\n' });
    const { code, err } = await cli('findings', '--severity', 'middling');
    expect(code).toBe(64);
    expect(err).toContain('Allowed choices are Low, Medium, High');
  });

  it('sends the reader to the help of the command they typed', async () => {
    expect((await cli('import')).err).toContain('See factorwatch import --help.');
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removeServeFile, writeServeFile } from '../../src/server/serve-file.ts';

describe('serve.json', () => {
  const directory = mkdtempSync(join(tmpdir(), 'factorwatch-serve-'));
  const path = join(directory, 'serve.json');
  const mine = { address: 'http://127.0.0.1:1', token: 'a', pid: 1 };
  afterEach(() => rmSync(path, { force: true }));

  it('is for its owner alone, and replaces what was left', async () => {
    writeFileSync(path, 'left by a server that was killed', { mode: 0o644 });
    await writeServeFile(path, mine);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(mine);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is removed by the server that wrote it and by no other', async () => {
    await writeServeFile(path, { ...mine, token: 'b' });
    await removeServeFile(path, mine);
    expect(readFileSync(path, 'utf8')).toContain('"b"');
    await removeServeFile(path, { ...mine, token: 'b' });
    expect(() => statSync(path)).toThrow('ENOENT');
    await removeServeFile(path, mine);
  });
});

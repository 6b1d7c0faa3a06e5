import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { queryRows } from '../../src/pipeline/query-rows.ts';
import { SIMULATED_TABLES } from '../../src/simulate/simulate.ts';
import { writeTenant } from '../../src/simulate/write-tenant.ts';
import { EmbeddedWorkspace } from '../../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../../src/workspace/embedded/import/import-paths.ts';
import { inputFiles } from '../../src/workspace/embedded/import/input-files.ts';
import { runAll } from './support.ts';

const TENANT = { users: 40, days: 9, seed: 6, tenant: 'university' } as const;
const directories: string[] = [];
function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
  directories.push(directory);
  return directory;
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe('writeTenant', () => {
  it('writes one NDJSON file a table and the labels, row for row what simulate gives', async () => {
    const directory = join(scratch(), 'a', 'b');
    const written = await writeTenant(TENANT, directory);
    const run = runAll(TENANT);
    expect(readdirSync(directory).sort()).toEqual([...SIMULATED_TABLES.map((table) => `${table}.ndjson`), 'labels.json'].sort());
    for (const table of SIMULATED_TABLES) {
      const text = readFileSync(join(directory, `${table}.ndjson`), 'utf8');
      const expected = (run.rows.get(table) ?? []).map((row) => `${JSON.stringify(row)}\n`).join('');
      expect(text === expected, table).toBe(true);
      expect(written.byTable[table]).toBe(run.rows.get(table)?.length ?? 0);
    }
    expect(JSON.parse(readFileSync(join(directory, 'labels.json'), 'utf8'))).toEqual(run.labels);
  });

  it('gzips to the same bytes inside, and reports progress', async () => {
    const [plain, packed] = [scratch(), scratch()];
    let seen = 0;
    await writeTenant(TENANT, plain);
    const written = await writeTenant(TENANT, packed, {
      gzip: true,
      onProgress: (rows) => {
        seen = rows;
      },
    });
    expect(seen).toBe(written.rows);
    for (const table of SIMULATED_TABLES)
      expect(gunzipSync(readFileSync(join(packed, `${table}.ndjson.gz`))).equals(readFileSync(join(plain, `${table}.ndjson`))), table).toBe(
        true,
      );
  });

  it('writes chosen columns alone, with Id and arrival', async () => {
    const directory = scratch();
    await writeTenant(TENANT, directory, { columns: { SigninLogs: ['TimeGenerated', 'UserId', 'NoSuchColumn'] } });
    const first = JSON.parse(readFileSync(join(directory, 'SigninLogs.ndjson'), 'utf8').split('\n')[0]!) as object;
    expect(Object.keys(first)).toEqual(['TimeGenerated', 'UserId', 'Id', '_IngestionTime']);
  });

  it('writes Parquet with the same rows, which an import reads', { timeout: 60_000 }, async () => {
    const [plain, packed] = [scratch(), scratch()];
    await writeTenant({ ...TENANT, users: 12, days: 3 }, plain);
    await writeTenant({ ...TENANT, users: 12, days: 3 }, packed, { format: 'parquet' });
    const kept = SIMULATED_TABLES.flatMap((table) => [`${table}.001.parquet`]).filter((name) => existsSync(join(packed, name)));
    expect(readdirSync(packed).sort()).toEqual([...kept, 'labels.json'].sort());
    const rowsOf = async (directory: string) => {
      const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => 0n });
      try {
        await importPaths(workspace, [directory], { rejectedDir: join(scratch(), 'rejected') });
        const rows: string[] = [];
        for (const table of ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'IdentityInfo']) {
          const kql = `${table} | project Arrived = ingestion_time(), Whole = tostring(pack_all())`;
          for (const row of await queryRows(workspace, { kql })) rows.push(`${table} ${row.cell('Arrived')} ${row.text('Whole')}`);
        }
        return rows.sort();
      } finally {
        await workspace.close();
      }
    };
    const expected = await rowsOf(plain);
    expect(expected.length).toBeGreaterThan(100);
    expect(await rowsOf(packed)).toEqual(expected);
  });

  it('leaves nothing of an earlier tenant', async () => {
    const directory = scratch();
    await writeTenant(TENANT, directory);
    await writeTenant({ ...TENANT, days: 2 }, directory, { format: 'parquet', columns: { SigninLogs: ['UserId'] } });
    expect(readdirSync(directory).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
  });

  it.each(['SigninLogs.ndjson', 'SigninLogs.parquet', 'auditlogs.csv'])(
    'refuses a folder with logs of another origin: %s',
    async (name) => {
      const own = scratch();
      writeFileSync(join(own, name), 'mine');
      await expect(writeTenant({ ...TENANT, days: 1 }, own)).rejects.toMatchObject({
        code: 'not-a-tenant',
        exitCode: 64,
        message: expect.stringContaining(name) as string,
      });
      expect(readdirSync(own)).toEqual([name]);
      expect(readFileSync(join(own, name), 'utf8')).toBe('mine');
    },
  );

  it.each(['ndjson', 'parquet'] as const)('what a kill leaves is read by no import and goes with the next: %s', async (format) => {
    const [directory, killed] = [scratch(), scratch()];
    let copied = false;
    await writeTenant(TENANT, directory, {
      format,
      onProgress: () => {
        if (copied || readdirSync(directory).length === 0) return;
        copied = true;
        cpSync(directory, killed, { recursive: true });
      },
    });
    expect(readdirSync(killed).length).toBeGreaterThan(0);
    expect((await inputFiles([killed], [])).files).toEqual([]);
    await writeTenant(TENANT, killed, { format });
    expect(readdirSync(killed)).toEqual(readdirSync(directory));
  });

  it('removes what a killed simulation left, and nothing that is only called like it', async () => {
    const directory = scratch();
    await writeTenant({ ...TENANT, days: 1 }, directory);
    const left = ['SigninLogs.ndjson.part', '.SigninLogs.0.lines'];
    const own = ['SigninLogs.mine.part', 'SigninLogs.notes.lines'];
    for (const name of [...left, ...own]) writeFileSync(join(directory, name), 'x');
    await writeTenant({ ...TENANT, days: 1 }, directory);
    expect(left.filter((name) => existsSync(join(directory, name)))).toEqual([]);
    expect(own.filter((name) => existsSync(join(directory, name)))).toEqual(own);
  });

  it('a tenant whose files were being put in place when it was killed is written again', async () => {
    const [whole, killed] = [scratch(), scratch()];
    await writeTenant(TENANT, whole);
    cpSync(whole, killed, { recursive: true });
    renameSync(join(killed, 'labels.json'), join(killed, 'labels.json.part'));
    renameSync(join(killed, 'SigninLogs.ndjson'), join(killed, 'SigninLogs.ndjson.part'));
    await writeTenant(TENANT, killed);
    expect(readdirSync(killed)).toEqual(readdirSync(whole));
  });

  it.each(['ndjson', 'parquet'] as const)('leaves no file cut off when it is stopped: %s', async (format) => {
    const directory = scratch();
    writeFileSync(join(directory, 'notes.txt'), "somebody else's");
    const controller = new AbortController();
    const stopped = writeTenant(TENANT, directory, { format, signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });

  it('leaves an earlier tenant whole when it is stopped', async () => {
    const directory = scratch();
    await writeTenant(TENANT, directory);
    const filesOf = () => readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]);
    const before = filesOf();
    const controller = new AbortController();
    const stopped = writeTenant({ ...TENANT, seed: 7 }, directory, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow();
    expect(filesOf()).toEqual(before);
  });

  it('says no where a file is in the way', async () => {
    const file = join(scratch(), 'taken');
    writeFileSync(file, '');
    await expect(writeTenant(TENANT, join(file, 'inside'))).rejects.toThrow();
  });
});

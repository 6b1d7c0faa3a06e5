import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { KqlType } from '../src/core/kql-types.ts';
import { LOG_ANALYTICS_TABLES } from '../src/schema/log-analytics-tables.ts';
import { EmbeddedWorkspace } from '../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../src/workspace/embedded/import/import-paths.ts';

const ROWS = 40_000;
const RUNS = 3;

/** Import of NDJSON against DuckDB's bare read_json of the same file into a table of the same columns, taken in turns. */
export async function benchImport({ rows = ROWS, runs = RUNS } = {}): Promise<{ readonly ratio: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-bench-'));
  try {
    const file = join(folder, 'SigninLogs.ndjson');
    await writeSignIns(file, rows);
    const bare: number[] = [];
    const ours: number[] = [];
    for (let run = 0; run < runs; run++) {
      bare.push(await timeBare(file, join(folder, `bare${run}.duckdb`)));
      ours.push(await timeImport(file, join(folder, `ours${run}`), rows));
    }
    const best = { bare: Math.min(...bare), ours: Math.min(...ours) };
    const ratio = best.bare / best.ours;
    const line = (name: string, seconds: number) =>
      `${name.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s ${Math.round(rows / seconds)
        .toLocaleString('en')
        .padStart(10)} rows/s`;
    console.log(`import: ${rows} sign-ins, ${(statSync(file).size / 1e6).toFixed(0)} MB of NDJSON, best of ${runs}`);
    console.log(line('bare read_json, nothing checked', best.bare));
    console.log(line('import', best.ours));
    console.log(`import / bare: ${ratio.toFixed(2)} (goal 0.4), peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
    return { ratio };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const BARE_TYPES: Readonly<Record<KqlType, string>> = {
  string: 'VARCHAR',
  dynamic: 'JSON',
  datetime: 'TIMESTAMP_NS',
  timespan: 'BIGINT',
  long: 'BIGINT',
  int: 'INTEGER',
  real: 'DOUBLE',
  bool: 'BOOLEAN',
  decimal: 'DECIMAL',
  guid: 'VARCHAR',
};

async function timeBare(file: string, database: string): Promise<number> {
  const columns = LOG_ANALYTICS_TABLES.get('SigninLogs')!.columns;
  const instance = await DuckDBInstance.create(database, { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE t (${columns.map(({ name, type }) => `"${name}" ${BARE_TYPES[type]}`).join(', ')})`);
  const types = columns.map(({ name, type }) => `'${name}': '${BARE_TYPES[type]}'`).join(', ');
  const start = performance.now();
  await connection.run(
    `INSERT INTO t SELECT * FROM read_json('${file}', format = 'newline_delimited', ignore_errors = true, columns = {${types}})`,
  );
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

async function timeImport(file: string, folder: string, rows: number): Promise<number> {
  const workspace = await EmbeddedWorkspace.open({ path: join(folder, 'workspace.duckdb'), clock: () => 638_000_000_000_000_000n });
  const start = performance.now();
  const result = await importPaths(workspace, [file], { rejectedDir: join(folder, 'rejected') });
  const seconds = (performance.now() - start) / 1000;
  await workspace.close();
  if (result.rows !== rows) throw new Error(`${result.rows} rows came in, not ${rows}`);
  return seconds;
}

/** Sign-ins of about 4 kB, most columns filled, dynamic columns as objects. */
async function writeSignIns(file: string, rows: number): Promise<void> {
  const policies = Array.from({ length: 6 }, (_, i) => ({
    id: `8872f6fb-da88-4b63-bcc7-17247669596${i}`,
    displayName: `Policy ${i} for all users and cloud apps`,
    enforcedGrantControls: ['Mfa'],
    enforcedSessionControls: [],
    result: 'notApplied',
    conditionsSatisfied: 0,
    conditionsNotSatisfied: 1,
  }));
  const out = createWriteStream(file);
  let batch = '';
  for (let i = 0; i < rows; i++) {
    const time = new Date(1.7e12 + i * 900).toISOString().replace('Z', '4567Z');
    const guid = (n: number) =>
      `${(n * 2654435761 + i * 40503).toString(16).padStart(8, '0').slice(-8)}-aaaa-4bbb-8ccc-${String(i).padStart(12, '0')}`;
    const row: Record<string, unknown> = {};
    for (const { name, type } of LOG_ANALYTICS_TABLES.get('SigninLogs')!.columns) {
      if (type === 'string' && name !== 'Type') row[name] = i % 3 === 0 && /Policy|Token|Federated/.test(name) ? '' : `${name} ${i % 17}`;
      else if (type === 'datetime') row[name] = time;
      else if (type === 'long') row[name] = i % 1000;
      else if (type === 'bool') row[name] = i % 2 === 0;
    }
    Object.assign(row, {
      Type: 'SigninLogs',
      Id: guid(1),
      CorrelationId: guid(2),
      SessionId: guid(3),
      UniqueTokenIdentifier: guid(4),
      UserId: guid(i % 5000),
      UserPrincipalName: `user${i % 5000}@contoso.com`,
      IPAddress: `203.0.${i % 113}.${(i * 7) % 251}`,
      UserAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
      ConditionalAccessPolicies: policies,
      DeviceDetail: {
        deviceId: guid(i % 6000),
        operatingSystem: 'Windows 10',
        browser: 'Chrome 128',
        isCompliant: true,
        trustType: 'Azure AD joined',
      },
      LocationDetails: {
        city: `City${i % 90}`,
        state: 'State',
        countryOrRegion: 'DE',
        geoCoordinates: { latitude: 52.5 + (i % 7), longitude: 13.4 },
      },
      Status: { errorCode: 0, additionalDetails: 'MFA requirement satisfied by claim in the token' },
    });
    batch += `${JSON.stringify(row)}\n`;
    if (batch.length > 1 << 20) {
      if (!out.write(batch)) await once(out, 'drain');
      batch = '';
    }
  }
  out.end(batch);
  await finished(out);
}

import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PlainRow } from './plain-engine.ts';
import { processorMs } from './processor-time.ts';

const MEMORY = '4GB';

/** Sums of 0 and 1 instead of FILTER, with which DuckDB's windows take quadratic time. */
const flags = `CAST(result = '0' AS INTEGER) AS ok, CAST(result = '50126' AS INTEGER) AS failed, CAST(result = '500121' AS INTEGER) AS refused, 1 AS any_row`;
/** How many rows like this one, with the flag, came before it. */
const before = (columns: string, flag = 'ok') =>
  `coalesce(sum(${flag}) OVER (PARTITION BY ${columns} ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)`;
/** The same within the last milliseconds. */
const within = (flag: string, columns: string, ms: number) =>
  `sum(${flag}) OVER (PARTITION BY ${columns} ORDER BY t RANGE BETWEEN ${ms} PRECEDING AND CURRENT ROW)`;
const HOUR = 3_600_000;

/** Whether this user had not failed there in the time before: counting those counts users without DISTINCT, which windows are slow at. */
const isFirst = (columns: string, ms: number) =>
  `CASE WHEN failed = 1 AND t - coalesce(lag(t) OVER (PARTITION BY ${columns}, failed ORDER BY t), 0) > ${ms} THEN 1 ELSE 0 END`;
const firsts: Readonly<Record<string, string>> = {
  first_here: isFirst('ip, usr', HOUR),
  first_range: isFirst('usr, prefix', 24 * HOUR),
  first_group: isFirst('asn, client, usr', 24 * HOUR),
};

/** What the sign-in parts of the detectors look at, as windows over the whole history: columns, and their sum as a score. */
const features: Readonly<Record<string, string>> = {
  signins: before('usr'),
  own_country: before('usr, country'),
  own_asn: before('usr, asn'),
  own_prefix: before('usr, prefix'),
  own_device: before('usr, device'),
  own_client: before('usr, client'),
  all_country: before('country'),
  all_asn: before('asn'),
  all_prefix: before('prefix'),
  all_client: before('client'),
  first_seen: `min(t) OVER (PARTITION BY usr ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`,
  last_seen: `lag(t) OVER (PARTITION BY usr ORDER BY t)`,
  last_lat: `lag(lat) OVER (PARTITION BY usr ORDER BY t)`,
  last_lon: `lag(lon) OVER (PARTITION BY usr ORDER BY t)`,
  prompts: within('refused', 'usr', HOUR / 6),
  source_fails: within('failed', 'ip', HOUR),
  source_users: within('first_here', 'ip', HOUR),
  source_all: within('any_row', 'ip', HOUR),
  tried_ranges: within('first_range', 'usr', 24 * HOUR),
  group_fails: within('first_group', 'asn, client', 24 * HOUR),
  tenant_fails: within('failed', '1', HOUR),
  session_seen: before('usr, session', 'any_row'),
  ip_rows: before('ip'),
  prefix_rows: before('prefix, usr'),
  device_rows: before('device'),
};

const ratio = (own: string, all: string) => `ln((${all} + 0.5) / (signins + 20)) - ln((${own} + 0.5) / (signins + 20))`;
const score = `
  greatest(${ratio('own_country', 'all_country')}, ${ratio('own_asn', 'all_asn')}, ${ratio('own_prefix', 'all_prefix')})
  + ${ratio('own_device', 'device_rows')} + ${ratio('own_client', 'all_client')}
  + CASE WHEN 111 * sqrt((lat - last_lat) ** 2 + (lon - last_lon) ** 2) > 900 * greatest(t - last_seen, 60000) / ${HOUR} THEN 4 ELSE 0 END
  + CASE WHEN prompts >= 3 THEN 3 ELSE 0 END
  + CASE WHEN source_users >= 10 AND source_fails > 0.7 * source_all THEN 3 ELSE 0 END
  + CASE WHEN tried_ranges >= 4 OR group_fails >= 20 THEN 1.5 ELSE 0 END
  + CASE WHEN tenant_fails > 100000 THEN 0.7 ELSE 0 END
  + CASE WHEN session_seen = 0 AND t - first_seen > ${24 * HOUR} THEN 0.4 ELSE 0 END
  - CASE WHEN ip_rows > 100 OR prefix_rows > 3 THEN 1 ELSE 0 END`;

/** Milliseconds of processor time that DuckDB takes on one thread, from rows that lie in a table of its own (loading is not timed) to the number of high scores. */
export async function timeDuckDbWindows(batches: Iterable<readonly PlainRow[]>): Promise<{ readonly ms: number; readonly rows: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-bench-'));
  try {
    const file = join(folder, 'rows.csv');
    const out = createWriteStream(file);
    for (const rows of batches) {
      const lines = rows.map((row) =>
        [
          row.time,
          row.user,
          row.ip,
          row.ip.slice(0, row.ip.lastIndexOf('.')),
          row.country,
          row.asn,
          row.device || 'none',
          row.client,
          row.result,
          row.session,
          row.latitude,
          row.longitude,
        ].join(','),
      );
      if (!out.write(`${lines.join('\n')}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
    }
    out.end();
    await finished(out);
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: MEMORY, temp_directory: folder });
    const connection = await instance.connect();
    const text = (names: readonly string[]) => names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
    await connection.run(`CREATE TABLE rows AS SELECT * FROM read_csv('${file}', header = false, columns = {'t': 'BIGINT',
      ${text(['usr', 'ip', 'prefix', 'country', 'asn', 'device', 'client', 'result', 'session'])}, 'lat': 'DOUBLE', 'lon': 'DOUBLE'})`);
    const list = (columns: Readonly<Record<string, string>>) =>
      Object.entries(columns)
        .map(([name, sql]) => `${sql} AS ${name}`)
        .join(', ');
    const start = processorMs();
    const answer = await connection.runAndReadAll(
      `WITH flagged AS (SELECT *, ${flags} FROM rows), failures AS (SELECT *, ${list(firsts)} FROM flagged), featured AS (SELECT *, ${list(features)} FROM failures) SELECT count(*) AS n, count(*) FILTER (WHERE ${score} >= 2) AS risky FROM featured`,
    );
    const ms = processorMs() - start;
    const rows = Number(answer.getRowsJS()[0]![0]);
    connection.closeSync();
    instance.closeSync();
    return { ms, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

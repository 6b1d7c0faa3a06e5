import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import { ticksFromIso } from '../src/core/ticks.ts';
import { type KqlCatalog, translate } from '../src/kql/translate.ts';
import type { StoredTable } from '../src/workspace/embedded/catalogue.ts';
import { EmbeddedWorkspace } from '../src/workspace/embedded/embedded-workspace.ts';
import { QueryConnections } from '../src/workspace/embedded/query/connections.ts';
import { kqlCatalog } from '../src/workspace/embedded/query/kql-catalog.ts';
import { columnSql, HIDDEN_COLUMNS, tableSql } from '../src/workspace/embedded/storage-types.ts';
import { EMPTY_WORKSPACE_ID } from '../src/workspace/workspace-id.ts';
import { PAIRS, TYPICAL_QUERIES } from './kql-queries.ts';
import { benchAnswers } from './kql-stream.ts';

const NOW = ticksFromIso('2026-04-01T00:00:00Z')!;
const DAY = 864_000_000_000n;

export interface KqlBenchOptions {
  readonly rows?: number;
  readonly pairs?: number;
}

/** First query of a process, translation of typical queries, our SQL against SQL by hand over generated sign-ins, and large answers. */
export async function benchKql({ rows = 5_000_000, pairs = 7 }: KqlBenchOptions = {}): Promise<void> {
  line('first query of a process (goal 1300 ms)', firstQuery());
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-bench-'));
  try {
    const workspace = await EmbeddedWorkspace.open({ path: join(folder, 'workspace.duckdb'), clock: () => NOW });
    try {
      const catalog = kqlCatalog(workspace.store.catalogue, new Map(), EMPTY_WORKSPACE_ID);
      translations(catalog);
      const table = workspace.store.catalogue.tables.get('SigninLogs')!;
      const connection = await new QueryConnections(workspace.store).take();
      line(`${rows} sign-ins generated`, await timed(() => connection.run(generator(table, rows))));
      await against(connection, catalog, table, pairs);
    } finally {
      await workspace.close();
    }
    await benchAnswers(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function line(what: string, ms: number): void {
  process.stdout.write(`${what.padEnd(46)} ${ms.toFixed(1).padStart(8)} ms\n`);
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[], share = 0.5): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!;
}

/** From the start of a process to its first translated query, the parser's package included: median of five. */
function firstQuery(): number {
  const program = new URL('../dist/kql/translate.js', import.meta.url);
  const script = `import(${JSON.stringify(program.href)}).then(({ translate }) => translate('print x = 1 | where x == 1', { tables: new Map(), functions: new Map() }, { now: 0n }))`;
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`run \`npm run build\` first (${fileURLToPath(program)}): ${stderr}`);
    return performance.now() - start;
  });
  return median(runs);
}

function translations(catalog: KqlCatalog): void {
  const round = () =>
    TYPICAL_QUERIES.map((kql) => {
      const start = performance.now();
      translate(kql, catalog, { now: NOW });
      return performance.now() - start;
    });
  const cold = round();
  const again = [round(), round(), round()].flat();
  for (let warming = 0; warming < 10; warming++) round();
  const warm = [round(), round(), round()].flat();
  line(`translation of ${TYPICAL_QUERIES.length} queries, first time, median`, median(cold));
  line('  second to fourth time, median (goal 5 ms)', median(again));
  line('  second to fourth time, 95th percentile', median(again, 0.95));
  // A service that runs for long is compiled through by then: 3.2 ms where the fourth time took 5.9.
  line('  fifteenth to seventeenth time, median', median(warm));
}

/** Sign-ins of 90 days in order, from a skewed population; what is not named here keeps its default. */
function generator(table: StoredTable, rows: number): string {
  const step = (90n * DAY) / BigInt(rows);
  const noise = (salt: number, size: number) => `(hash(i * 31 + ${salt}) % ${size})`;
  const user = `least(${noise(1, 50_000)}, ${noise(2, 50_000)})`;
  const values: Readonly<Record<string, string>> = {
    TimeGenerated: `${NOW - 90n * DAY} + i * ${step}`,
    UserPrincipalName: `'user' || ${user} || '@contoso.example'`,
    UserId: `'id-' || ${user}`,
    IPAddress: `CASE WHEN ${noise(3, 100)} < 3 THEN '203.0.113.' || ${noise(4, 250)} ELSE '20.' || (${user} % 200) || '.' || (${user} % 97) || '.' || ${noise(5, 4)} END`,
    Location: `CASE WHEN ${noise(6, 1000)} < 5 THEN 'C' || ${noise(7, 60)} ELSE 'C' || (${user} % 12) END`,
    ResultType: `CASE WHEN ${noise(8, 100)} < 5 THEN '50126' WHEN ${noise(8, 100)} < 7 THEN '50053' WHEN ${noise(8, 100)} < 10 THEN '50074' ELSE '0' END`,
    AppDisplayName: `'App ' || least(${noise(9, 80)}, ${noise(10, 80)})`,
    UserAgent: `CASE WHEN ${noise(11, 200)} = 0 THEN 'python-requests/2.31' ELSE 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/' || (100 + ${noise(12, 30)}) END`,
    LocationDetails: `CASE WHEN ${noise(13, 50)} = 0 THEN NULL ELSE '{"city":"City' || (${user} % 300) || '","state":"S","countryOrRegion":"C' || (${user} % 12) || '"}' END`,
  };
  const named = Object.entries(values).map(([name, sql]) => [columnSql(table.columns.findIndex((c) => c.name === name)), sql] as const);
  const columns = [HIDDEN_COLUMNS.ingestion, HIDDEN_COLUMNS.arrival, HIDDEN_COLUMNS.hash, ...named.map(([id]) => id)];
  const items = [`${NOW}`, '1', 'hash(i)', ...named.map(([, sql]) => sql)];
  return `INSERT INTO main.${tableSql(table.id)} (${columns.join(', ')}) SELECT ${items.join(', ')} FROM range(${rows}) AS r(i)`;
}

async function against(connection: DuckDBConnection, catalog: KqlCatalog, table: StoredTable, pairs: number): Promise<void> {
  const physical = new Map(table.columns.map((c, i) => [c.name, columnSql(i)]));
  const ratios: number[] = [];
  for (const { name, kql, sql } of PAIRS) {
    const ours = translate(kql, catalog, { now: NOW }).sql;
    const hand = sql((days) => `${NOW - BigInt(days) * DAY}`)
      .replace(/\{(\w+)\}/g, (all, column) => physical.get(column) ?? all)
      .replace(/\bFROM t\b/g, `FROM main.${tableSql(table.id)}`);
    const ask = async (text: string) => {
      const bound = text.includes('$__now') ? { values: { __now: NOW }, types: { __now: BIGINT } } : undefined;
      return (await connection.runAndReadAll(text, bound?.values, bound?.types)).getRows();
    };
    const written = async (text: string) =>
      (await ask(text)).map((row) => row.map((v) => (v === null ? 'null' : String(v))).join('\t')).toSorted();
    const [left, right] = [await written(ours), await written(hand)];
    if (left.join('\n') !== right.join('\n')) throw new Error(`${name}: ours and the SQL by hand answer differently`);
    const times = { ours: [] as number[], hand: [] as number[] };
    for (let run = 0; run < pairs; run++) {
      times.ours.push(await timed(() => ask(ours)));
      times.hand.push(await timed(() => ask(hand)));
    }
    const ratio = median(times.ours) / median(times.hand);
    ratios.push(ratio);
    process.stdout.write(
      `${name.padEnd(28)} ours ${median(times.ours).toFixed(1).padStart(8)} ms  by hand ${median(times.hand).toFixed(1).padStart(8)} ms  ratio ${ratio.toFixed(2)}  rows ${left.length}\n`,
    );
  }
  const mean = Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);
  process.stdout.write(`geometric mean ${mean.toFixed(2)} (goal 1.2), largest ${Math.max(...ratios).toFixed(2)} (goal 1.6)\n`);
}

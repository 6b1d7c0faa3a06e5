import { defineCommand } from '../command.ts';
import { wholeNumber } from '../option-values.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'simulate',
  summary: 'write the logs of a made-up tenant with labelled attacks',
  description: `Writes the logs of a synthetic tenant to a directory, one NDJSON file a table, and labels.json: which attacks were planted
when, and which benign events look like one. The same options give the same rows. The population is made of assumptions, not of
measurements: see the file of them in src/simulate. --format parquet is for large tenants: files of at most 500,000 rows each,
with the columns alone that the queries of Factorwatch read (--columns all for the others too).`,
  examples: [
    'factorwatch simulate --users 200 --days 14 --seed 7 --out tenant',
    'factorwatch simulate --tenant university --out uni --gzip',
    'factorwatch simulate --users 20000 --days 35 --format parquet --out large',
  ],
  options: {
    users: { value: 'N', about: 'number of users (default 200)', parse: wholeNumber({ least: 1, most: 5_000_000 }) },
    days: { value: 'D', about: 'number of days (default 14)', parse: wholeNumber({ least: 1, most: 400 }) },
    seed: { value: 'S', about: 'seed of all that is random (default 1)', parse: wholeNumber() },
    out: { value: 'DIR', about: 'directory to write to; made where it does not exist' },
    tenant: { value: 'KIND', about: 'habits of its people (default office)', choices: ['office', 'university', 'shifts'] },
    start: { value: 'DAY', about: 'first day (default 2026-09-01)' },
    gzip: { about: 'write .ndjson.gz' },
    format: { value: 'FORMAT', about: 'ndjson (default) or parquet', choices: ['ndjson', 'parquet'] },
    columns: { value: 'WHICH', about: 'all columns, or those that are read (default with parquet)', choices: ['all', 'read'] },
  },
  async run(context, _args, options) {
    if (options.out === undefined) throw usageError('--out DIR is missing', 'factorwatch simulate --out tenant');
    const parquet = options.format === 'parquet';
    if (parquet && options.gzip === true) throw usageError('--gzip is for ndjson: Parquet is packed already', 'leave out --gzip');
    const { resolve } = await import('node:path');
    const { columnsRead } = await import('../simulate/columns-read.ts');
    const { writeTenant } = await import('../../simulate/write-tenant.ts');
    const { counted, grouped } = await import('../../core/counted.ts');
    const { stagedProgress } = await import('../progress.ts');
    const { io, json, clock, signal } = context;
    const stage = stagedProgress(io, { total: 1, json, clock }).stage('simulate');
    const tenant = {
      users: options.users ?? 200,
      days: options.days ?? 14,
      seed: options.seed ?? 1,
      tenant: (options.tenant ?? 'office') as 'office' | 'university' | 'shifts',
      start: options.start,
    };
    const directory = resolve(context.cwd, options.out);
    const written = await writeTenant(tenant, directory, {
      format: parquet ? 'parquet' : 'ndjson',
      gzip: options.gzip === true,
      columns: (options.columns ?? (parquet ? 'read' : 'all')) === 'read' ? columnsRead(context.folder('queries')) : undefined,
      signal,
      onProgress: (rows, arrived) => stage.update(`${arrived.slice(0, 10)}, ${grouped(rows)} rows`),
    });
    const { incidents, decoys } = written.labels;
    stage.done(
      `${counted(written.rows, 'row')}, ${counted(incidents.length, 'attack')}, ${counted(decoys.length, 'benign look-alike')} in ${options.out}`,
    );
    if (json) io.json({ directory, rows: written.rows, byTable: written.byTable, attacks: incidents.length, decoys: decoys.length });
    else io.out(`\n  Next:  factorwatch import ${options.out} && factorwatch run && factorwatch findings`);
    return 0;
  },
});

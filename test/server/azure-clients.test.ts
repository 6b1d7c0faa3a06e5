import { randomUUID } from 'node:crypto';
import { LogsQueryResultStatus } from '@azure/monitor-query';
import { describe, expect, it } from 'vitest';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { EMPTY_DCR_ID } from '../../src/server/options.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';
import { azureClients } from '../support/azure-clients.ts';
import { table } from '../support/memory-workspace.ts';
import { EVERYTHING, failing, start } from './listening.ts';

const MIXED = table(
  ['t:datetime', 'n:long', 'r:real', 's:string', 'b:bool', 'd:dynamic', 'span:timespan', 'dec:decimal', 'g:guid'],
  [
    [
      ticksFromIso('2024-05-01T12:34:56.1234567Z')!,
      42n,
      0.5,
      'x',
      true,
      '{"a":[1,2]}',
      600_000_000n,
      '0.10',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ],
    [null, null, null, '', null, null, null, null, null],
  ],
);

describe('the real @azure/monitor-query client', () => {
  it('reads every type', async () => {
    const { query } = await start(() => MIXED);
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING);
    if (result.status !== LogsQueryResultStatus.Success) throw new Error(result.status);
    const [first, second] = result.tables[0]!.rows;
    expect(result.tables[0]!.columnDescriptors.map(({ type }) => type)).toEqual([
      'datetime',
      'long',
      'real',
      'string',
      'bool',
      'dynamic',
      'timespan',
      'decimal',
      'guid',
    ]);
    expect(first).toEqual([
      new Date('2024-05-01T12:34:56.123Z'),
      42,
      0.5,
      'x',
      true,
      { a: [1, 2] },
      '00:01:00',
      '0.10',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ]);
    // The client makes 1970 of a datetime that is null; the others stay null.
    expect(second?.slice(1)).toEqual([null, null, '', null, null, null, null, null]);
  });

  it('sends gzip, Prefer and a time span, and reads statistics and render', async () => {
    const { query, asked, journal } = await start(() => table(['n:long'], [[1n]], { render: { visualization: 'barchart' } }));
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING, {
      serverTimeoutInSeconds: 9,
      includeQueryStatistics: true,
      includeVisualization: true,
    });
    expect(result).toMatchObject({ status: 'Success', visualization: { visualization: 'barchart' }, statistics: { query: {} } });
    expect(asked[0]).toMatchObject({ kql: 'T', timespan: 'P1D', timeoutMs: 9_000 });
    expect(journal.entries[0]?.headers['accept-encoding']).toContain('gzip');
  });

  it('asks for a resource', async () => {
    const { query } = await start();
    const id = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
    expect(await query.queryResource(id, 'T', EVERYTHING)).toMatchObject({ status: 'Success' });
  });

  it('gets the answers of a batch by its own order, whatever ours', async () => {
    const { query } = await start(
      ({ kql }) => (kql === 'bad' ? Promise.reject(new Error('no')) : table(['q:string'], [[kql]])),
      failing({ on: 'batch', fault: { kind: 'reversed' } }),
    );
    const results = await query.queryBatch(
      ['a', 'bad', 'c'].map((text) => ({ workspaceId: EMPTY_WORKSPACE_ID, query: text, timespan: EVERYTHING })),
    );
    expect(results.map((result) => result.status)).toEqual(['Success', 'Failure', 'Success']);
    expect(results[2]).toMatchObject({ tables: [{ rows: [['c']] }] });
  });

  it('sees a cut answer as a partial failure', async () => {
    const { query } = await start(() => table(['n:long'], [[1n], [2n], [3n]]), { limits: { rows: 2 } });
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING);
    expect(result).toMatchObject({
      status: 'PartialFailure',
      partialTables: [{ rows: [[1], [2]] }],
      partialError: { code: 'PartialError' },
    });
  });

  it('throws the code and message of what is refused', async () => {
    const { address } = await start(undefined, { token: 'right' });
    await expect(azureClients(address, 'wrong').query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING)).rejects.toMatchObject({
      statusCode: 403,
      code: 'InvalidAuthenticationToken',
    });
    await expect(azureClients(address, 'right').query.queryWorkspace(randomUUID(), 'T', EVERYTHING)).rejects.toMatchObject({
      statusCode: 404,
      code: 'PathNotFoundError',
    });
  });
});

describe('the real @azure/monitor-ingestion client', () => {
  it('uploads rows, compressed', async () => {
    const { ingestion, ingested, journal } = await start();
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ EventUid: String(i), EventMessage: 'm'.repeat(1_000) }));
    await ingestion.upload(EMPTY_DCR_ID, 'Custom-FactorFindings_CL', rows);
    expect(
      ingested
        .flatMap((call) => call.rows)
        .map((row) => Number(row['EventUid']))
        .sort((a, b) => a - b),
    ).toEqual(rows.map((_, i) => i));
    expect(journal.entries.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', 'gzip', 'gzip']);
  });

  it.each([
    ['rule', 'dcr-11111111111111111111111111111111', 'Custom-FactorFindings_CL', 404, 'NotFound'],
    ['stream', EMPTY_DCR_ID, 'Custom-Other_CL', 400, 'InvalidStream'],
  ])('is told of an unknown %s', async (_what, rule, stream, statusCode, code) => {
    const { ingestion } = await start();
    await expect(ingestion.upload(rule, stream, [{ EventUid: 'a' }])).rejects.toMatchObject({ errors: [{ cause: { statusCode, code } }] });
  });
});

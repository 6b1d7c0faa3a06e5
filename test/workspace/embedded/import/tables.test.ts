import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, line, openBench, ticks } from '../support.ts';
import { signIn, TIME } from './rows.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe('which table', () => {
  test('--table before everything, Type before the file name, category only of diagnostic records', async () => {
    const audit = { TimeGenerated: TIME, Id: '1', Category: 'SignInLogs', OperationName: 'Update user' };
    await bench.import(bench.file('AuditLogs.ndjson', line(audit)));
    await bench.import(
      bench.file('mixed.ndjson', line({ ...signIn('2'), Type: 'SigninLogs' }) + line({ ...audit, Id: '3', Type: 'AuditLogs' })),
    );
    await bench.import(bench.file('anything.ndjson', line(signIn('4'))), { table: 'aadnoninteractiveusersigninlogs' });
    const diagnostic = { time: TIME, category: 'AuditLogs', properties: { id: '5', category: 'UserManagement' } };
    await bench.import(bench.file('SigninLogs.ndjson', line(diagnostic)));
    // Type is "the name of the table that the record was retrieved from" (Azure Monitor, standard columns).
    expect(
      await bench.rows('union AuditLogs, SigninLogs, AADNonInteractiveUserSignInLogs | sort by Id asc | project Id, Type, Category'),
    ).toEqual([
      ['1', 'AuditLogs', 'SignInLogs'],
      ['2', 'SigninLogs', ''],
      ['3', 'AuditLogs', 'SignInLogs'],
      ['4', 'AADNonInteractiveUserSignInLogs', ''],
      ['5', 'AuditLogs', 'UserManagement'],
    ]);
  });

  test('an unknown --table is refused with a suggestion, a file without a table is skipped', async () => {
    const path = bench.file('export.ndjson', line(signIn('a')));
    await expect(bench.import(path, { table: 'SignInLog' })).rejects.toMatchObject({
      code: 'unknown-table',
      exitCode: 64,
      message: /SigninLogs/,
    });
    await expect(bench.import(path)).rejects.toMatchObject({ code: 'nothing-usable', exitCode: 65, message: /its table cannot be told/ });
    await expect(bench.import(join(bench.folder, 'no.ndjson'))).rejects.toMatchObject({ code: 'input-unreadable', exitCode: 66 });
  });

  test('records of a Type or category that is not there are set aside, the others come in', async () => {
    const rows = [{ ...signIn('a'), Type: 'Heartbeat' }, signIn('b'), { time: TIME, category: 'ProvisioningLogs', properties: {} }];
    expect(await bench.import(bench.file('SigninLogs.ndjson', rows.map(line).join('')))).toMatchObject({ rows: 1, rejected: 2 });
    expect(bench.rejects().map(({ line: at, reason }) => [at, reason])).toEqual([
      [1, 'there is no table for Type "Heartbeat"'],
      [3, 'there is no table for category "ProvisioningLogs"'],
    ]);
  });

  test('a custom table is made from the data: names, types, case', async () => {
    const rows = [
      {
        TimeGenerated: TIME,
        Who: 'a',
        who: 'A',
        Count: 1,
        Share: 1,
        Seen: '2026-01-02T03:04:05Z',
        Bag: { a: 1 },
        Ok: true,
        Big: 2 ** 53,
      },
      { TimeGenerated: TIME, Who: 'b', who: 'B', Count: 2, Share: 2.5, Seen: '2026-01-02', Bag: [1], Ok: null, Big: 1, 'a b': 'x' },
    ];
    const text = rows.map(line).join('').replace('9007199254740992', '9007199254740993');
    expect(await bench.import(bench.file('MyList_CL.ndjson', text))).toMatchObject({ rows: 2, rejected: 0, unknownColumns: {} });
    expect((await bench.workspace.tables()).get('MyList_CL')).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Who', type: 'string' },
      { name: 'who', type: 'string' },
      { name: 'Count', type: 'long' },
      { name: 'Share', type: 'real' },
      { name: 'Seen', type: 'datetime' },
      { name: 'Bag', type: 'dynamic' },
      { name: 'Ok', type: 'bool' },
      { name: 'Big', type: 'long' },
      { name: 'a b', type: 'string' },
    ]);
    expect(await bench.rows("MyList_CL | sort by Count asc | project Who, who, Share, Big, ['a b']")).toEqual([
      ['a', 'A', 1, 9007199254740993n, ''],
      ['b', 'B', 2.5, 1n, 'x'],
    ]);
    // The table is there now: what it does not have is dropped and counted.
    const more = await bench.import(bench.file('MyList_CL.2.ndjson', line({ TimeGenerated: TIME, Who: 'c', New: 1 })));
    expect(more).toMatchObject({ rows: 1, unknownColumns: { New: 1 } });
  });

  test('a custom table from CSV gets types, numbers with leading zeros stay text', async () => {
    await bench.import(bench.file('Hosts_CL.csv', 'Host,Zip,Cores,Load,Up\nx,00123,4,0.5,true\ny,99,8,1,false\n'));
    expect((await bench.workspace.tables()).get('Hosts_CL')?.map((c) => `${c.name}:${c.type}`)).toEqual([
      'TimeGenerated:datetime',
      'Host:string',
      'Zip:string',
      'Cores:long',
      'Load:real',
      'Up:bool',
    ]);
    expect(await bench.rows('Hosts_CL | sort by Host asc | project Zip, Cores, TimeGenerated')).toEqual([
      ['00123', 4n, ticks('2026-05-01T12:00:00Z')],
      ['99', 8n, ticks('2026-05-01T12:00:00Z')],
    ]);
  });
});

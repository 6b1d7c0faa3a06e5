import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KqlType, KqlValue } from '../../src/core/kql-types.ts';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { type KqlCatalog, type KqlTable, translate } from '../../src/kql/translate.ts';
import { ask, openEngine } from './support/engine.ts';

/** Tables as tests need them: a name, columns, and rows in which a time is ISO text and a dynamic any value. */
const TABLES: readonly {
  readonly name: string;
  readonly columns: readonly (readonly [string, KqlType])[];
  readonly rows: readonly (readonly unknown[])[];
}[] = [
  {
    name: 'SigninLogs',
    columns: [
      ['TimeGenerated', 'datetime'],
      ['UserPrincipalName', 'string'],
      ['IPAddress', 'string'],
      ['Location', 'string'],
      ['ResultType', 'string'],
      ['UserAgent', 'string'],
      ['LocationDetails', 'dynamic'],
    ],
    rows: [
      ['2026-11-22T08:00:00Z', 'ann@contoso.example', '10.1.2.3', 'DE', '0', 'Mozilla/5.0 Chrome/120', { city: 'Bonn' }],
      ['2026-11-22T09:00:00Z', 'ann@contoso.example', '203.0.113.9', 'US', '50126', 'python-requests/2.31', { city: 'Reno', state: 'NV' }],
      ['2026-11-22T09:05:00Z', 'ann@contoso.example', '203.0.113.9', 'US', '50053', 'python-requests/2.31', null],
      ['2026-11-22T09:06:00Z', 'bob@contoso.example', '203.0.113.9', 'US', '50126', 'axios/1.6', null],
      ['2026-11-22T10:00:00Z', 'bob@contoso.example', '10.1.2.4', 'DE', '0', 'Mozilla/5.0 Edge/119', { city: 'Ulm' }],
      ['2026-11-10T10:00:00Z', 'eve@contoso.example', '198.51.100.7', 'FR', '0', '', null],
    ],
  },
  {
    name: 'AuditLogs',
    columns: [
      ['TimeGenerated', 'datetime'],
      ['OperationName', 'string'],
      ['Result', 'string'],
      ['TargetResources', 'dynamic'],
      ['InitiatedBy', 'dynamic'],
    ],
    rows: [
      [
        '2026-11-22T09:30:00Z',
        'User registered security info',
        'success',
        [
          { type: 'User', userPrincipalName: 'ann@contoso.example', modifiedProperties: [{ displayName: 'Method', newValue: '"Phone"' }] },
          { type: 'Policy', displayName: 'Registration' },
        ],
        { user: { userPrincipalName: 'ann@contoso.example', ipAddress: '203.0.113.9' } },
      ],
      ['2026-11-22T11:00:00Z', 'Add member to role', 'success', [{ type: 'User', userPrincipalName: 'bob@contoso.example' }], { app: {} }],
    ],
  },
  {
    name: 'Vips',
    columns: [
      ['SearchKey', 'string'],
      ['Team', 'string'],
    ],
    rows: [['ann@contoso.example', 'Board']],
  },
];

let connection: DuckDBConnection;
const SQL: Partial<Record<KqlType, string>> = { datetime: 'BIGINT' };
beforeAll(async () => {
  connection = await openEngine();
  for (const { name, columns, rows } of TABLES) {
    await connection.run(`CREATE TABLE ${name} (${columns.map(([, type], i) => `c${i} ${SQL[type] ?? 'VARCHAR'}`).join(', ')})`);
    for (const row of rows) {
      const values = row.map((value, i): KqlValue => {
        const type = columns[i]?.[1];
        if (type === 'datetime') return ticksFromIso(String(value)) ?? null;
        return type === 'dynamic' && value !== null ? JSON.stringify(value) : (value as KqlValue);
      });
      await connection.run(`INSERT INTO ${name} VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`, values);
    }
  }
});

function table(name: string): KqlTable {
  const columns = TABLES.find((t) => t.name === name)!.columns.map(([column, type]) => ({ name: column, type }));
  return { name, columns, physical: name, physicalColumns: columns.map((_, i) => `c${i}`) };
}
const catalog: KqlCatalog = {
  tables: new Map([table('SigninLogs'), table('AuditLogs')].map((t) => [t.name, t])),
  functions: new Map(),
  watchlists: new Map([['Vips', table('Vips')]]),
};

async function records(kql: string): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await ask(connection, kql, catalog);
  return rows.map((row) => Object.fromEntries(columns.map((c, i) => [c.name, typeof row[i] === 'bigint' ? Number(row[i]) : row[i]])));
}

describe('queries as Sentinel content has them', () => {
  test('a lambda over table(name), in a union of which one table does not exist', async () => {
    const answer = await records(`
      let failures = (tableName:string) {
        table(tableName)
        | where TimeGenerated > ago(1d)
        | where ResultType in (dynamic([50053, 50126]))
        | summarize Tries = count(), Users = dcount(UserPrincipalName) by IPAddress
      };
      union isfuzzy=true failures("SigninLogs"), AADManagedIdentitySignInLogs
      | project IPAddress, Tries, Users`);
    expect(answer).toEqual([{ IPAddress: '203.0.113.9', Tries: 3, Users: 2 }]);
  });

  test('a number against a result type that is text', async () => {
    const answer = await records('SigninLogs | where ResultType == 0 | summarize n = count() by Location | sort by Location asc');
    expect(answer).toEqual([
      { Location: 'DE', n: 2 },
      { Location: 'FR', n: 1 },
    ]);
  });

  test('mv-apply over the targets, and the quotes that new values are wrapped in', async () => {
    const answer = await records(`
      AuditLogs
      | where OperationName has "security info"
      | mv-apply Target = TargetResources on (
          where Target.type =~ "user"
          | extend User = tostring(Target.userPrincipalName), Changes = Target.modifiedProperties
        )
      | mv-apply Change = Changes on (where Change.displayName == "Method" | extend Method = trim('"', tostring(Change.newValue)))
      | project User, Method, By = tostring(InitiatedBy.user.ipAddress)`);
    expect(answer).toEqual([{ User: 'ann@contoso.example', Method: 'Phone', By: '203.0.113.9' }]);
  });

  test('sign-ins before a registration, from the same address', async () => {
    const answer = await records(`
      let registrations = AuditLogs
        | where OperationName == "User registered security info"
        | extend User = tostring(TargetResources[0].userPrincipalName), Address = tostring(InitiatedBy.user.ipAddress)
        | project RegisteredAt = TimeGenerated, User, Address;
      SigninLogs
      | where ResultType != "0"
      | join kind=inner registrations on $left.UserPrincipalName == $right.User, $left.IPAddress == $right.Address
      | where RegisteredAt between (TimeGenerated .. (TimeGenerated + 1h))
      | summarize Failures = count(), Minutes = datetime_diff("minute", take_any(RegisteredAt), max(TimeGenerated)) by User`);
    expect(answer).toEqual([{ User: 'ann@contoso.example', Failures: 2, Minutes: 25 }]);
  });

  test('make-series with a count where nothing happened', async () => {
    const answer = await records(`
      SigninLogs
      | where TimeGenerated >= datetime(2026-11-22)
      | make-series Tries = count() default = 0 on TimeGenerated from datetime(2026-11-22 07:00) to datetime(2026-11-22 11:00) step 1h by Location
      | sort by Location asc
      | project Location, Tries = tostring(Tries)`);
    expect(answer).toEqual([
      { Location: 'DE', Tries: '[0,1,0,1]' },
      { Location: 'US', Tries: '[0,0,3,0]' },
    ]);
  });

  test('bag_unpack of a column whose keys only the rows know', async () => {
    const answer = await records(
      'SigninLogs | where isnotnull(LocationDetails) | project LocationDetails | evaluate bag_unpack(LocationDetails) | sort by city asc',
    );
    expect(answer).toEqual([
      { city: 'Bonn', state: '' },
      { city: 'Reno', state: 'NV' },
      { city: 'Ulm', state: '' },
    ]);
  });

  test('ipv4_lookup of networks, with those that match none', async () => {
    const answer = await records(`
      let networks = datatable(Network:string, Place:string)["10.1.0.0/16", "office", "203.0.113.0/24", "hosting"];
      SigninLogs
      | distinct IPAddress
      | evaluate ipv4_lookup(networks, IPAddress, Network, return_unmatched = true)
      | sort by IPAddress asc
      | project IPAddress, Place`);
    expect(answer).toEqual([
      { IPAddress: '10.1.2.3', Place: 'office' },
      { IPAddress: '10.1.2.4', Place: 'office' },
      { IPAddress: '198.51.100.7', Place: '' },
      { IPAddress: '203.0.113.9', Place: 'hosting' },
    ]);
  });

  test('arg_max with every column', async () => {
    const answer = await records(`
      SigninLogs
      | where UserAgent has_any ("python", "axios", "Edge")
      | summarize arg_max(TimeGenerated, *) by UserPrincipalName
      | sort by UserPrincipalName asc
      | project UserPrincipalName, ResultType, UserAgent, Hour = hourofday(TimeGenerated)`);
    expect(answer).toEqual([
      { UserPrincipalName: 'ann@contoso.example', ResultType: '50053', UserAgent: 'python-requests/2.31', Hour: 9 },
      { UserPrincipalName: 'bob@contoso.example', ResultType: '0', UserAgent: 'Mozilla/5.0 Edge/119', Hour: 10 },
    ]);
  });

  test('parse-where leaves out what does not fit', async () => {
    const answer = await records(`
      SigninLogs
      | parse-where UserAgent with Product "/" Major:long "." *
      | summarize n = count() by Product, Major
      | sort by Product asc`);
    expect(answer).toEqual([
      { Product: 'Mozilla', Major: 5, n: 2 },
      { Product: 'axios', Major: 1, n: 1 },
      { Product: 'python-requests', Major: 2, n: 2 },
    ]);
  });

  test('a watchlist joined by its key', async () => {
    const answer = await records(`
      let vips = _GetWatchlist("Vips") | project UserPrincipalName = SearchKey, Team;
      SigninLogs
      | where ResultType != 0
      | lookup kind=inner vips on UserPrincipalName
      | summarize Tries = count() by UserPrincipalName, Team`);
    expect(answer).toEqual([{ UserPrincipalName: 'ann@contoso.example', Team: 'Board', Tries: 2 }]);
  });

  test('placeholders of the portal take the ends of the time range, and none without one', () => {
    const kql = "print todatetime('{{StartTimeISO}}'), todatetime('{{EndTimeISO}}')";
    const from = ticksFromIso('2026-11-22T00:00:00Z')!;
    const until = ticksFromIso('2026-11-23T00:00:00Z')!;
    const { sql } = translate(kql, catalog, { now: 0n, timespan: { from, until } });
    expect(sql).toContain(String(from));
    expect(sql).toContain(String(until));
    expect(() => translate(kql, catalog, { now: 0n })).toThrow('{{StartTimeISO}} is not supported: without a time range');
  });

  // As ASIM's own parsers have it, in workspaces that mostly lack this list.
  test.each([
    ['none at all', { ...catalog, watchlists: new Map() }],
    ['another', catalog],
  ])('a watchlist that nobody filled has no rows, and the columns of every list: %s', async (_, workspace: KqlCatalog) => {
    const { rows, columns } = await ask(
      connection,
      `_GetWatchlist('Quiet')
      | where SearchKey in ('Any', 'ExcludeThis')
      | extend Parser = column_ifexists('SourceSpecificParser', '')
      | where isnotempty(Parser)`,
      workspace,
    );
    expect(rows).toEqual([]);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      '_DTItemId:string',
      'LastUpdatedTimeUTC:datetime',
      'SearchKey:string',
      'WatchlistItem:dynamic',
      'Parser:string',
    ]);
  });

  test('a column of a watchlist that nobody filled is unknown, and the fault says why', async () => {
    await expect(ask(connection, '_GetWatchlist("Quiet") | project ["User Principal Name"]', catalog)).rejects.toThrow(
      /there is no watchlist 'Quiet'; fill it with `factorwatch import --watchlist Quiet FILE\.csv`/,
    );
  });

  test('a bare list in a condition', async () => {
    const answer = await records(`
      let quiet = _GetWatchlist("Quiet") | project SearchKey;
      SigninLogs | where UserPrincipalName !in (quiet) | summarize n = count()`);
    expect(answer).toEqual([{ n: 6 }]);
  });

  test.each<[string, RegExp]>([
    [
      'externaldata(Ip:string)[@"https://feeds.example/ips.csv"] | take 1',
      /externaldata is not supported: a query reads no file and no network\. Load the file before/,
    ],
    [
      'SigninLogs | make-series n = count() on TimeGenerated step 1h | extend a = series_decompose_anomalies(n)',
      /series_decompose_anomalies of values most of which are equal, .* is not supported/,
    ],
    ['SigninLogs | evaluate autocluster()', /evaluate autocluster is not supported/],
    [
      'union SigninLogs, workspace("other").SigninLogs | count',
      /^query:1:19: workspace\(\) is not supported: a query reads this workspace alone$/,
    ],
    ['arg("").resources | where type =~ "x"', /arg\(\) is not supported/],
  ])('refused by name: %s', async (kql, message) => {
    await expect(ask(connection, kql, catalog)).rejects.toThrow(message);
  });
});

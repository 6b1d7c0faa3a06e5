import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { cli } from '../support/cli.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 36_000_000_000n;
const DAY = 24n * HOUR;

// biome-ignore lint/suspicious/noExplicitAny: rows of logs as they are written
type Row = any;
const tables = new Map<string, Row[]>();

/** Rows of a table of the sample tenant; those that came twice count once. */
function rows(name: string): Row[] {
  const known = tables.get(name);
  if (known) return known;
  const lines = gunzipSync(readFileSync(join(ROOT, 'samples', `${name}.ndjson.gz`)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  const unique = new Map(
    lines.map((line) => {
      const { _IngestionTime, ...row } = JSON.parse(line);
      return [JSON.stringify(row), row] as const;
    }),
  );
  tables.set(name, [...unique.values()]);
  return tables.get(name)!;
}
const signIns = () => rows('SigninLogs');
const silent = () => rows('AADNonInteractiveUserSignInLogs');
const audit = () => rows('AuditLogs');
const ticks = (text: string): bigint => ticksFromIso(text)!;
const lower = (text: unknown): string => String(text ?? '').toLowerCase();
const parsed = (value: unknown): Row => (typeof value === 'string' ? (value === '' ? null : JSON.parse(value)) : value);
const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];
const list = (values: Iterable<string>): string => unique(values).sort().join(',');
const actor = (r: Row): string => r.InitiatedBy?.user?.userPrincipalName || r.InitiatedBy?.app?.displayName || '';

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const out = new Map<string, T[]>();
  for (const item of items) out.set(key(item), [...(out.get(key(item)) ?? []), item]);
  return [...out.values()];
}

/** What each query answers, computed from the rows of the files. */
const EXPECTED: Readonly<Record<string, () => Row[]>> = {
  'sessions-in-several-countries': () => {
    const all = [...signIns().map((r) => ({ ...r, signed: true })), ...silent().map((r) => ({ ...r, signed: false }))]
      .map((r) => ({ ...r, country: parsed(r.LocationDetails)?.countryOrRegion ?? '' }))
      .filter((r) => r.ResultType === '0' && r.SessionId && r.country);
    return groups(all, (r) => `${r.SessionId} ${r.UserPrincipalName}`)
      .filter((g) => unique(g.map((r) => r.country)).length > 1)
      .map((g) => ({
        UserPrincipalName: g[0].UserPrincipalName,
        SessionId: g[0].SessionId,
        Countries: list(g.map((r) => r.country)),
        Events: g.length,
        Verdict: !g.some((r) => r.signed)
          ? 'never signed in here'
          : unique(g.map((r) => r.IPAddress)).length > 2
            ? 'moves about'
            : 'two places',
      }));
  },
  'tokens-from-other-networks': () =>
    groups(
      silent().filter((r) => r.ResultType === '0' && r.SessionId),
      (r) => `${r.SessionId} ${r.UserPrincipalName}`,
    ).flatMap((g) => {
      const begun = signIns().filter((r) => r.ResultType === '0' && r.SessionId === g[0].SessionId);
      if (begun.length === 0) return [];
      const strange = unique(g.map((r) => r.AutonomousSystemNumber)).filter((n) => !begun.some((r) => r.AutonomousSystemNumber === n));
      const last = g
        .map((r) => r.TimeGenerated)
        .sort()
        .at(-1);
      const first = begun.map((r) => r.TimeGenerated).sort()[0];
      const hours = Number(ticks(last) - ticks(first)) / Number(HOUR);
      const { UserPrincipalName, SessionId } = g[0];
      return strange.length === 0
        ? []
        : [{ UserPrincipalName, SessionId, Strange: list(strange), Tokens: g.length, Hours: Math.round(hours * 10) / 10 }];
    }),
  'registration-from-new-address': () =>
    audit()
      .filter((r) => lower(r.OperationName) === 'user registered security info' && r.Result === 'success')
      .flatMap((r) => {
        const who = lower(r.InitiatedBy?.user?.userPrincipalName);
        const address = r.InitiatedBy?.user?.ipAddress ?? '';
        const at = ticks(r.TimeGenerated);
        const before = signIns().filter(
          (s) =>
            s.ResultType === '0' &&
            lower(s.UserPrincipalName) === who &&
            ticks(s.TimeGenerated) >= at - 7n * DAY &&
            ticks(s.TimeGenerated) <= at - HOUR,
        );
        if (!address || before.length === 0 || before.some((s) => s.IPAddress === address)) return [];
        return [{ Registered: r.TimeGenerated, UserPrincipalName: who, Address: address, Before: before.length }];
      }),
  'steps-of-authentication': () => {
    const steps = signIns()
      .flatMap((r) => (parsed(r.AuthenticationDetails) ?? []).map((step: Row) => ({ ...step, who: r.UserPrincipalName })))
      .filter((s) => s.authenticationMethod && !['Password', 'Previously satisfied'].includes(s.authenticationMethod));
    return groups(steps, (s) => s.authenticationMethod).map((g) => {
      const failed = g.filter((s) => s.succeeded === false).length;
      return {
        Method: g[0].authenticationMethod,
        Steps: g.length,
        Failed: failed,
        Users: unique(g.map((s) => s.who)).length,
        FailedShare: Math.round((10_000 * failed) / g.length) / 100,
      };
    });
  },
  'spray-then-success': () => {
    const wrong = signIns().filter((r) => ['50126', '50034', '50053', '50055'].includes(r.ResultType));
    return groups(wrong, (r) => `${r.IPAddress} ${r.TimeGenerated.slice(0, 13)}`).flatMap((g) => {
      const users = unique(g.map((r) => r.UserPrincipalName));
      if (users.length < 3) return [];
      const begun = ticks(g.map((r) => r.TimeGenerated).sort()[0]);
      const entered = users.filter((u) =>
        signIns().some(
          (s) =>
            s.ResultType === '0' && s.UserPrincipalName === u && ticks(s.TimeGenerated) >= begun && ticks(s.TimeGenerated) <= begun + DAY,
        ),
      );
      const hour = `${g[0].TimeGenerated.slice(0, 13)}:00:00Z`;
      return [{ IPAddress: g[0].IPAddress, Hour: hour, Tried: users.length, Failures: g.length, Entered: entered.length }];
    });
  },
  'failures-to-one-app': () => {
    const failed = [...signIns(), ...silent()].filter(
      (r) => /(?<![a-z0-9])office(?![a-z0-9])/i.test(r.AppDisplayName) && !['0', '50140', '50074', '50076'].includes(r.ResultType),
    );
    return groups(failed, (r) => `${r.UserPrincipalName} ${r.TimeGenerated.slice(0, 10)}`)
      .filter((g) => g.length > 1)
      .map((g) => ({
        Day: `${g[0].TimeGenerated.slice(0, 10)}T00:00:00Z`,
        UserPrincipalName: g[0].UserPrincipalName,
        Tries: g.length,
        Addresses: unique(g.map((r) => r.IPAddress)).length,
        Reasons: list(g.map((r) => r.ResultType)),
        First: g.map((r) => r.TimeGenerated).sort()[0],
      }));
  },
  'first-use-of-an-operation': () => {
    const acts = audit().filter((r) => actor(r) !== '');
    const newest = ticks(
      audit()
        .map((r) => r.TimeGenerated)
        .sort()
        .at(-1),
    );
    const isNew = (r: Row) => ticks(r.TimeGenerated) > newest - 7n * DAY;
    const known = new Set(acts.filter((r) => !isNew(r)).map((r) => `${actor(r)} ${r.OperationName}`));
    const touched = acts
      .filter((r) => isNew(r) && !known.has(`${actor(r)} ${r.OperationName}`))
      .flatMap((r) =>
        r.TargetResources.filter((t: Row) => lower(t.type) === 'user').map((t: Row) => ({
          Actor: actor(r),
          OperationName: r.OperationName,
          user: lower(t.userPrincipalName),
        })),
      );
    return groups(touched, (r) => `${r.Actor} ${r.OperationName}`).map((g) => ({
      Actor: g[0]!.Actor,
      OperationName: g[0]!.OperationName,
      Times: g.length,
      Users: unique(g.map((r) => r.user)).length,
    }));
  },
  'spellings-of-a-name': () => {
    const parts = (upn: string) => lower(upn.split('@')[0]).replace(/\d+$/, '').split('.');
    const people = unique(
      signIns()
        .filter((r) => r.ResultType === '0')
        .map((r) => r.UserPrincipalName as string),
    );
    return groups(
      signIns().filter((r) => r.ResultType === '50034'),
      (r) => r.UserPrincipalName,
    ).map((g) => {
      const own = parts(g[0].UserPrincipalName);
      const alike = people.filter((p) => parts(p).some((part) => own.includes(part)));
      const same = own
        .flatMap((part) => people.filter((p) => parts(p).includes(part)))
        .filter((p) => parts(p).sort().join('.') === [...own].sort().join('.'));
      return {
        Tried: g[0].UserPrincipalName,
        Tries: g.length,
        Addresses: unique(g.map((r) => r.IPAddress)).length,
        Alike: alike.length,
        Same: same.length,
      };
    });
  },
  'all-about-a-user': () => {
    const is = (upn: unknown) => lower(upn).startsWith('aviv.thorn69');
    const known = [
      ...rows('IdentityInfo')
        .filter((r) => lower(r.AccountName) === 'aviv.thorn69')
        .map((r) => ({ who: r.AccountUPN, at: r.TimeGenerated, what: r.Department })),
      ...signIns()
        .filter((r) => is(r.UserPrincipalName))
        .map((r) => ({ who: r.UserPrincipalName, at: r.TimeGenerated, what: r.AppDisplayName })),
      ...audit().flatMap((r) =>
        r.TargetResources.filter((t: Row) => is(t.userPrincipalName)).map((t: Row) => ({
          who: t.userPrincipalName,
          at: r.TimeGenerated,
          what: r.OperationName,
        })),
      ),
    ];
    return groups(known, (r) => r.who).map((g) => ({
      Who: g[0]!.who,
      Rows: g.length,
      First: g.map((r) => r.at).sort()[0],
      Kinds: unique(g.map((r) => r.what)).length,
    }));
  },
  'acts-of-changed-accounts': () => {
    const kinds = ['reset password (by admin)', 'admin registered security info', 'admin deleted security info'];
    const changes = audit()
      .filter((r) => kinds.includes(lower(r.OperationName)))
      .flatMap((r) =>
        r.TargetResources.map((t: Row) => ({
          account: lower(t.userPrincipalName),
          by: lower(r.InitiatedBy?.user?.userPrincipalName),
          at: ticks(r.TimeGenerated),
          change: r.OperationName,
        })),
      )
      .filter((c) => c.account !== '' && c.account !== c.by);
    const acts = [
      ...signIns().map((r) => ({
        at: ticks(r.TimeGenerated),
        who: lower(r.UserPrincipalName),
        act: `sign-in ${r.ResultType === '0' ? 'done' : 'failed'}`,
      })),
      ...audit().map((r) => ({ at: ticks(r.TimeGenerated), who: lower(r.InitiatedBy?.user?.userPrincipalName), act: r.OperationName })),
    ];
    return groups(changes, (c) => c.account).flatMap((g) => {
      const { account, at, change } = g.reduce((a, b) => (b.at < a.at ? b : a));
      const after = acts.filter((a) => a.who === account && a.at >= at && a.at <= at + DAY);
      const names = unique(after.map((a) => a.act))
        .sort()
        .join(', ');
      return after.length === 0 ? [] : [{ Account: account, Change: change, Total: after.length, Kinds: names }];
    });
  },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-hunting-'));
  expect((await cli(ROOT, 'import', 'samples', '--data-dir', folder)).code).toBe(0);
}, 120_000);

test('each query of queries/hunting/ is computed anew here', () => {
  const files = readdirSync(join(ROOT, 'queries/hunting')).map((name) => name.replace(/\.kql$/, ''));
  expect(Object.keys(EXPECTED).sort()).toEqual(files.sort());
});

test.each(Object.keys(EXPECTED))('%s', { timeout: 60_000 }, async (name) => {
  const { code, out, err } = await cli(ROOT, 'query', '--file', `queries/hunting/${name}.kql`, '--json', '--data-dir', folder);
  expect([code, err]).toEqual([0, '']);
  const answer = JSON.parse(out) as Row[];
  const expected = EXPECTED[name]!();
  expect(expected.length).toBeGreaterThan(0);
  const inOrder = (all: Row[]) => all.map((row) => JSON.stringify(row)).sort();
  expect(inOrder(answer)).toEqual(inOrder(expected));
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ATTACKS, takeoversIn } from '../../src/simulate/attacks/plan.ts';
import { DECOY_KINDS } from '../../src/simulate/labels.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { digest, type Row, runAll, table, text } from './support.ts';

const REFERENCE = new URL('../../../shared/reference/log-analytics-tables.json', import.meta.url);
const OFFICE = { users: 260, days: 30, seed: 3, tenant: 'office' } as const;
const office = runAll(OFFICE);

/** What a JSON value of a column must be, by its Kusto type. */
const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  datetime: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  bool: (value) => typeof value === 'boolean',
  long: (value) => Number.isInteger(value),
  int: (value) => Number.isInteger(value),
  real: (value) => typeof value === 'number',
  dynamic: (value) => typeof value === 'object' && value !== null,
};

describe('rows', () => {
  it.skipIf(!existsSync(REFERENCE))(
    'have columns of the Log Analytics tables alone, each of its type (skipped without the reference)',
    () => {
      const columns = JSON.parse(readFileSync(REFERENCE, 'utf8')) as Record<string, Record<string, string>>;
      const faults = new Set<string>();
      for (const kind of ['office', 'university', 'shifts'] as const) {
        const run = kind === 'office' ? office : runAll({ users: 90, days: 20, seed: 8, tenant: kind });
        for (const [name, rows] of run.rows)
          for (const row of rows)
            for (const [column, value] of Object.entries(row)) {
              const type = column === '_IngestionTime' ? 'datetime' : columns[name]?.[column];
              if (type === undefined) faults.add(`${name}.${column} is unknown`);
              else if (value === null || !FITS[type]!(value)) faults.add(`${name}.${column} is not ${type}: ${JSON.stringify(value)}`);
            }
      }
      expect([...faults]).toEqual([]);
    },
  );

  it('hold JSON in strings where the non-interactive table has strings', () => {
    const row = table(office, 'AADNonInteractiveUserSignInLogs')[5]!;
    for (const column of ['DeviceDetail', 'LocationDetails', 'Status', 'ConditionalAccessPolicies', 'MfaDetail'])
      expect(JSON.parse(text(row, column)), column).toBeTypeOf('object');
  });

  it('lie in the simulated time by TimeGenerated, late ones only by arrival', () => {
    for (const rows of office.rows.values())
      for (const row of rows) {
        const at = text(row, 'TimeGenerated');
        if (!(at >= '2026-09-01' && at < '2026-10-01')) expect.fail(at);
      }
    expect(office.labels).toMatchObject({ start: '2026-09-01T00:00:00.000Z', end: '2026-10-01T00:00:00.000Z', users: 260 });
  });

  it('arrive late, twice and out of order', () => {
    const rows = table(office, 'SigninLogs');
    const delays = rows
      .map((row) => Date.parse(text(row, '_IngestionTime')) - Date.parse(text(row, 'TimeGenerated')))
      .sort((a, b) => a - b);
    expect(delays[0]).toBeGreaterThan(0);
    expect(delays[Math.floor(delays.length / 2)]! / 60_000).toSatisfy((minutes: number) => minutes > 2 && minutes < 5);
    const late = delays.filter((delay) => delay > 3_600_000).length / delays.length;
    expect(late).toSatisfy((share: number) => share > 0.005 && share < 0.02);
    const times = rows.map((row) => text(row, 'TimeGenerated'));
    expect(times).not.toEqual([...times].sort());
    const byId = new Map<string, Row>();
    let twice = 0;
    for (const row of rows) {
      const { _IngestionTime, ...content } = row;
      const before = byId.get(text(row, 'Id'));
      if (before) {
        twice += 1;
        expect(content).toEqual(before);
      } else byId.set(text(row, 'Id'), content);
    }
    expect(twice).toBeGreaterThan(5);
  });

  it('stream by day of arrival, in chunks, each in order of arrival', () => {
    let day = '';
    for (const { rows } of office.chunks) {
      const arrived = rows.map((row) => text(row, '_IngestionTime'));
      expect(arrived.length).toBeLessThanOrEqual(500);
      expect([...arrived].sort()).toEqual(arrived);
      expect(arrived[0]!.slice(0, 10) >= day).toBe(true);
      expect(arrived[0]!.slice(0, 10)).toBe(arrived.at(-1)!.slice(0, 10));
      day = arrived[0]!.slice(0, 10);
    }
  });
});

describe('sign-ins', () => {
  const rows = table(office, 'SigninLogs');
  it('fail with an empty AuthenticationDetails when the password is wrong or the account locked', () => {
    const failed = rows.filter((row) => row['ResultType'] === '50126' || row['ResultType'] === '50053');
    expect(failed.length).toBeGreaterThan(50);
    expect(new Set(failed.map((row) => row['AuthenticationDetails']))).toEqual(new Set(['[]']));
  });

  it('are several rows with one CorrelationId and OriginalRequestId when something interrupts them', () => {
    const finishes = new Set(
      rows.filter((row) => row['ResultType'] === '0').map((row) => `${text(row, 'CorrelationId')} ${text(row, 'OriginalRequestId')}`),
    );
    const asked = rows.filter((row) => row['ResultType'] === '50074');
    const finished = asked.filter((row) => finishes.has(`${text(row, 'CorrelationId')} ${text(row, 'OriginalRequestId')}`));
    expect(finished.length / asked.length).toBeGreaterThan(0.9);
  });

  it('use every way of a second factor, and now and then none of the places is known', () => {
    const details = rows.map((row) => text(row, 'AuthenticationDetails')).join();
    for (const method of ['Mobile app notification', 'Text message', 'OATH verification code', 'FIDO2 security key'])
      expect(details).toContain(method);
    // As Entra shows whose it was: a phone by its name, a number by its last two digits.
    expect(details).toMatch(/"Text message","authenticationMethodDetail":"\+X+ X+\d\d"/);
    expect(details).toMatch(/"Mobile app notification","authenticationMethodDetail":"[A-Za-z]/);
    expect(details).not.toMatch(/"authenticationMethodDetail":"[^"]*\d{5}/);
    const nowhere = rows.filter((row) => row['Location'] === '');
    expect(nowhere.length / rows.length).toSatisfy((share: number) => share > 0.003 && share < 0.05);
    expect(nowhere.every((row) => JSON.stringify(row['LocationDetails']) === '{}')).toBe(true);
    expect(rows.some((row) => text(row, 'IPAddress').includes(':'))).toBe(true);
  });

  it('show risk only where the tenant is licensed for it', () => {
    const university = runAll({ users: 60, days: 10, seed: 5, tenant: 'university' });
    const levels = new Set(table(university, 'SigninLogs').map((row) => row['RiskLevelDuringSignIn']));
    expect(['hidden', 'none']).toEqual(expect.arrayContaining([...levels]));
    expect(table(university, 'AADUserRiskEvents')).toEqual([]);
  });
});

describe('labels', () => {
  const { incidents, decoys } = office.labels;
  const audit = new Map(table(office, 'AuditLogs').map((row) => [text(row, 'Id'), row]));

  it('name records that exist, about the people they name', () => {
    for (const label of [...incidents, ...decoys])
      for (const id of label.registration_event_ids) {
        const targets = audit.get(id)?.['TargetResources'] as { id: string }[] | undefined;
        expect(targets?.[0]?.id, id).toBeOneOf(label.user_ids);
      }
  });

  it('give each takeover its first registration and span', () => {
    const takeovers = incidents.filter((incident) => incident.must_detect);
    expect(takeovers.length).toBeGreaterThanOrEqual(takeoversIn(OFFICE.users, OFFICE.days) - 1);
    for (const incident of incidents) {
      expect(incident.must_detect).toBe(incident.registration_event_ids.length > 0);
      expect(incident.registration_time !== null).toBe(incident.must_detect);
      expect(incident.start <= incident.end).toBe(true);
      expect(incident.user_ids.length).toBe(incident.upns.length);
      if (incident.registration_time === null) continue;
      expect(incident.registration_time >= incident.start && incident.registration_time <= incident.end).toBe(true);
      const first = incident.registration_event_ids.map((id) => text(audit.get(id)!, 'TimeGenerated').slice(0, 19)).sort()[0]!;
      expect(Math.abs(Date.parse(`${first}Z`) - Date.parse(incident.registration_time))).toBeLessThan(5000);
    }
  });

  it('plant every scenario and leave most of the first two weeks quiet', () => {
    expect(new Set(incidents.map((incident) => incident.scenario))).toEqual(new Set(ATTACKS.map((attack) => attack.scenario)));
    expect(new Set(ATTACKS.map((attack) => attack.scenario)).size).toBe(12);
    const early = incidents.filter((incident) => incident.start < '2026-09-13');
    expect(early.length / incidents.length).toBeLessThan(0.4);
    expect(incidents.every((incident) => incident.start >= '2026-09-03')).toBe(true);
  });

  it('name the benign events that look like attacks', () => {
    const kinds = new Set(decoys.map((decoy) => decoy.kind));
    expect(DECOY_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it('keep attackers and look-alikes apart', () => {
    const attacked = new Set(incidents.flatMap((incident) => incident.registration_event_ids));
    expect(decoys.flatMap((decoy) => decoy.registration_event_ids).filter((id) => attacked.has(id))).toEqual([]);
  });
});

describe('registrations', () => {
  const audit = table(office, 'AuditLogs');
  const registered = audit.filter((row) => row['OperationName'] === 'User registered security info' && row['Result'] === 'success');

  it('carry an address and neither user agent nor country, and often a twin of the same CorrelationId', () => {
    expect(registered.length).toBeGreaterThan(40);
    for (const row of registered) {
      expect(row).toMatchObject({
        LoggedByService: 'Authentication Methods',
        Category: 'UserManagement',
        Location: '',
        AdditionalDetails: [],
      });
      expect((row['InitiatedBy'] as { user: { ipAddress: string } }).user.ipAddress).toMatch(/^[0-9a-f:.]+$/);
    }
    const twins = new Set(audit.filter((row) => row['OperationName'] === 'Update user').map((row) => row['CorrelationId']));
    const share = registered.filter((row) => twins.has(row['CorrelationId'])).length / registered.length;
    expect(share).toSatisfy((value: number) => value > 0.6 && value < 1);
  });

  it('hold JSON in a JSON string in the twin, with what was there before', () => {
    const changes = audit
      .filter((row) => row['OperationName'] === 'Update user')
      .flatMap(
        (row) =>
          (row['TargetResources'] as { modifiedProperties: { displayName: string; oldValue: string | null; newValue: string }[] }[])[0]!
            .modifiedProperties,
      );
    const methods = changes.filter((change) => change.displayName === 'StrongAuthenticationMethod');
    expect(methods.length).toBeGreaterThan(20);
    for (const change of methods)
      for (const value of [change.oldValue, change.newValue]) {
        const list = JSON.parse(value!) as { MethodType: number; Default: boolean }[];
        expect(list.filter((entry) => entry.Default).length).toBeLessThanOrEqual(1);
        expect(new Set(list.map((entry) => entry.MethodType)).size).toBe(list.length);
      }
    expect(changes.some((change) => change.displayName === 'StrongAuthenticationPhoneAppDetail')).toBe(true);
    expect(changes.some((change) => change.displayName === 'StrongAuthenticationUserDetails')).toBe(true);
  });

  it('come from Microsoft where a service wrote them', () => {
    const service = audit.filter((row) => row['AADOperationType'] === 'ServiceApi');
    expect(service.length).toBeGreaterThan(2);
    for (const row of service)
      expect((row['InitiatedBy'] as { user: { ipAddress: string } }).user.ipAddress).toMatch(/^(20\.190|40\.126)\./);
  });

  it('leave the twin alone in some tenants', () => {
    const shifts = runAll({ users: 260, days: 21, seed: 2, tenant: 'shifts' });
    const records = new Map(table(shifts, 'AuditLogs').map((row) => [text(row, 'Id'), row]));
    const only = shifts.labels.incidents.filter(
      (incident) =>
        incident.registration_event_ids.length > 0 &&
        incident.registration_event_ids.every((id) => records.get(id)?.['OperationName'] === 'Update user'),
    );
    const benign = shifts.labels.decoys.filter(
      (decoy) =>
        decoy.registration_event_ids.length > 0 &&
        decoy.registration_event_ids.every((id) => records.get(id)?.['OperationName'] === 'Update user'),
    );
    expect(only.length + benign.length).toBeGreaterThan(2);
  });
});

describe('simulate', () => {
  const small = { users: 60, days: 12, seed: 9, tenant: 'shifts' } as const;
  it('gives the same bytes for the same options, others for another seed, tenant or day', () => {
    const { sha } = digest(small);
    expect(digest(small).sha).toBe(sha);
    expect(digest({ ...small, seed: 10 }).sha).not.toBe(sha);
    expect(digest({ ...small, tenant: 'office' }).sha).not.toBe(sha);
    expect(digest({ ...small, start: '2026-01-05' }).sha).not.toBe(sha);
  });

  it('is of any size: a handful of people may have no administrator', () => {
    for (const users of [1, 2, 5]) expect(runAll({ users, days: 14, seed: 2, tenant: 'office' }).rows.size).toBeGreaterThan(0);
  });

  it.each([
    [{ users: 0 }, 'users'],
    [{ days: 1.5 }, 'days'],
    [{ seed: Number.NaN }, 'seed'],
    [{ tenant: 'farm' as 'office' }, 'tenant'],
    [{ start: '2026-02-30' }, 'start'],
    [{ start: 'yesterday' }, 'start'],
  ])('refuses %o by name', (wrong, name) => {
    expect(() => simulate({ ...small, ...wrong }).next()).toThrow(name);
  });

  it('is content with a tenant too small for attacks', () => {
    const { labels } = digest({ users: 3, days: 2, seed: 1, tenant: 'office' });
    expect(labels.incidents).toEqual([]);
  });

  it('has real people nowhere: every name ends in contoso.test', () => {
    for (const row of table(office, 'IdentityInfo')) expect(text(row, 'AccountUPN')).toMatch(/@contoso\.test$/);
  });
});

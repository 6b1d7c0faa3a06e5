import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { namedLocations } from '../../../src/events/named-locations.ts';
import { openBench, ticks } from '../../workspace/embedded/support.ts';
import { kqlOf, openExtraction } from './support.ts';

const extracted = openExtraction();

describe('sign-ins', () => {
  const common = { UserId: 'AAAA-1', UserPrincipalName: 'ana@contoso.test', AADTenantId: 't', IPAddress: '198.51.100.7', ResultType: '0' };
  const device = {
    deviceId: 'd1',
    displayName: 'PC',
    operatingSystem: 'Windows 10',
    browser: 'Edge 81.0.416',
    isCompliant: false,
    isManaged: true,
    trustType: 'Azure AD joined',
  };
  const place = { city: 'Oslo', countryOrRegion: 'NO', geoCoordinates: { latitude: 59.9, longitude: 10.75 } };
  const steps = JSON.stringify([
    { authenticationMethod: 'Password', authenticationMethodDetail: 'Password in the cloud', succeeded: true },
    { authenticationMethod: 'Mobile app notification', authenticationMethodDetail: 'Old phone', succeeded: false },
    { authenticationMethod: 'Mobile app notification', authenticationMethodDetail: 'iPhone 15', succeeded: true },
  ]);
  const networks = JSON.stringify([
    { networkType: 'trustedNamedLocation', networkNames: ['HQ', 'Lab'] },
    { networkType: 'namedNetwork', networkNames: ['VPN'] },
  ]);
  const full = {
    ...common,
    TimeGenerated: '2026-03-01T10:00:00.1234567Z',
    Id: 'full',
    Location: 'NO',
    AuthenticationDetails: steps,
    NetworkLocationDetails: networks,
    AutonomousSystemNumber: '9009',
    RiskLevelDuringSignIn: 'low',
  };
  const expected = {
    EventTime: ticks('2026-03-01T10:00:00.1234567Z'),
    IngestedAt: ticks('2026-03-01T10:00:00.1234567Z'),
    UserId: 'aaaa-1',
    Country: 'NO',
    City: 'Oslo',
    Latitude: 59.9,
    Longitude: 10.75,
    Asn: '9009',
    NamedLocation: 'trusted:HQ; trusted:Lab; VPN',
    DeviceId: 'd1',
    DeviceTrust: 'managed',
    Browser: 'Edge',
    OperatingSystem: 'Windows 10',
    Methods: 'Password; Mobile app notification',
    Answers: 'Mobile app notification: iPhone 15',
    ResultType: '0',
    ResultDetail: 'MFA completed',
    RiskLevel: 'low',
    TenantId: 't',
  };

  test.each(['SigninLogs', 'AADNonInteractiveUserSignInLogs'])('of %s: ids and tenants, however they are written', async (table) => {
    const row = (Id: string, more: object) => ({ ...common, TimeGenerated: '2026-03-02T10:00:00Z', Id, AADTenantId: '', ...more });
    const away = { HomeTenantId: 'home', ResourceTenantId: 'resource' };
    const found = await extracted(table === 'SigninLogs' ? 'signins' : 'noninteractive-signins', table, [
      row('braces', { UserId: '{AAAA-1}', AADTenantId: 't' }),
      row('nobody', { UserId: '00000000-0000-0000-0000-000000000000' }),
      row('member', { ...away, UserType: 'Member' }),
      row('guest', { ...away, UserType: 'Guest' }),
      row('resource', { ResourceTenantId: 'resource' }),
      row('none', {}),
    ]);
    expect(found.get('braces')).toMatchObject({ UserId: 'aaaa-1', TenantId: 't' });
    expect(found.get('nobody')).toMatchObject({ UserId: '' });
    expect(found.get('member')).toMatchObject({ TenantId: 'home' });
    expect(found.get('guest')).toMatchObject({ TenantId: 'resource' });
    expect(found.get('resource')).toMatchObject({ TenantId: 'resource' });
    expect(found.get('none')).toMatchObject({ TenantId: '' });
  });

  test.each(['SigninLogs', 'AADNonInteractiveUserSignInLogs'])(
    'of %s: a claim in the token is no method that somebody gave',
    async (table) => {
      const step = (authenticationMethod: string, authenticationStepResultDetail: string) => ({
        authenticationMethod,
        authenticationMethodDetail: 'Yubikey',
        authenticationStepResultDetail,
        succeeded: true,
      });
      const row = (Id: string, ...steps: object[]) => ({
        ...common,
        TimeGenerated: '2026-03-03T10:00:00Z',
        Id,
        AuthenticationDetails: JSON.stringify(steps),
      });
      const second = 'MFA requirement satisfied by claim in the token';
      const found = await extracted(table === 'SigninLogs' ? 'signins' : 'noninteractive-signins', table, [
        row(
          'named',
          step('Previously satisfied', 'First factor requirement satisfied by claim in the token'),
          step('FIDO2 security key', second),
        ),
        row('given', step('Password', 'Correct password'), step('FIDO2 security key', 'MFA successfully completed')),
      ]);
      expect(found.get('named')).toMatchObject({ Methods: 'Previously satisfied; Previously satisfied', Answers: '' });
      expect(found.get('given')).toMatchObject({ Methods: 'Password; FIDO2 security key', Answers: 'FIDO2 security key: Yubikey' });
    },
  );

  test.each(['SigninLogs', 'AADNonInteractiveUserSignInLogs'])('of %s: named locations are read as the tenant has them', async (table) => {
    const row = (Id: string, networks: readonly { readonly networkType: string; readonly networkNames: readonly string[] }[]) => ({
      ...common,
      TimeGenerated: '2026-03-04T10:00:00Z',
      Id,
      NetworkLocationDetails: JSON.stringify(networks),
    });
    const found = await extracted(table === 'SigninLogs' ? 'signins' : 'noninteractive-signins', table, [
      row('guests', [{ networkType: 'namedNetwork', networkNames: ['Untrusted: guest wifi', 'Oslo, 2nd floor'] }]),
      row('both', [
        { networkType: 'namedNetwork', networkNames: ['VPN'] },
        { networkType: 'trustedNamedLocation', networkNames: ['HQ: wifi', 'Lab'] },
      ]),
    ]);
    expect(namedLocations(String(found.get('guests')!['NamedLocation']))).toEqual([
      { name: 'Untrusted: guest wifi', isTrusted: false },
      { name: 'Oslo, 2nd floor', isTrusted: false },
    ]);
    expect(namedLocations(String(found.get('both')!['NamedLocation']))).toEqual([
      { name: 'VPN', isTrusted: false },
      { name: 'HQ: wifi', isTrusted: true },
      { name: 'Lab', isTrusted: true },
    ]);
  });

  test('of SigninLogs, where details are dynamic', async () => {
    const found = await extracted('signins', 'SigninLogs', [
      { ...full, DeviceDetail: device, LocationDetails: place, Status: { errorCode: 0, additionalDetails: 'MFA completed' } },
      // A failure of a federated user: no Location, no steps, an error number in Status only.
      {
        ...common,
        TimeGenerated: '2026-03-01T11:00:00Z',
        Id: 'bare',
        ResultType: '',
        AuthenticationDetails: '[]',
        NetworkLocationDetails: '[]',
        LocationDetails: { countryOrRegion: 'SE' },
        Status: { errorCode: 50126 },
        ResultDescription: 'Invalid username or password',
      },
      {
        ...common,
        TimeGenerated: '2026-03-01T12:00:00Z',
        Id: 'joined',
        DeviceDetail: { isManaged: 'false', trustType: 'Hybrid Azure AD joined', browser: '' },
      },
      {
        ...common,
        TimeGenerated: '2026-03-01T12:00:00Z',
        Id: 'registered',
        DeviceDetail: { trustType: 'Azure AD registered' },
        AuthenticationDetails: 'not JSON',
        NetworkLocationDetails: '',
      },
      // Graph's location, an object, where Log Analytics has the country's letters.
      { ...common, TimeGenerated: '2026-03-01T12:00:00Z', Id: 'graph', Location: place },
    ]);
    expect(found.get('graph')).toMatchObject({ Country: 'NO', City: 'Oslo', Latitude: 59.9, Longitude: 10.75 });
    expect(found.get('full')).toMatchObject({ ...expected, IsInteractive: true });
    expect(found.get('bare')).toMatchObject({
      Country: 'SE',
      Methods: '',
      Answers: '',
      NamedLocation: '',
      ResultType: '50126',
      ResultDetail: 'Invalid username or password',
      DeviceTrust: '',
      Latitude: null,
    });
    expect(found.get('joined')).toMatchObject({ DeviceTrust: 'joined', Country: '', Browser: '', Asn: '' });
    expect(found.get('registered')).toMatchObject({ DeviceTrust: 'registered', Methods: '', NamedLocation: '' });
  });

  test('of AADNonInteractiveUserSignInLogs, where the same are strings holding JSON', async () => {
    const found = await extracted('noninteractive-signins', 'AADNonInteractiveUserSignInLogs', [
      {
        ...full,
        DeviceDetail: JSON.stringify(device),
        LocationDetails: JSON.stringify(place),
        Status: JSON.stringify({ errorCode: 0, additionalDetails: 'MFA completed' }),
      },
      { ...common, TimeGenerated: '2026-03-01T11:00:00Z', Id: 'broken', DeviceDetail: '{', LocationDetails: '', Status: '' },
    ]);
    expect(found.get('full')).toMatchObject({ ...expected, IsInteractive: false });
    expect(found.get('broken')).toMatchObject({ DeviceTrust: '', Country: '', ResultType: '0' });
  });
});

const REAL = new URL('../../../../shared/real-logs/SigninLogs.loganalytics.ndjson', import.meta.url);
test.skipIf(!existsSync(REAL))('every recorded sign-in comes through, its fields as recorded (skips without ../shared)', async () => {
  const recorded = readFileSync(REAL, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>);
  const own = await openBench();
  await own.import(fileURLToPath(REAL));
  const found: Record<string, unknown>[] = [];
  for await (const batch of own.workspace.fetch({
    name: 'signins',
    kql: kqlOf('signins'),
    from: ticks('2000-01-01'),
    until: ticks('2030-01-01'),
  })) {
    for (const row of batch) found.push(row.toJSON());
  }
  await own.close();
  const facts = (id: unknown, user: unknown, ip: unknown, result: unknown, device: unknown, country: unknown) =>
    [id, user, ip, result, device, country].map(String).join('|');
  const wanted = new Set(
    recorded.map((row) =>
      facts(
        row['Id'],
        String(row['UserId']).toLowerCase(),
        row['IPAddress'],
        row['ResultType'],
        row['DeviceDetail']?.['deviceId'] ?? '',
        row['Location'],
      ),
    ),
  );
  expect(
    new Set(found.map((row) => facts(row['Id'], row['UserId'], row['IPAddress'], row['ResultType'], row['DeviceId'], row['Country']))),
  ).toEqual(wanted);
});

import { expect, test } from 'vitest';
import { type AddressRow, chooseFacts, type IdentityRow, type MethodRow } from '../../src/findings/enrichment.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVENT = Date.parse('2026-03-01T10:00:00Z');
const LATENESS = 900_000;
const ask = { userId: 'u', ip: '198.51.100.7', startMs: EVENT, endMs: EVENT + HOUR, changeMs: EVENT };

const identity = (atMs: number, more: Partial<IdentityRow> = {}): IdentityRow => ({
  userId: 'u',
  atMs,
  ingestedMs: atMs,
  userType: 'Member',
  department: 'Finance',
  jobTitle: '',
  manager: '',
  createdMs: undefined,
  roles: [],
  enabled: true,
  serviceAccount: false,
  onPremises: false,
  ...more,
});
const method = (atMs: number, reason: string, more: Partial<MethodRow> = {}): MethodRow => ({
  userId: 'u',
  atMs,
  ingestedMs: atMs,
  operation: reason.replace(/^(\w+ \w+).*/, '$1 security info'),
  reason,
  id: `${atMs}-${reason}`,
  ...more,
});
const address = (atMs: number, more: Partial<AddressRow> = {}): AddressRow => ({
  userId: 'u',
  atMs,
  ingestedMs: atMs,
  ip: '198.51.100.7',
  success: true,
  namedLocation: '',
  deviceTrust: '',
  ...more,
});
const choose = (rows: { identity?: IdentityRow[]; methods?: MethodRow[]; address?: AddressRow[] }) =>
  chooseFacts(ask, { identity: rows.identity ?? [], methods: rows.methods ?? [], address: rows.address ?? [] }, LATENESS);

test('the newest snapshot of the account up to the event counts, whatever was learnt later', () => {
  const rows = [identity(EVENT - 9 * DAY, { department: 'Sales' }), identity(EVENT - DAY), identity(EVENT + DAY, { department: 'Gone' })];
  expect(choose({ identity: rows }).identity).toMatchObject({ department: 'Finance', atMs: EVENT - DAY });
  expect(choose({ identity: rows.toReversed() })).toEqual(choose({ identity: rows }));
});

test('a row that was ingested after the lateness bound is not seen: it would depend on when the finding is written', () => {
  expect(choose({ identity: [identity(EVENT - DAY, { ingestedMs: ask.endMs + LATENESS + 1 })] }).identity).toBeUndefined();
  expect(choose({ identity: [identity(EVENT - DAY, { ingestedMs: ask.endMs + LATENESS })] }).identity).toBeDefined();
});

test('another user, or a snapshot from long before, is nothing', () => {
  expect(choose({ identity: [identity(EVENT - DAY, { userId: 'v' }), identity(EVENT - 90 * DAY)] }).identity).toBeUndefined();
});

test('the inventory of methods before and after, from what was registered and deleted', () => {
  const methods = [
    method(EVENT - 20 * DAY, 'User registered Authenticator App with Notification'),
    method(EVENT - 19 * DAY, 'User registered Mobile Phone SMS'),
    method(EVENT - 5 * DAY, 'User deleted Mobile Phone SMS'),
    method(EVENT - 4 * DAY, 'Admin registered temporary access pass method for user'),
    method(EVENT - 3 * DAY, 'User registered all required security info.'),
    method(EVENT, 'User registered Fido'),
    method(EVENT, '', { operation: 'Add Passkey (device-bound)' }),
    method(EVENT + HOUR / 2, 'User deleted Authenticator App with Notification'),
    method(EVENT + DAY, 'User registered Email'),
  ];
  expect(choose({ methods }).methods).toMatchObject({
    before: ['Authenticator App with Notification', 'temporary access pass'],
    after: ['Fido', 'passkey', 'temporary access pass'],
    lastChangeBeforeMs: EVENT - 3 * DAY,
  });
  expect(choose({ methods: methods.toReversed() })).toEqual(choose({ methods }));
});

test('what was registered between the first suspicious event and the change was there before the change', () => {
  const methods = [method(EVENT + 1, 'User registered Mobile Phone SMS'), method(EVENT + HOUR, 'User registered Fido')];
  const facts = chooseFacts({ ...ask, changeMs: EVENT + HOUR }, { identity: [], methods, address: [] }, LATENESS).methods;
  expect(facts).toMatchObject({ before: ['Mobile Phone SMS'], after: ['Fido', 'Mobile Phone SMS'], lastChangeBeforeMs: EVENT + 1 });
});

test('first and last seen of the address count only successes of this user before the event', () => {
  const rows = [
    address(EVENT - 10 * DAY, { deviceTrust: 'managed', namedLocation: 'Office' }),
    address(EVENT - 2 * DAY),
    address(EVENT - DAY, { success: false }),
    address(EVENT - DAY, { ip: '203.0.113.1' }),
    address(EVENT + 1),
  ];
  expect(choose({ address: rows }).address).toMatchObject({
    firstSeenMs: EVENT - 10 * DAY,
    lastSeenMs: EVENT - 2 * DAY,
    signIns: 2,
    namedLocations: ['Office'],
    deviceTrust: ['managed'],
  });
  expect(choose({}).address).toMatchObject({ signIns: 0, firstSeenMs: undefined });
  expect(chooseFacts({ ...ask, ip: '' }, { identity: [], methods: [], address: rows }, LATENESS).address).toBeUndefined();
});

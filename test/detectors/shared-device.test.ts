import { describe, expect, test } from 'vitest';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const people = ['amber.stone', 'bruno.vale', 'amber.stone-admin'];
const office: readonly EventRow[] = Array.from({ length: 60 }, (_, i) =>
  signIn(people[i % 3]!, at(START, Math.floor(i / 3) * DAY + (i % 3) * 7)),
);
const app = (id: string, token: string) => ({ Id: id, DeviceToken: token, DeviceName: 'phone', PhoneAppVersion: '6.8' });
const TOKEN = 'apns2-0123456789abcdef';
const apps = (before: readonly object[], after: readonly object[]) =>
  JSON.stringify([{ name: 'StrongAuthenticationPhoneAppDetail', oldValue: JSON.stringify(before), newValue: JSON.stringify(after) }]);
const twin = (user: string, minutes: number, properties: string) =>
  registration(user, later(minutes), {
    OperationName: 'Update user',
    LoggedByService: 'Core Directory',
    ResultReason: '',
    ActorIp: '',
    ModifiedProperties: properties,
  });
/** Somebody puts a device on the account; and the upkeep that the service writes about its owner, whose device it was all along. */
const plants = (user: string) => registration(user, later(0), { ModifiedProperties: apps([], [app('a', TOKEN)]) });
const upkeep = (user: string, minutes: number, token = TOKEN) => twin(user, minutes, apps([app('b', token)], [app('b', token)]));

const shared = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...rows]).filter(({ kind, subject }) => kind === 'source' && subject.startsWith('device:'));

describe('an authenticator on one device for two people', () => {
  test.each<readonly [string, number]>([
    ['whose device it is shows before', -DAY],
    ['whose device it is shows three weeks later', 21 * DAY],
  ])('%s: Medium at least, with both and the registration', (_, minutes) => {
    const planted = plants('amber.stone');
    const [found, ...more] = shared(upkeep('bruno.vale', minutes), planted);
    expect(more).toEqual([]);
    expect(found!.score).toBeGreaterThanOrEqual(50);
    expect(found!.users.map(({ userId }) => userId).sort()).toEqual(['amber.stone', 'bruno.vale']);
    expect(found!.events.map(({ id }) => id)).toContain(planted.Id);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['the two accounts have one name', [plants('amber.stone'), upkeep('amber.stone-admin', DAY)]],
    ['the upkeep is of the account itself', [plants('amber.stone'), upkeep('amber.stone', DAY)]],
    ['the other has another device', [plants('amber.stone'), upkeep('bruno.vale', DAY, 'apns2-fedcba9876543210')]],
    ['nobody registered it: both have had it', [upkeep('amber.stone', 0), upkeep('bruno.vale', DAY)]],
  ])('%s: nothing', (_, rows) => {
    expect(shared(...rows)).toEqual([]);
  });
});

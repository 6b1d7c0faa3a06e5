import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const names =
  'amber.stone bruno.vale carla.winter david.moss edith.lane frank.ocean greta.field henry.brook irene.marsh jonas.cliff karin.dale lukas.wood'.split(
    ' ',
  );
const office: readonly EventRow[] = Array.from({ length: 20 * names.length }, (_, i) =>
  signIn(names[i % names.length]!, at(START, Math.floor(i / names.length) * DAY + (i % names.length) * 7)),
);
const app = (DeviceToken: string, DeviceName: string) =>
  JSON.stringify([{ name: 'StrongAuthenticationPhoneAppDetail', oldValue: '[]', newValue: JSON.stringify([{ DeviceToken, DeviceName }]) }]);
const number = (PhoneNumber: string) =>
  JSON.stringify([{ name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: JSON.stringify([{ PhoneNumber }]) }]);
const hexOf = (seed: number) => Array.from({ length: 5 }, (_, i) => Math.imul(seed + i + 1, 0x9e3779b1) >>> 0).join('');
const TOKEN = 'apns2-3c9e51d07fa2b684';

/** Each registers at the desk, so many minutes after the one before. */
const each = (users: readonly string[], properties: (i: number) => string, from = 21 * DAY, apart = 900) =>
  users.map((user, i) => registration(user, at(START, from + i * apart), { ModifiedProperties: properties(i) }));
const sharedBy = (rows: readonly EventRow[]): readonly Judgement[] =>
  judgeAll([...office, ...rows]).filter(({ contributions }) =>
    contributions.some(({ detector, llr }) => detector === 'D7-mass-registration' && llr > 0),
  );
const users = (found: readonly Judgement[]) => found.find(({ kind }) => kind === 'source')?.users.length ?? 0;

describe('a text that the log has for many phones', () => {
  test.each<readonly [string, (i: number) => string]>([
    ['a token that was removed', (i) => app('apns2-redacted', `phone ${i % 3}`)],
    ['one of the service for phones without', () => app('NO_DEVICE_TOKEN', 'iPhone')],
    ['a number but for its last digits', () => number('+XX XXXXXXX652')],
    ['a number of zeros', () => number('+49 0000000000')],
  ])('%s raises nothing', (_, properties) => {
    expect(sharedBy(each(names, properties))).toEqual([]);
  });

  test('one word with different names of phones raises nothing: one phone has one name', () => {
    expect(sharedBy(each(names, (i) => app('apns2-one-for-all', ['iPhone 15', 'Pixel 8', 'Galaxy S23'][i % 3]!)))).toEqual([]);
  });

  test('what a filter made of the text for phones without one, among tokens of others: nothing more once many have it, day after day', () => {
    const others = each(names.slice(0, 4), (i) => app(`apns2-${hexOf(i)}`, 'iPhone'), DAY);
    const found = sharedBy([...others, ...each(names, (i) => app(TOKEN, ['iPhone 15', 'Pixel 8', 'Galaxy S23'][i % 3]!), 4 * DAY)]);
    expect(found.filter(({ kind }) => kind === 'source')).toEqual([]);
    expect(found.flatMap(({ users }) => users.map(({ userId }) => userId))).not.toContain(names[8]);
  });

  test('one number for everybody who has one, day after day: nothing more once that is seen, and what was said of it is taken back', () => {
    const found = sharedBy(each(names, () => number('+49 170 5550188')));
    expect(found.filter(({ kind }) => kind === 'source')).toEqual([]);
    expect(found.flatMap(({ users }) => users.map(({ userId }) => userId))).not.toContain(names[8]);
  });
});

describe("an attacker's one phone on many accounts stays hard evidence", () => {
  const others = (from: number, to: number) => each(names.slice(from, to), (i) => app(`apns2-${hexOf(i)}`, 'iPhone'), 2 * DAY);
  test('among the phones of others', () => {
    const found = sharedBy([...others(8, 12), ...each(names.slice(0, 8), () => app(TOKEN, 'iPhone'))]);
    expect(users(found)).toBe(8);
    expect(found.find(({ kind }) => kind === 'source')).toMatchObject({ hardEvidence: true });
  });
  test('where everybody else has a token that was removed', () => {
    const hidden = each(names.slice(4), () => app('apns2-redacted', 'iPhone'), 2 * DAY);
    expect(users(sharedBy([...hidden, ...each(names.slice(0, 4), () => app(TOKEN, 'iPhone'))]))).toBe(4);
  });
  test('where nobody else has a phone, all at once', () => {
    expect(users(sharedBy(each(names, () => app(TOKEN, 'iPhone'), 21 * DAY, 5)))).toBe(12);
  });
  test('renamed once on the way', () => {
    const rows = each(names.slice(0, 6), (i) => app(TOKEN, i < 5 ? 'iPhone' : 'Pixel'));
    expect(users(sharedBy([...others(6, 12), ...rows]))).toBe(6);
  });
  test.each([2, 3, 5])('renamed for each of %i victims: whoever holds a phone calls it what they like', (count) => {
    const rows = each(names.slice(0, count), (i) => app(TOKEN, `phone of ${names[i]}`));
    expect(users(sharedBy([...others(6, 12), ...rows]))).toBe(count);
  });
  test('renamed for each of twelve within an hour', () => {
    expect(users(sharedBy(each(names, (i) => app(TOKEN, `phone of ${names[i]}`), 21 * DAY, 5)))).toBe(12);
  });
  test('where the names of all accounts were removed', () => {
    const rows = each(names.slice(0, 3), () => app(TOKEN, 'iPhone')).map((row) => ({
      ...row,
      TargetUpn: 'redacted',
      ActorUpn: 'redacted',
    }));
    expect(users(sharedBy(rows))).toBe(3);
  });
});

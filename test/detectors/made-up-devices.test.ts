import { describe, expect, test } from 'vitest';
import { coverageWarnings } from '../../src/pipeline/coverage-warnings.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, restartedAt } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START } from '../support/three-weeks.ts';

const PEOPLE = 40;
const AWAY = '203.0.113.66';

const computer = { OperatingSystem: 'Windows 11', Browser: 'Edge' };
const telephone = { OperatingSystem: 'iOS 18', Browser: 'Mobile Safari' };

/** People who use a computer and another thing each day, and user-3 abroad; the DeviceId is what is given for the user and the thing. */
function rowsOf(
  idOf: (user: number, thing: number) => string,
  things: readonly [object, object] = [computer, telephone],
): readonly EventRow[] {
  const row = (user: number, time: bigint, thing: number, over: object = {}) =>
    signIn(`user-${user}`, time, { ...things[thing], DeviceId: idOf(user, thing), DeviceTrust: '', SessionId: '', ...over });
  const days = Array.from({ length: 20 * PEOPLE * 2 }, (_, i) => {
    const user = i % PEOPLE;
    const thing = Math.floor(i / PEOPLE) % 2;
    const day = Math.floor(i / (2 * PEOPLE));
    return row(user, at(START, day * DAY + thing * 60 + user), thing, { IPAddress: `198.51.${user}.10` });
  });
  const visit = row(3, later(-5), 0, { IPAddress: AWAY, Country: 'BR', Asn: '64501', AppDisplayName: 'My Signins' });
  const added = registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: PHONE });
  // The number of two others: the registration is reported, whatever is weak about it.
  const others = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE }));
  return [...days, ...others, visit, added];
}
const total = (rows: readonly EventRow[]) =>
  judgeAll(rows)
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .reduce((sum, { llr }) => sum + llr, 0);
function warningsOf(rows: readonly EventRow[]): readonly string[] {
  const engine = new Engine();
  feed(engine, rows);
  engine.advance(Number.POSITIVE_INFINITY);
  return coverageWarnings(engine.coverage());
}

const ofThing = (user: number, thing: number) => `device-${user}-${thing}`;
const ofUser = (user: number) => `pseudonym-of-user-${user}`;

describe('one DeviceId for all that a user does, as an export that hides it by the user writes', () => {
  const none = total(rowsOf(() => ''));

  test("is no device's: an intruder with it is no more the owner than one without", () => {
    // A device of the user's own says a lot, or there would be nothing to see.
    expect(total(rowsOf(ofThing))).toBeLessThan(none - 5);
    expect(Math.abs(total(rowsOf(ofUser)) - none)).toBeLessThan(0.5);
  });

  test('is told of', () => {
    expect(warningsOf(rowsOf(ofThing))).toEqual([]);
    expect(warningsOf(rowsOf(ofUser))).toEqual([expect.stringMatching(/^The DeviceIds in the sign-ins of 1 tenant are no devices/)]);
  });

  test('is known again after a restart', () => {
    const rows = rowsOf(ofUser);
    const second = restartedAt(rows, rows.length - 2);
    const llrs = second
      .takeJudgements()
      .find(({ subject }) => subject === 'user-3')
      ?.contributions.map(({ llr }) => llr);
    expect(llrs?.reduce((sum, llr) => sum + llr, 0)).toBeCloseTo(total(rows), 6);
  });
});

describe('two operating systems', () => {
  const own = total(rowsOf(ofThing));

  test('of a few ids are chance: an emulated browser, a stolen token', () => {
    expect(total(rowsOf((user, thing) => (user < 9 ? ofUser(user) : ofThing(user, thing))))).toBeCloseTo(own, 0);
  });

  test('that a tablet says in turn are one', () => {
    const tablet = rowsOf(ofUser, [{ OperatingSystem: 'MacOs', Browser: 'Safari' }, telephone]);
    expect(warningsOf(tablet)).toEqual([]);
  });
});

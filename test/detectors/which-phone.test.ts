import { describe, expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const OLD = 'Mobile app notification: Pixel 7';
const NEW = 'Mobile app notification: iPhone 15';
/** Three weeks of twelve people, each at home in a browser of their own, answering with an old phone. */
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `198.51.${100 + u}.10`, SessionId: `week-${u}`, Answers: OLD });
const people: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), home(i % 12)),
);
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The number of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const AWAY = '203.0.113.66';
const registered = (over: Partial<AuditRow> = {}) =>
  registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: SHARED, ...over });
const stranger = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...bare, IPAddress: AWAY, SessionId: 'fresh', Answers: NEW, ...over });
/** The owner a little out of the way, in a session of their own that nothing else is known of. */
const owner = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...home(3), IPAddress: '198.51.103.77', SessionId: 'mine', ...over });

const evidence = (rows: readonly EventRow[]) =>
  judgeAll(rows)
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D20-which-phone');
const said = (...rows: readonly EventRow[]) => evidence([...people, ...witness, registered(), ...rows]);

describe('an old phone and a new one', () => {
  test('both answer, never together: two people, the surer the more hours', () => {
    const [few] = said(stranger(30), owner(200));
    expect(few?.words).toMatch(/iPhone 15\) answered prompts in 1 hour, while a method that the user had before still answers/);
    expect(few?.llr).toBeGreaterThan(1);
    const [more] = said(stranger(30), owner(200), stranger(300), owner(1400), stranger(1500), owner(1600));
    expect(more?.llr).toBeGreaterThan(few!.llr);
    expect(more?.counts).toEqual({ old_hours: 3, new_hours: 3 });
  });
  test('the rows of the answers before it was told are listed too', () => {
    const answers = [stranger(30), owner(200), stranger(300)];
    const unit = judgeAll([...people, ...witness, registered(), ...answers]).find(
      ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
    )!;
    const item = unit.contributions.find(({ detector, llr }) => detector === 'D20-which-phone' && llr > 0)!;
    expect(item.eventIds).toEqual([answers[0]!.Id, answers[2]!.Id]);
    expect(unit.events.map(({ id }) => id)).toEqual(expect.arrayContaining([...item.eventIds]));
  });
  test('that it is tried out where and when it is registered, on whose computer ever, says nothing of who holds it', () => {
    // At the owner's own browser, unlocked, at their own address.
    const here = registered({ ActorIp: '198.51.103.10' });
    const tried = (minutes: number) => signIn('user-3', later(minutes), { ...home(3), Answers: NEW });
    const held = (minutes: number) => evidence([...people, ...witness, here, tried(minutes)]);
    expect(held(2)).toEqual([]);
    expect(held(90)).toMatchObject([{ group: 'client', words: expect.stringMatching(/beside a known device or browser/) }]);
  });
  test('that colleagues have come to the place says nothing any more: whoever holds the new one is a colleague', () => {
    const colleagues = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((u) =>
      signIn(`user-${u}`, later(-DAY + u), { ...home(u), IPAddress: `203.0.113.${140 + u}` }),
    );
    const there = (...rows: readonly EventRow[]) =>
      judgeAll([...people, ...witness, ...colleagues, registered(), ...rows])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .filter(({ detector }) => detector === 'D21-colleagues-there');
    const some = [stranger(30), owner(200)];
    expect(there(...some)).toMatchObject([{ group: 'context' }]);
    expect(there(...some, stranger(300), owner(1400))).toEqual([]);
  });
  test('a nameless code may be that of the new app: that codes go on says nothing of the old one', () => {
    const app = (minutes: number) => stranger(minutes, { Answers: 'Mobile app notification' });
    const codes = Array.from({ length: 12 }, (_, i) => owner((i - 14) * DAY, { Answers: 'OATH verification code' }));
    const going = (Answers: string) => [...codes, app(30), owner(200, { Answers }), app(300), owner(1400, { Answers })];
    // The app that answered by name so far is another one.
    expect(said(...going(OLD)).some(({ words }) => /still answers/.test(words))).toBe(true);
    expect(said(...going('OATH verification code')).some(({ words }) => /still answers/.test(words))).toBe(false);
  });
  test('the old one answered last before the new one did: it was replaced', () => {
    expect(said(owner(20), owner(200), stranger(300), stranger(500))).toEqual([]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['in one session', [stranger(30), owner(200), owner(300, { SessionId: 'fresh', IPAddress: '198.51.103.9' })]],
    ['where the old one answered', [stranger(30), owner(200), stranger(300, { SessionId: 'other', IPAddress: '198.51.103.77' })]],
    ['where the new one answered', [stranger(30), owner(200, { IPAddress: AWAY })]],
    ['in a session of weeks', [stranger(30, { SessionId: 'week-3' })]],
    ['on a device of theirs', [signIn('user-3', later(30), { Answers: NEW, IPAddress: AWAY, DeviceId: 'mine' })]],
  ])('together %s: one person', (name, rows) => {
    const known = Array.from({ length: 12 }, (_, i) => signIn('user-3', at(START, i * DAY + 400), { DeviceId: 'mine', Answers: OLD }));
    const found = evidence([...people, ...(name.startsWith('on a device') ? known : []), ...witness, registered(), ...rows]);
    expect(found.map(({ llr, group }) => [llr < -2, group])).toEqual([[true, 'client']]);
  });
  test('a session of weeks in a country that is new to the user is no proof: its cookie may be stolen', () => {
    const far = { Country: 'BR', Asn: '28573', SessionId: 'week-3' };
    expect(said(stranger(30, far), stranger(200, far))).toEqual([]);
    // Nor where it is the owner who comes second.
    expect(said(stranger(30, { ...far, SessionId: 'young' }), owner(200, { SessionId: 'young' }))).toEqual([]);
  });
  test('after another registration nobody knows whose answer it is', () => {
    const second = registration('user-3', later(100), { ActorIp: '198.51.103.10' });
    const [unit, ...rest] = judgeAll([...people, ...witness, registered(), second, stranger(130), owner(200), stranger(300), owner(400)])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .filter(({ startMs }) => startMs <= Number((later(10) - at('1970-01-01T00:00:00Z')) / 10_000n));
    expect(rest).toEqual([]);
    expect(unit!.contributions.filter(({ detector }) => detector === 'D20-which-phone')).toEqual([]);
  });
  test('a key that lives in one computer says nothing', () => {
    const hello = registered({ ResultReason: 'User registered Windows Hello for Business' });
    const rows = [stranger(30, { Answers: 'Windows Hello for Business:', Methods: 'Windows Hello for Business' }), owner(200), owner(300)];
    expect(evidence([...people, ...witness, hello, ...rows])).toEqual([]);
  });
  test('where the registration shows no address, a new country of the answers counts as well', () => {
    const rows = (over: Partial<SignInRow>) => [stranger(30, over), owner(200), owner(300)];
    const unplaced = (over: Partial<SignInRow>) => evidence([...people, ...witness, registered({ ActorIp: '' }), ...rows(over)])[0]!;
    const far = { Country: 'BR', Asn: '28573' };
    expect(unplaced(far).llr).toBeGreaterThan(unplaced({}).llr);
    expect(unplaced(far).words).toMatch(/in a country or network that is new to the user/);
    expect(said(...rows(far))[0]!.llr).toBe(said(...rows({}))[0]!.llr);
  });
  test('a key, which may stay at one computer, says less than a phone', () => {
    const fido = registered({ ResultReason: 'User registered Fido' });
    const rows = [stranger(30, { Answers: 'FIDO2 security key:', Methods: 'FIDO2 security key' }), owner(200), owner(300)];
    const [key] = evidence([...people, ...witness, fido, ...rows]);
    expect(key?.llr).toBeLessThan(said(stranger(30), owner(200), owner(300))[0]!.llr);
  });
  test('a computer that goes on to unlock itself is no phone that goes on', () => {
    const hello = (minutes: number) => owner(minutes, { Answers: 'Windows Hello for Business:', Methods: 'Windows Hello for Business' });
    const before = [hello(-3000), hello(-2000)];
    const said = evidence([...people, ...before, ...witness, registered(), stranger(30), hello(200), stranger(300), hello(400)]);
    expect(said).toEqual([]);
  });
  describe('the new one answers where the user always was', () => {
    /** In a session and at an address of their home that nothing else is known of. */
    const home3 = (minutes: number, over: Partial<SignInRow> = {}) =>
      owner(minutes, { SessionId: 'another', IPAddress: '198.51.103.90', Answers: NEW, ...over });
    test('whoever holds it is at home there, though the old one goes on', () => {
      const [item, ...more] = said(stranger(30), owner(200), home3(1500), owner(1600));
      expect(more).toEqual([]);
      expect(item).toMatchObject({ group: 'client' });
      expect(item!.llr).toBeLessThan(-1.5);
      expect(item!.words).toMatch(/at a usual place of the user, which is not where it was registered/);
    });
    test('not in a browser that is not theirs, nor at a place that a visitor has just come to', () => {
      const away = { IPAddress: '198.51.180.7' };
      for (const row of [home3(1500, { OperatingSystem: 'Linux', Browser: 'Firefox' }), home3(1500, away)])
        expect(said(stranger(30), owner(200), row, owner(1600)).every(({ llr }) => llr > 0)).toBe(true);
    });
    test('not where it was registered, be it a usual place by now', () => {
      const there = registered({ ActorIp: '198.51.103.200' });
      const rows = [...people, ...witness, there, home3(30), owner(200, { IPAddress: '198.51.104.3' }), home3(1500)];
      expect(evidence(rows).filter(({ words }) => /usual place/.test(words))).toEqual([]);
    });
    test('of a pass from the help desk, too, for the method that it let in', () => {
      const pass = registered({
        OperationName: 'Admin registered security info',
        ResultReason: 'Admin registered temporary access pass method for user',
        ActorUserId: 'user-5',
        ActorUpn: 'user-5@contoso.example',
        ActorIp: '198.51.105.10',
      });
      const [item] = evidence([...people, ...witness, pass, stranger(30), home3(1500)]);
      expect(item?.llr).toBeLessThan(-1.5);
    });
  });
  test('another kind than was registered is not the new one', () => {
    expect(said(stranger(30, { Answers: 'Text message: +XX XXXXXXXX12' }), owner(200), owner(300))).toEqual([]);
  });
  test('without names it goes by the kind of method', () => {
    const plain = (row: EventRow) => ('Answers' in row ? { ...row, Answers: '', Methods: row.Answers.split(':')[0]! } : row);
    const sms = registered({ ResultReason: 'User registered Mobile Phone SMS' });
    const rows = [stranger(30, { Answers: 'Text message: +XX XXXXXXXX12' }), owner(200), owner(300)];
    const [found] = evidence([...people, ...witness, sms, ...rows].map(plain));
    expect(found?.words).toMatch(/^The new method answered prompts in 1 hour, while a method that the user had before still answers/);
    expect(evidence([...people, ...witness, registered(), stranger(30), owner(200), owner(300)].map(plain))).toEqual([]);
  });
  describe('a phone that some rows name and some do not', () => {
    const nameless = (row: EventRow) => ('Answers' in row ? { ...row, Answers: 'Mobile app notification:' } : row);
    const app = (id: string, name: string) => ({ Id: id, DeviceToken: `token-of-${id}`, DeviceName: name });
    /** The directory's record of the change: the phone that there was, and the one that came. */
    const named = (came: string) =>
      registered({
        ModifiedProperties: JSON.stringify([
          ...(JSON.parse(SHARED) as unknown[]),
          {
            name: 'StrongAuthenticationPhoneAppDetail',
            oldValue: JSON.stringify([app('1', 'Pixel 7')]),
            newValue: JSON.stringify([app('1', 'Pixel 7'), app('2', came)]),
          },
        ]),
      });
    const judged = (record: EventRow, ...rows: readonly EventRow[]) => evidence([...people.map(nameless), ...witness, record, ...rows]);
    const beside = (minutes: number, over: Partial<SignInRow> = {}) => owner(minutes, { SessionId: 'week-3', ...over });

    test('the old one, named for the first time, is not taken for the new one', () => {
      expect(judged(named('iPhone 15'), beside(200), beside(300))).toEqual([]);
      const [two, ...more] = judged(named('iPhone 15'), beside(20), stranger(30), beside(200), stranger(300), beside(1400));
      expect(more).toEqual([]);
      expect(two!.words).toMatch(
        /iPhone 15\) answered prompts in 2 different hours, while a method that the user had before still answers/,
      );
      expect(two!.llr).toBeGreaterThan(3);
    });
    test('without a name in the record it says less: it may be the old one', () => {
      const [unsure] = judged(registered(), beside(200));
      const [sure] = judged(named('iPhone 15'), beside(200, { Answers: NEW }));
      expect(sure!.llr).toBeLessThan(-2);
      expect(unsure!.llr).toBeLessThan(0);
      expect(unsure!.llr).toBeGreaterThan(sure!.llr / 2);
    });
    test('what the new one shows counts from when it is known which it is', () => {
      const [two] = judged(registered(), beside(200), stranger(300), beside(400));
      expect(two!.llr).toBeLessThan(0);
      const [known] = judged(named('iPhone 15'), beside(200), stranger(300), beside(400));
      expect(known!.llr).toBeGreaterThan(2);
    });
    test('nor does a code of the same phone make it another', () => {
      const code = { Answers: 'OATH verification code: Pixel 7' };
      expect(said(beside(200, code), beside(300, code))).toEqual([]);
    });
    test('an intruder whose phone is named as the owner’s gains nothing by it', () => {
      const same = { Answers: OLD };
      expect(judged(named('Pixel 7'), stranger(30, same), beside(200), beside(300))).toEqual([]);
    });
  });
  test('what a number calls itself cannot pass for another step', () => {
    const [found] = said(stranger(30, { Answers: `Mobile app notification: a; ${OLD}` }), owner(200), owner(300));
    expect(found?.llr).toBeGreaterThan(1);
  });
});

import { DAY_MS } from '../core/durations.ts';
import type { AuditFact } from '../events/audit/interpret.ts';
import type { MethodKind } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector, withRows } from './detector.ts';
import type { Contribution, EvidenceEvent } from './evidence.ts';
import { type Answer, answerId, answersOf, BOUND, isOfKind, kindsLike } from './shared/answers.ts';
import { isCrowded } from './shared/crowded.ts';
import { client, isUsual, isUsualDevice, newLevel, newness, tenureOf } from './shared/habits.ts';
import { addHour, type Hours, NO_HOURS } from './shared/hours.ts';
import { isKnownAt } from './shared/known-hand.ts';
import { RecentValues } from './shared/recent-values.ts';
import { sessionAges } from './shared/session-ages.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type Unit } from './stream/unit.ts';

/** What answered for the user on one side: in how many hours, in which sessions and at which addresses. */
interface Side extends Hours {
  readonly sessions: readonly number[];
  readonly addresses: readonly number[];
}
/** Who answered prompts in the week after a registration: by a method that the user had before, or by the new one. */
interface Line {
  touchedMs: number;
  /** What had answered for the user before. */
  readonly before: readonly number[];
  /** By the directory's record of the change: phones and numbers that came by it, and what was there before. */
  phones: readonly number[];
  numbers: readonly number[];
  held: readonly number[];
  /** The new one answered by a name that tells it from what the user had; else it may be an old one that is seen for the first time. */
  sure: boolean;
  old: Side;
  fresh: Side;
  /** The old one answered after the new one had: a phone that was replaced does not. */
  goesOn: boolean;
  /** The new one answered beside what the user is known by, or where the old one answers too. */
  met: boolean;
  /** The new one answered where the user always was, and the method was not registered there; at an address that many have in common. */
  atHome: boolean;
  amongMany: boolean;
  isFar: boolean;
  name: string;
  /** Where the new one answered. */
  rows: readonly EvidenceEvent[];
}
const NOTHING: Side = { ...NO_HOURS, sessions: [], addresses: [] };
const MAX_PLACES = 8;
const MAX_KNOWN = 8;
const KEEP_MS = 120 * DAY_MS;
const MAX_ROWS = 4;
/** Another registration is another method: whose answer it is would be a guess. */
const SAME_VISIT_MS = 15 * 60_000;
/** A key may stay at one computer while a phone answers everywhere else; and what it says all the same. */
const KEYS: ReadonlySet<MethodKind> = new Set(['fido2', 'passkey']);
const OF_KEYS = 0.6;
/** The new one answered in a country or network that is new to the user, and the record of the registration does not say where that was. */
const FAR = 1;
/**
 * Hours with answers, on both sides together, and what it says that the old one goes on, and the two never meet. In 15 tenants of four generators, by a
 * name that tells the new one: 6 and more 28 of 513 intruders and 1 of 6,317 owners, 4 and more 44 and 2.
 */
const APART = [
  [6, 5.9],
  [4, 5.3],
  [3, 3.8],
  [2, 3.2],
] as const;
/** From which on it outweighs that colleagues are where the method was registered: a colleague who holds the phone is, too. */
const TELLING = 5;
const COLLEAGUES = 'D21-colleagues-there';
const TOGETHER = -2.5;
/** It answered at a usual place of the user, far from where it was registered: whoever holds it is at home there; in an office a colleague may. */
const AT_HOME = -2;
const AMONG_MANY = -1.2;
/** What is left of these, and of two apart, where what answered may be an old one that is seen for the first time. */
const UNSURE = 0.4;
const UNSURE_APART = 0.7;
/** A phone may be named in some rows and nameless in others. */
const NAMELESS = '';
/** From when on places of a user are known that no visitor has made so just now. */
const SETTLED = { signIns: 10, days: 10 } as const;
const MAX_NAME = 60;
const union = (a: readonly number[], b: readonly number[]) => [...new Set([...a, ...b])].slice(0, MAX_KNOWN);
const PARTS = 'D20-which-phone';
const HELD = 'D20-which-phone:held';

export const detector: DetectorSpec = defineDetector({
  /**
   * Which phone, number or key answers the prompts in the week after a registration. One that the user had before goes on to answer after
   * the new one has, and the two never meet in a session or at an address: two people hold them. The new one answers beside a device or a
   * session that the user is known by, or where the old one does, or at a usual place of the user that is not the place of the
   * registration: both are the user's. Of a pass that somebody gave out the method that it let in is followed.
   * Works where prompts come in that week, by the names that sign-ins show (AuthenticationDetails), else by kinds of methods. Which one is
   * new the directory's record of the change tells (the phone's name, the number's last digits); else a name that is seen for the first
   * time may be that of an old phone, which was nameless so far, and says less. Blind where nobody is asked, where old and new have one
   * name or give nameless codes alike, and after another registration. Methods bound to one computer are left out, and keys count for less.
   * Cost: a list look-up for sign-ins in which a method was asked for. Memory: eight values a user who answered, for 120 days, 1,000,000
   * users; a line a registration of the last week, 50,000 at most.
   * No parameters.
   * ATT&CK T1098.005. Ref: post-registration use, detectors.md B1 D14; authenticationMethodDetail of Graph's authenticationDetail.
   */
  id: PARTS,
  title: 'The new method answers for somebody else',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'The user has both the old and the new phone, and confirms the sign-ins that the new one answered.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const known = new RecentValues(host, 'D20.known', 1_000_000, MAX_KNOWN);
    const lines = host.objects<Line>('D20.lines', 50_000);
    const ages = sessionAges(host);
    const fits = ({ kind }: Answer, registered: MethodKind) =>
      !BOUND.has(kind) && (registered === 'unknown' || registered === 'tap' || isOfKind(kind, registered));
    const idsOf = (kind: MethodKind, names: readonly string[]) => names.map((name) => answerId(kind, name));
    const numbersAmong = (targets: readonly string[]) => targets.filter((target) => target.startsWith('phone:'));
    /** A record of the registration may name what came by it and what was there before, as answers will. */
    const noteNames = (line: Line, { phones, heldPhones, targets, held }: AuditFact): void => {
      line.phones = union(line.phones, idsOf('authenticator', phones));
      line.numbers = union(line.numbers, idsOf('phone', numbersAmong(targets)));
      line.held = union(line.held, [...idsOf('authenticator', heldPhones), ...idsOf('phone', numbersAmong(held))]);
    };
    const isOldAnswer = ({ before, held }: Readonly<Line>, { id }: Answer) => before.includes(id) || held.includes(id);
    const hadNameless = ({ before }: Readonly<Line>, kind: MethodKind) =>
      [...kindsLike(kind)].some((like) => before.includes(answerId(like, NAMELESS)));
    const isFresh = (line: Readonly<Line>, answer: Answer, registered: MethodKind): boolean => {
      if (isOldAnswer(line, answer) || !fits(answer, registered)) return false;
      // A code, nameless, is as well that of the app that was there before.
      return answer.name !== NAMELESS || answer.kind === registered || !hadNameless(line, answer.kind);
    };
    const isSure = (line: Readonly<Line>, { id, kind, name }: Answer): boolean => {
      const alike = kindsLike(kind);
      const came = alike.has('authenticator') ? line.phones : alike.has('phone') ? line.numbers : [];
      if (came.length > 0) return came.includes(id);
      return name !== NAMELESS && line.before.length > 0 && !hadNameless(line, kind);
    };
    const isCrowd = (event: EventView) => isCrowded(host.crowds, event);
    const isAtHome = (unit: Readonly<Unit>, event: EventView) =>
      event.prefix !== 0 &&
      event.prefix !== unit.registration!.prefix &&
      newLevel(event) === undefined &&
      event.client !== 0 &&
      (isUsual(event, client) || isUsualDevice(event)) &&
      tenureOf(event, SETTLED) === 1;
    const isBesideAnother = (unit: Readonly<Unit>, event: EventView) =>
      unit.registration!.methodKind !== 'tap' &&
      (host.person(event)?.changes ?? []).some(
        ({ happening, timeMs }) => happening === 'registered' && timeMs - unit.openedMs > SAME_VISIT_MS && timeMs <= event.timeMs,
      );
    const add = (side: Side, event: EventView): Side => {
      const more = (values: readonly number[], value: number) =>
        value === 0 || values.includes(value) ? values : [...values, value].slice(-MAX_PLACES);
      return {
        ...addHour(side, event),
        sessions: more(side.sessions, event.browser),
        addresses: more(side.addresses, event.ipLo),
      };
    };
    const isOn = ({ sessions, addresses }: Side, event: EventView) =>
      sessions.includes(event.browser) || (addresses.includes(event.ipLo) && !isCrowd(event));
    const weigh = (unit: Readonly<Unit>, line: Readonly<Line>): readonly (readonly [key: string, item: Contribution | undefined])[] => {
      const counts = { old_hours: line.old.hours, new_hours: line.fresh.hours };
      const what = line.name === '' ? 'The new method' : `The new method (${line.name})`;
      const share = line.sure ? 1 : UNSURE;
      const held = (llr: number, where: string): readonly [string, Contribution] => {
        const words = `${what} answered a prompt ${where}.`;
        return [HELD, withRows(contribution({ ...detector, group: 'client' }, llr * share, words, counts, []), line.rows)];
      };
      if (line.met) return [[PARTS, undefined], held(TOGETHER, 'beside a known device or browser of the user')];
      if (line.atHome) return [[PARTS, undefined], held(AT_HOME, 'at a usual place of the user, which is not where it was registered')];
      const home = line.amongMany
        ? [held(AMONG_MANY, 'at a usual place of the user and of many colleagues, which is not where it was registered')]
        : [];
      // The help desk registers for who has lost the old one, and for who has it still somewhere.
      const step =
        line.goesOn && !unit.registration!.byOther ? APART.find(([least]) => line.old.hours + line.fresh.hours >= least) : undefined;
      if (step === undefined) return home;
      const hours = (n: number) => (n === 1 ? '1 hour' : `${n} different hours`);
      const isFar = line.isFar && unit.registration!.ip === '';
      const llr = step[1] * (KEYS.has(unit.registration!.methodKind) ? OF_KEYS : 1) * (line.sure ? 1 : UNSURE_APART) + (isFar ? FAR : 0);
      const words = `${what} answered prompts in ${hours(line.fresh.hours)}, while a method that the user had before still answers them (in ${hours(line.old.hours)}): the two never shared a session or an address${isFar ? ', and the new one is in a country or network that is new to the user' : ''}.`;
      return [[PARTS, withRows(contribution(detector, llr, words, counts, []), line.rows)], ...home];
    };
    return {
      learns: [EventClass.signIn],
      learn(event) {
        if (!event.has(Flag.answered)) return;
        for (const { id } of answersOf(event)) known.add(event.userLo, event.userHi, id, event.timeMs, KEEP_MS);
      },
      registration(unit, fact, event) {
        const { methodKind } = unit.registration!;
        if (event.userAt < 0 || (BOUND.has(methodKind) && methodKind !== 'tap')) return;
        const line = lines.edit(keyOfUnit(unit), () => ({
          touchedMs: event.timeMs,
          before: known.get(event.userLo, event.userHi),
          phones: [],
          numbers: [],
          held: [],
          sure: false,
          old: NOTHING,
          fresh: NOTHING,
          goesOn: false,
          met: false,
          atHome: false,
          amongMany: false,
          isFar: false,
          name: '',
          rows: [],
        }));
        noteNames(line, fact);
      },
      afterwards(unit, event) {
        if (event.eventClass !== EventClass.signIn || !event.has(Flag.answered)) return undefined;
        // Whoever registers a method tries it out, on the computer that they are at.
        if (event.prefix === unit.registration!.prefix && Math.abs(event.timeMs - unit.openedMs) <= SAME_VISIT_MS) return undefined;
        const key = keyOfUnit(unit);
        const before = lines.get(key);
        if (before === undefined) return undefined;
        const isKnown = isKnownAt(ages, event, unit.openedMs);
        const answers = answersOf(event);
        const fresh = answers.find((answer) => isFresh(before, answer, unit.registration!.methodKind));
        const isOld = answers.some((answer) => !BOUND.has(answer.kind) && isOldAnswer(before, answer));
        if (fresh === undefined ? !isOld : isBesideAnother(unit, event)) return undefined;
        // One session far away and at home may be a stolen cookie, and is no proof of either.
        const isFar = newness(event) === 1 && !isUsualDevice(event);
        const isShared = isKnown || before.old.sessions.includes(event.browser);
        if (fresh === undefined ? before.isFar && before.fresh.sessions.includes(event.browser) : isFar && isShared) return undefined;
        const line = lines.edit(key, () => before as Line);
        if (fresh === undefined) {
          line.met ||= isOn(line.fresh, event);
          // A nameless code may be that of the new app.
          const isOfNew = answers.every(({ kind, name }) => name === NAMELESS && isOfKind(kind, unit.registration!.methodKind));
          line.goesOn ||= line.fresh.hours > 0 && !isOfNew;
          line.old = add(line.old, event);
        } else {
          if (isSure(line, fresh) && !line.sure) {
            // Now that it is known which one is new, what another one showed is not the new one's.
            Object.assign(line, {
              sure: true,
              fresh: NOTHING,
              goesOn: false,
              met: false,
              atHome: false,
              amongMany: false,
              isFar: false,
              rows: [],
            });
          } else if (line.sure && !isSure(line, fresh)) return undefined;
          line.met ||= isKnown || isOn(line.old, event);
          if (isAtHome(unit, event)) {
            if (isCrowd(event)) line.amongMany = true;
            else line.atHome = true;
          }
          line.isFar ||= isFar;
          line.name = fresh.name.slice(0, MAX_NAME);
          line.fresh = add(line.fresh, event);
          line.rows = [...line.rows, event.evidence()].slice(-MAX_ROWS);
        }
        const said: Record<string, readonly Contribution[]> = {};
        for (const [part, item] of weigh(unit, line)) {
          if (unit.evidence[part]?.[0]?.llr !== item?.llr) said[part] = item === undefined ? [] : [item];
        }
        const isTelling = (said[PARTS] ?? unit.evidence[PARTS] ?? []).some(({ llr }) => llr >= TELLING);
        if (isTelling && (unit.evidence[COLLEAGUES] ?? []).length > 0) said[COLLEAGUES] = [];
        return Object.keys(said).length === 0 ? undefined : said;
      },
    };
  },
});

import { DAY_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector, withRows } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { answersOf, isOfKind } from './shared/answers.ts';
import { isCrowded } from './shared/crowded.ts';
import { isAskedToEnrol } from './shared/enrolling.ts';
import {
  client,
  isPerhapsPhone,
  isUsual,
  isUsualDevice,
  newLevel,
  newness,
  residents,
  SHARED_ADDRESS,
  showsClients,
  tenureOf,
  userKey,
} from './shared/habits.ts';
import { add, type Hand, MAX_ADDRESSES } from './shared/hand.ts';
import { isHosting } from './shared/hosting.ts';
import { isKnownAt, isLongKnown, isPhoneFromElsewhere } from './shared/known-hand.ts';
import { ALMOST_SETTLED, neverMet, neverThere, SETTLED, shareAt } from './shared/never-met.ts';
import { withoutOwner } from './shared/owners-traces.ts';
import { sessionAges } from './shared/session-ages.ts';
import { type Hands, newHands, newnessAt, type Visit, type Visits, visitBy } from './shared/two-hands.ts';
import { TwoLives } from './shared/two-lives.ts';
import { noteTelephone } from './shared/two-telephones.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type Unit } from './stream/unit.ts';

const MAX_VISITS = 4;
const MAX_SESSIONS = 8;
const MAX_REFUSALS = 4;
const MET = -2.5;
/** A cookie that was taken takes its thief to no address of the owner's, and no device of the owner's to the thief's. */
const MET_AT_HOME = -3.5;
/** A colleague's computer comes to the office, too; of 26 reported registrations that met there two were intruders. */
const MET_IN_CROWD = -1.5;
const REFUSED = [
  [3, 6],
  [2, 5],
  [1, 1.5],
] as const;
/**
 * From which on it outweighs that something of the owner's, or colleagues, were where the method was registered, in one address range or on one unlocked
 * computer.
 */
const TELLING = 2;
const PARTS = 'D18-two-hands';
/** The same of the browser that first used the method, in the place of that which registered it. */
export const FIRST_USED = 'D18-two-hands:first-used';
const REFUSALS = 'D18-two-hands:refused';

export const detector: DetectorSpec = defineDetector({
  /**
   * Whether whoever registered the method is whoever uses the account: the browser that opened the security-info page or was asked to
   * enrol just before (else one that comes from the very address after), by its session and, where it is new to the user, by its system
   * and browser, is followed for a week beside the devices and sessions that the user is known by (beside a new system and browser an
   * older session in one of theirs is enough). Two that both go on and are never at one address are two people: most of all where it is
   * on a computer without an id, hardly where it is on a telephone, which has a network of its own, but where the user's telephone is
   * never in its range. Where the browser is lost, one computer that comes back to the range is followed. One that turns up at the
   * other's is the user's new browser, most of all in its session where the user always is. Where it was registered on what the user is
   * known by, a computer without an id, in a system and browser that is new to the user, on which the new method answers first, is
   * followed in its place: whoever comes to an unlocked computer goes on at their own. Prompts that fail elsewhere, at places no less
   * usual, in several hours while nobody there answers one say that whoever is there does not hold the method.
   * Works days later; the findings are revised. Where the log has no SessionId a browser is its address with its system and browser, and
   * one that moves is lost: there a registrant counts as apart by a system and browser that is new to the user and comes again, or by
   * its range.
   * Two that never meet say less in a tenant whose people live so: of new browsers of those who registered nothing, the share that never
   * meets the owner either is the other side of the ratio (shared/two-lives.ts).
   * Blind where nobody comes back, and to a colleague behind one address.
   * Cost: a look-up for sign-ins to that page and of users in the week after a registration. Memory: four visits a user, 100,000 users,
   * and a line a registration of the last week, 50,000 at most.
   * ATT&CK T1098.005. Ref: detectors.md D14; the same idea as Freeman's per-user profile, over sessions.
   */
  id: PARTS,
  title: 'Two people use the account',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: "The browser that registered the method is the user's own, and the user confirms where it was.",
  parameters: {
    visit_minutes: { default: 60, doc: 'Minutes between the sign-in to the security-info page and a registration that belongs to it' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const visits = host.objects<Visits>('D18.visits', 100_000);
    const hands = host.objects<Hands>('D18.hands', 50_000);
    const ages = sessionAges(host);
    const lives = new TwoLives(host, ages);
    const isCrowd = (event: EventView) => isCrowded(host.crowds, event);
    /** Beside a browser that is new to the user: an older session in one that is not, from a network of theirs, be the range new. */
    const isOwnAt = (event: EventView, timeMs: number): boolean => {
      const { usual } = ages.of(event);
      return usual !== 0 && timeMs / 1000 - usual >= DAY_MS / 1000 && event.client !== 0 && isUsual(event, client);
    };
    const visitOf = (event: EventView) => visitBy(event, isKnownAt(ages, event, event.timeMs), shareAt(host.crowds, event));
    const isVisit = (event: EventView) => event.has(Flag.securityInfo) || isAskedToEnrol(event);
    const isBefore = (unit: Readonly<Unit>, { timeMs }: Visit) =>
      timeMs <= unit.openedMs && unit.openedMs - timeMs <= parameters.visit_minutes * 60_000;
    const settledBy = (event: EventView) => (tenureOf(event, SETTLED) === 1 ? 1 : tenureOf(event, ALMOST_SETTLED) === 1 ? 0.5 : 0);
    /** The line of a unit, begun with the visits before it. */
    const begin = (unit: Readonly<Unit>, found: readonly Visit[], event: EventView): void => {
      const { timeMs } = event;
      const settled = showsClients(event) ? settledBy(event) : 0;
      const line = hands.edit(keyOfUnit(unit), () => newHands(timeMs, settled));
      line.sessions = [...new Set([...line.sessions, ...found.map(({ session }) => session)])].filter((session) => session !== 0);
      line.isFollowed ||= found.some((visit) => visit.isFollowed);
      const fresh = found.filter(({ isNewClient }) => isNewClient);
      line.clients = [...new Set([...line.clients, ...fresh.map((visit) => visit.client)])];
      line.share = Math.min(line.share, ...(found.length === 0 ? [shareAt(host.crowds, event)] : found.map(({ share }) => share)));
      line.isStrange ||= found.some((visit) => visit.isStrange);
      line.isMobile ||= found.some((visit) => visit.isMobile);
      line.isKnown ||= found.some(({ isKnown }) => isKnown);
      line.isBare &&= found.every(({ isBare }) => isBare);
      line.newness = Math.min(line.newness, ...(found.length === 0 ? [newness(event)] : found.map((visit) => visit.newness)));
      const { addresses } = line.registrant;
      const here = [unit.registration?.ipLo ?? 0, ...found.map(({ address }) => address)].filter((address) => address !== 0);
      line.registrant = { ...line.registrant, addresses: [...new Set([...addresses, ...here])].slice(0, MAX_ADDRESSES) };
    };
    const isOfLine = (line: Readonly<Hands>, event: EventView) =>
      (event.browser !== 0 && line.sessions.includes(event.browser) && !(line.isBare && isUsualDevice(event))) ||
      (!isUsualDevice(event) && event.client !== 0 && line.clients.includes(event.client));
    const meet = (line: Hands, event: EventView, other: Hand, isTelling: boolean): void => {
      if (!other.addresses.includes(event.ipLo)) return;
      if (isCrowd(event)) line.metInCrowd = true;
      else {
        line.met = true;
        line.metAtHome ||= isTelling;
      }
    };
    const hadSession = (event: EventView, timeMs: number): boolean => {
      const { usual } = ages.of(event);
      return usual !== 0 && usual * 1000 < timeMs;
    };
    /** The owner's own range, where not many live. */
    const isAtHome = (event: EventView) => event.prefix !== 0 && newLevel(event) === undefined && !isCrowd(event);
    /** The new method answers, for the first time, on a computer without an id, in a session that the user did not have before. */
    const isStrangersUse = (unit: Readonly<Unit>, event: EventView): boolean => {
      const { byOther, methodKind } = unit.registration!;
      if (byOther || methodKind === 'unknown' || event.eventClass !== EventClass.signIn || !event.has(Flag.answered)) return false;
      if (event.device !== 0 || isPerhapsPhone(event) || event.browser === 0 || hadSession(event, unit.openedMs)) return false;
      return tenureOf(event, SETTLED) === 1 && answersOf(event).some(({ kind }) => isOfKind(kind, methodKind));
    };
    /** Whoever comes to an unlocked computer registers in the owner's browser and uses the method in another: that one is followed instead. */
    const followUser = (unit: Readonly<Unit>, key: string, event: EventView): void => {
      const before = hands.get(key);
      const isOwners = before === undefined || before.isKnown || before.met || before.metInCrowd;
      if (!isOwners || before?.isUser === true || !isStrangersUse(unit, event)) return;
      const { refused, refusals: rows, answered } = before ?? newHands(event.timeMs, 1);
      const { session, isNewClient, isStrange, isFollowed, share } = visitOf(event);
      const user = { isUser: true, sessions: [session], clients: isNewClient ? [event.client] : [], isStrange, isFollowed, share };
      const line = hands.edit(key, () => newHands(event.timeMs, 1));
      Object.assign(line, newHands(event.timeMs, 1), user, { refused, refusals: rows, answered });
    };
    const note = (unit: Readonly<Unit>, key: string, event: EventView): Readonly<Hands> | undefined => {
      followUser(unit, key, event);
      const before = hands.get(key);
      if (before === undefined || event.ipLo === 0) return undefined;
      const isThere = (event.browser !== 0 && before.sessions.includes(event.browser)) || before.registrant.addresses.includes(event.ipLo);
      if (event.eventClass === EventClass.promptRefused) {
        // By place and session alone: many have the same system and browser.
        if (isThere) return undefined;
        // Who is refused further from home than the method was registered is an intruder who does not get in.
        if (newnessAt(event) > before.newness) return undefined;
        const line = hands.edit(key, () => before as Hands);
        line.refused = add(line.refused, event);
        line.refusals = [...line.refusals, event.evidence()].slice(-MAX_REFUSALS);
        return line;
      }
      // A service that fetches mail on the user's behalf is nowhere.
      if (event.eventClass === EventClass.backgroundSignIn && isHosting(event.asn)) return undefined;
      const line = hands.edit(key, () => before as Hands);
      const isPhone = isPhoneFromElsewhere(ages, event, unit.openedMs);
      const isKnown = isKnownAt(ages, event, unit.openedMs) || (line.clients.length > 0 && isOwnAt(event, unit.openedMs));
      if (isKnown && isLongKnown(ages, event, unit.openedMs - SETTLED.days * DAY_MS)) line.settled = 1;
      const isTheirs = isKnown || isPhone;
      if (event.prefix !== 0 && event.prefix === unit.registration?.prefix)
        line.atPlace = add(line.atPlace, event, isTheirs || event.has(Flag.mobile) ? 0 : event.client);
      const couldAnswer = isKnown || line.refused.addresses.includes(event.ipLo);
      if (couldAnswer && !isThere && event.eventClass === EventClass.signIn && event.has(Flag.answered)) line.answered++;
      if (isOfLine(line, event)) {
        // By its system and browser alone it may be the user's: it takes no address with it.
        const { addresses } = line.registrant;
        line.registrant = isThere ? add(line.registrant, event) : { ...add(line.registrant, event), addresses };
        line.telephones = noteTelephone(line.telephones, event, 'registrant');
        const isInSession = event.browser !== 0 && before.sessions.includes(event.browser);
        // Whoever used it on a new computer and has it at the user's is the user.
        if (line.isUser && isAtHome(event)) Object.assign(line, { met: true, metAtHome: true });
        meet(line, event, line.others, isInSession && newLevel(event) === undefined && event.prefix !== unit.registration?.prefix);
      } else if (isKnown) {
        line.others = add(line.others, event);
        line.telephones = noteTelephone(line.telephones, event, 'owner');
        meet(line, event, line.registrant, isUsualDevice(event));
      } else if (isPhone) {
        meet(line, event, line.registrant, false);
      } else if (event.browser !== 0 && line.registrant.addresses.includes(event.ipLo) && residents(event) < SHARED_ADDRESS) {
        // Another session from the place of the registration goes on with it.
        if (line.sessions.length === 0) {
          const { isMobile, isBare, isStrange, isFollowed } = visitOf(event);
          Object.assign(line, { isMobile, isBare, isStrange, isFollowed });
        }
        line.sessions = [...line.sessions, event.browser].slice(-MAX_SESSIONS);
        line.registrant = add(line.registrant, event);
      }
      return line;
    };
    const apartOrNot = (unit: Readonly<Unit>, event: EventView, line: Readonly<Hands>): Contribution | undefined => {
      if (line.isKnown) return undefined;
      const days = Math.max(1, Math.round((event.timeMs - unit.openedMs) / DAY_MS));
      const counts = { registrant_hours: line.registrant.hours, other_hours: line.others.hours };
      // At an address of many a colleague's computer is, too.
      if (!line.met && line.metInCrowd && line.clients.length > 0) return undefined;
      if (line.met || line.metInCrowd) {
        const words = `The browser that ${line.isUser ? 'first used' : 'registered'} it was at an address of the user's known devices and ${line.isFollowed ? 'sessions' : 'browsers'}${line.met ? '' : ', which many have in common'}.`;
        const llr = line.metAtHome ? MET_AT_HOME : line.met ? MET : MET_IN_CROWD;
        return contribution({ ...detector, group: 'client' }, llr, words, counts, [event.text('Id')]);
      }
      // Nobody is known to have been the browser: then it is what comes back to its place.
      const isLost = line.sessions.length === 0 || (!line.isFollowed && line.clients.length === 0);
      const step = isLost ? neverThere(line) : neverMet(line);
      if (step === undefined) return undefined;
      const habit = step.computer === undefined ? undefined : lives.habit(event, step.computer.goesOn);
      const llr = Math.min(step.llr, habit?.most ?? step.llr);
      const control = { control_browsers: Math.round(habit?.lines ?? 0), control_apart: Math.round(habit?.apart ?? 0) };
      const asOthers =
        habit === undefined || llr === step.llr
          ? ''
          : `; nor were ${Math.round(habit.apart)} of the ${Math.round(habit.lines)} new browsers of people who registered nothing`;
      if (isLost) {
        const words = `One computer came back to the address range of the registration in ${line.atPlace.hours} hours; nothing that the user is known by was ever there, which went on in ${step.others} hours or more of the ${days === 1 ? 'day' : 'days'} after${asOthers}.`;
        return contribution(detector, llr, words, { ...counts, ...control, hours_there: line.atPlace.hours }, []);
      }
      const words = `The browser that ${line.isUser ? 'first used' : 'registered'} it was never where the user's known devices and ${line.isFollowed ? 'sessions' : 'browsers'} were, which went on in ${step.others} hours or more of the ${days === 1 ? 'day' : 'days'} after${asOthers}.`;
      return contribution(detector, llr, words, { ...counts, ...control }, []);
    };
    const refusals = (line: Readonly<Hands>): Contribution | undefined => {
      const step = REFUSED.find(([hours]) => line.refused.hours >= hours);
      if (step === undefined || line.answered > 0) return undefined;
      const words = `MFA prompts failed in ${line.refused.hours} ${line.refused.hours === 1 ? 'hour' : 'different hours'} after it, elsewhere, and nobody there answered one: whoever was asked does not hold the method.`;
      return withRows(contribution(detector, step[1], words, { hours: line.refused.hours }, []), line.refusals);
    };
    return {
      learns: [EventClass.signIn, EventClass.backgroundSignIn, EventClass.interrupt],
      learn(event) {
        lives.learn(event);
        if (!isVisit(event)) return;
        const entry = visits.edit(userKey(event), () => ({ touchedMs: event.timeMs, list: [] }));
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
        entry.list = [...entry.list, visitOf(event)].slice(-MAX_VISITS);
      },
      registration(unit, fact, event) {
        if (fact.byOther) return;
        const found = (visits.get(userKey(event))?.list ?? []).filter((visit) => isBefore(unit, visit) && visit.session !== 0);
        // Whoever was signed in for days need not sign in to the page: then it is who else comes from the very address.
        const isOwnAddress = fact.ip !== '' && event.prefix !== 0 && residents(event) < SHARED_ADDRESS;
        if (found.length === 0 && !isOwnAddress) return;
        begin(unit, found, event);
      },
      later(unit, event) {
        // The row of the visit came late.
        if (unit.registration?.byOther === false && event.fact === undefined && isVisit(event)) {
          const visit = visitOf(event);
          if (isBefore(unit, visit) && visit.session !== 0) begin(unit, [visit], event);
        }
        return false;
      },
      afterwards(unit, event) {
        if (
          event.eventClass !== EventClass.signIn &&
          event.eventClass !== EventClass.backgroundSignIn &&
          event.eventClass !== EventClass.promptRefused
        )
          return undefined;
        const line = note(unit, keyOfUnit(unit), event);
        if (line === undefined) return undefined;
        const said: Record<string, readonly Contribution[]> = {};
        const put = (key: string, item: Contribution | undefined) => {
          const before = unit.evidence[key]?.[0];
          if (before?.llr !== item?.llr) said[key] = item === undefined ? [] : [item];
        };
        const parts = apartOrNot(unit, event, line);
        put(PARTS, line.isUser ? undefined : parts);
        put(FIRST_USED, line.isUser ? parts : undefined);
        if (parts !== undefined && parts.llr >= TELLING) Object.assign(said, withoutOwner(unit.evidence));
        put(REFUSALS, refusals(line));
        return Object.keys(said).length === 0 ? undefined : said;
      },
    };
  },
});

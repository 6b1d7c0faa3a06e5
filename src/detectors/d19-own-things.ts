import { DAY_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isCrowded } from './shared/crowded.ts';
import { companyOf, DAYS_OF_OWNER, givenMethods } from './shared/given-methods.ts';
import { client, isOfAnother, isUsual, newLevel } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { RecentValues } from './shared/recent-values.ts';
import { sessionAges } from './shared/session-ages.ts';
import { Moved, sessionSystems } from './shared/session-system.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';

/** The two lowest bits of a client's hash, as it is kept: a telephone's, and one that the user is known by. */
const MOBILE = 1;
const OWN = 2;
const MAX_CLIENTS = 8;
const MAX_DAYS = 8;
const KEEP_MS = 7 * DAY_MS;
/** What is left of it where only the hosting or VPN company is the same: others are its customers, too. */
const OF_COMPANY = 0.7;
const AT_RANGE = 'at the address range of the registration';
const AT_COMPANY = 'behind the hosting or VPN company of the registration';
/** A session from usual places of this age is one that the user is known by. */
const OWN_SESSION_SECONDS = 86_400;
/** A method that was registered in this time may be an intruder's: what it proves is not the owner. */
const SETTLED_MS = 21 * DAY_MS;
/** What is at one place: a computer and a telephone as the user has, either of them new, two browsers or programs of the user's. */
const BOTH_OWN = -3.5;
const BOTH_KINDS = -1.9;
const TWO_OWN = -2;
/** The owner's method was asked for and given there on so many earlier days; on a single one a victim may have been talked into it, on three none was. */
const GIVEN = [
  [DAYS_OF_OWNER, -4],
  [2, -2.5],
] as const;
/** An app of the user's was at work there in the background on an earlier day; a stolen token is used as soon as it is there. */
const AT_WORK = -2;
const THINGS = 'D19-own-things';
const BACKGROUND = 'D19-own-things:background';
const PROOFS = 'D19-own-things:given';

export const detector: DetectorSpec = defineDetector({
  /**
   * What else of the user's is where the method was registered. An intruder comes with one machine, and the owner who moves takes along
   * what they have: a computer and a telephone at one new address range, both as the user is known by, are the owner's. So is somebody who
   * was asked for the user's method there on earlier days, and gave it: a stolen password or session does not answer on another day; and
   * an app of theirs, by its system and browser or by its session, that was at work there in the background the day before.
   * Evidence against only.
   * Works for places that are new to the user, where the log shows systems and browsers; methods that were registered lately prove
   * nothing. Behind a hosting or VPN company, which gives another range each time, its ranges count together, for less.
   * Blind at addresses of many colleagues, where anybody's things are, to the owner who has one machine along, and to an intruder who shows
   * both a computer's and a telephone's names of the user's.
   * Cost: a list look-up for sign-ins from new places. Memory: eight clients and twice eight days a user and new range, for one or two
   * weeks, 100,000 each.
   * No parameters.
   * ATT&CK T1098.005. Ref: the owner's traces as labels, detectors.md B1 D14; devices over addresses as in Freeman 2016 (detectors.md A1).
   */
  id: THINGS,
  title: "The user's own things at the place of a registration",
  group: 'client',
  techniques: ['T1098.005'],
  benignIf: 'The user has a computer and a telephone there.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const clients = new RecentValues(host, 'D19.clients', 100_000, MAX_CLIENTS);
    const proofs = givenMethods(host);
    const apps = new RecentValues(host, 'D19.apps', 100_000, MAX_DAYS);
    const ages = sessionAges(host);
    const systems = sessionSystems(host);
    const keyOf = (event: EventView, place: number) => combine(event.userLo, place);
    const companyAt = (unit: Readonly<Unit>, event: EventView): number => {
      const { prefix } = unit.registration!;
      const asn = event.prefix === prefix ? event.asn : 0;
      return companyOf(asn || ((host.person(event)?.sessions ?? []).find((session) => session.prefix === prefix)?.asn ?? 0));
    };
    /** By its system and browser, or by its session: an app that is never signed in to by hand has no habit of the former. */
    const isOwnApp = (event: EventView): boolean => {
      if (event.client !== 0 && isUsual(event, client)) return true;
      if (event.device !== 0 || event.session === 0) return false;
      const { usual, client: before } = ages.of(event);
      if (usual === 0 || event.seconds - usual < OWN_SESSION_SECONDS) return false;
      return (before === 0 || before === event.client) && systems.moved(event) === Moved.no;
    };
    const dayOf = (timeMs: number) => Math.floor(timeMs / DAY_MS);
    const isCrowd = (event: EventView) => isCrowded(host.crowds, event);
    /** The user's method was asked for and given, in a browser, and is none that came lately. */
    const gaveMethod = (event: EventView): boolean => {
      if (!event.has(Flag.gaveMethod) || systems.scripted(event) || systems.moved(event) !== Moved.no) return false;
      if ((event.user[event.userAt + UserWord.flags]! & UserFlag.registered) === 0) return true;
      const changes = host.person(event)?.changes ?? [];
      return !changes.some(
        ({ happening, timeMs }) => happening !== 'deleted' && event.timeMs >= timeMs && event.timeMs - timeMs <= SETTLED_MS,
      );
    };
    const things = (event: EventView, place: number, where: string): Contribution | undefined => {
      const seen = clients.get(keyOf(event, place), event.userHi);
      const has = (bits: number, mask: number) => seen.some((value) => (value & mask) === bits);
      const own = seen.filter((value) => (value & OWN) !== 0).length;
      const counts = { clients: seen.length, own };
      const both = (mask: number, more: number) => has(MOBILE | more, MOBILE | mask) && has(more, MOBILE | mask);
      if (both(OWN, OWN)) {
        const words = `A computer and a phone like the user's were both ${where}.`;
        return contribution(detector, BOTH_OWN, words, counts, []);
      }
      if (both(0, 0) && own > 0) {
        const words = `A computer and a phone, one of them like the user's, were both ${where}.`;
        return contribution(detector, BOTH_KINDS, words, counts, []);
      }
      if (own < 2) return undefined;
      return contribution(detector, TWO_OWN, `${own} known browsers or programs of the user were ${where}.`, counts, []);
    };
    const given = (unit: Unit, event: EventView, place: number, where: string): Contribution | undefined => {
      const days = proofs.daysBefore(event, place, unit.openedMs);
      const step = GIVEN.find(([least]) => days >= least);
      if (step === undefined) return undefined;
      const words = `A method of the user's was asked for and used ${where} on ${days} earlier days.`;
      return contribution({ ...detector, group: 'credential' }, step[1], words, { days }, []);
    };
    const atWork = (unit: Unit, event: EventView, place: number, where: string): Contribution | undefined => {
      const today = dayOf(unit.openedMs);
      const days = apps.get(keyOf(event, place), event.userHi).filter((day) => day < today).length;
      if (days === 0) return undefined;
      const words = `An app on a computer or phone like the user's was active in the background ${where} on ${days} earlier ${days === 1 ? 'day' : 'days'}.`;
      return contribution(detector, AT_WORK, words, { days }, []);
    };
    const note = (event: EventView, place: number): void => {
      const key = keyOf(event, place);
      if (event.client !== 0) {
        const kind = (event.has(Flag.mobile) ? MOBILE : 0) | (isUsual(event, client) ? OWN : 0);
        clients.add(key, event.userHi, (event.client & ~(MOBILE | OWN)) | kind, event.timeMs, KEEP_MS);
      }
      if (event.eventClass === EventClass.backgroundSignIn) {
        if (isOwnApp(event)) apps.add(key, event.userHi, dayOf(event.timeMs), event.timeMs, 2 * KEEP_MS);
      } else if (gaveMethod(event)) proofs.note(event, place);
    };
    /** True when the evidence is another than before. */
    const weigh = (unit: Unit, event: EventView): boolean => {
      if (isCrowd(event) || (unit.evidence['D6-registration-after-risk'] ?? []).some(isOfAnother)) return false;
      let changed = false;
      const { prefix } = unit.registration!;
      const company = companyAt(unit, event);
      const part = (item: Contribution | undefined) => item && { ...item, llr: item.llr * OF_COMPANY };
      for (const [key, item] of [
        [THINGS, things(event, prefix, AT_RANGE) ?? part(things(event, company, AT_COMPANY))],
        [PROOFS, given(unit, event, prefix, AT_RANGE) ?? part(given(unit, event, company, AT_COMPANY))],
        [BACKGROUND, atWork(unit, event, prefix, AT_RANGE) ?? part(atWork(unit, event, company, AT_COMPANY))],
      ] as const) {
        if (item === undefined || unit.evidence[key]?.[0]?.words === item.words) continue;
        unit.evidence[key] = [item];
        changed = true;
      }
      return changed;
    };
    return {
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      learn(event) {
        if (event.prefix === 0 || newLevel(event) === undefined) return;
        // A service that fetches mail on the user's behalf is nowhere.
        if (event.eventClass === EventClass.backgroundSignIn && isHosting(event.asn)) return;
        note(event, event.prefix);
        const company = companyOf(event.asn);
        if (company !== 0) note(event, company);
      },
      registration(unit, fact, event) {
        if (fact.byOther || event.userAt < 0 || unit.registration!.prefix === 0) return;
        // The directory's record comes first and has no address: what was said of the place assumed until then was said of another.
        if (fact.ip !== '') for (const key of [THINGS, PROOFS, BACKGROUND]) delete unit.evidence[key];
        weigh(unit, event);
      },
      later(unit, event) {
        const facts = unit.registration;
        if (facts === undefined || facts.byOther || facts.prefix === 0 || event.prefix !== facts.prefix) return false;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return false;
        return weigh(unit, event);
      },
    };
  },
});

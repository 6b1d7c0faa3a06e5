import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { asn, lookUpPlace, newLevel, prefix } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { addHour, type Hours, NO_HOURS } from './shared/hours.ts';
import { isKnownAt, isPhoneFromElsewhere } from './shared/known-hand.ts';
import { wasReset } from './shared/says.ts';
import { sessionAges } from './shared/session-ages.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type RiskySession, type Unit } from './stream/unit.ts';

/** What goes on after a registration at a place that is new to the user. */
interface Line {
  touchedMs: number;
  /** In a usual country, and by no hosting company. */
  readonly isNear: boolean;
  /** Hours in which the owner was seen, and whether a computer that is not theirs was. */
  owner: Hours;
  cameBack: boolean;
  /** By a hosting company's network. */
  isHosted: boolean;
  /** Sign-ins of the session that registered, after it. */
  seen: number;
}
const ID = 'D26-came-once';
/** Hours in which the owner went on, and since the registration, from which on it tells that the other side is silent. */
const OWNER_HOURS = 4;
const SILENT_MS = 20 * HOUR_MS;
/** The most that a network says which colleagues use (D1): one that says more is nobody's of the organisation. */
const AMONG_COLLEAGUES = 3;
/**
 * Of the computers without an id that registered a method in a network of the user's or of colleagues, 5 of 141 intruders' and 26 of 67 owners' were
 * never seen again, nor was anything else that is not the owner's, in tenants of eight generators; beside all else that is said of them it is 4.5 nats.
 * In another country or behind a hosting company, where many register one number in one account after the other, it was 28 of 253 and 26 of 105.
 */
const ONLY_REGISTERED = -3.75;
/**
 * The same of telephones, whose session was seen twice more at most: 10 of 36 intruders' and 330 of 548 owners', who put in the new phone on the phone
 * itself and go on in its apps. Beside all else that is said it is 2.6 nats. Behind a hosting company no telephone is on its own: 18 intruders', 6 owners'.
 */
const ONLY_ON_THE_PHONE = -1.65;
const SEEN_ON_THE_PHONE = 2;

const daysAfter = ({ openedMs }: Readonly<Unit>, { timeMs }: EventView) => Math.round((timeMs - openedMs) / DAY_MS);

export const detector: DetectorSpec = defineDetector({
  /**
   * Whoever registered the method came for nothing else. An intruder registers one to use the account: the same session reads mail, the
   * method answers at his next sign-in, at the place of the registration or at another that is new to the user. Who borrows a computer to
   * put their number in opens the page, does so and is gone; in the days after there is only what the user is known by.
   * So does who has a new phone in its browser, and goes on in its apps.
   * Evidence against only, for computers without an id in a range or network that is new to the user, in a country that is not, and for
   * telephones at any new place but a hosting company's. Works a day later, of computers where the owner goes on by a device or session
   * that is known, of telephones where the log has sessions, and of neither after a reset from a new place (D9); the finding is revised,
   * and again when somebody comes back within the week.
   * Blind to an intruder who waits for longer than a week, whose finding stands for a day only, and to one who goes on where the user
   * always is. Of a telephone its session is followed: it is in another range each hour.
   * Cost: a look at the sign-ins of a user in the week after such a registration. Memory: a line a registration of the last week, 50,000
   * at most. No parameters.
   * ATT&CK T1098.005. Ref: post-registration use, detectors.md B1 D14.
   */
  id: ID,
  title: 'Who registered it came for nothing else',
  group: 'context',
  techniques: ['T1098.005'],
  benignIf: 'The user confirms that they borrowed a computer.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const lines = host.objects<Line>('D26.lines', 50_000);
    const ages = sessionAges(host);
    /** The sign-in that led to the registration, where it showed no device id. */
    const bareVisit = (unit: Readonly<Unit>, event: EventView): RiskySession | undefined => {
      const place = unit.registration!.prefix;
      return unit.source.deviceId === '' ? host.person(event)?.sessions.find(({ prefix: range }) => range === place) : undefined;
    };
    const isOdd = (unit: Readonly<Unit>) =>
      Object.values(unit.evidence).some((items) => items.some(({ group, llr }) => group === 'network' && llr > AMONG_COLLEAGUES));
    const isSomebodys = (unit: Readonly<Unit>, event: EventView): boolean =>
      event.prefix === unit.registration!.prefix || (!event.has(Flag.mobile) && event.device === 0 && newLevel(event) !== undefined);
    const note = (unit: Readonly<Unit>, line: Line, visit: RiskySession, event: EventView): Line => {
      line.touchedMs = Math.max(line.touchedMs, event.timeMs);
      const isOwners = isKnownAt(ages, event, unit.openedMs) || isPhoneFromElsewhere(ages, event, unit.openedMs);
      if (visit.sessionId !== '' && event.id('SessionId') === visit.sessionId) line.seen++;
      // The page itself is opened once more when a method has been added.
      if (!isOwners) line.cameBack ||= !event.has(Flag.securityInfo) && isSomebodys(unit, event);
      else if (event.prefix !== unit.registration!.prefix) line.owner = addHour(line.owner, event);
      return line;
    };
    const byComputer = (unit: Readonly<Unit>, event: EventView, { isNear, owner, cameBack }: Line): Contribution | undefined => {
      if (cameBack || !isNear || owner.hours < OWNER_HOURS || isOdd(unit)) return undefined;
      const words = `The computer that registered it was used for nothing else and was not seen again, nor was anything else that is not the user's, while the user went on in ${OWNER_HOURS} hours or more.`;
      return contribution(detector, ONLY_REGISTERED, words, { owner_hours: owner.hours, days: daysAfter(unit, event) }, []);
    };
    const byTelephone = (unit: Readonly<Unit>, event: EventView, { seen, isHosted }: Line): Contribution | undefined => {
      if (seen > SEEN_ON_THE_PHONE || isHosted) return undefined;
      const words = "The telephone's browser that registered it was used for hardly anything else.";
      return contribution(detector, ONLY_ON_THE_PHONE, words, { sign_ins: seen, days: daysAfter(unit, event) }, []);
    };
    const weigh = (unit: Readonly<Unit>, event: EventView, visit: RiskySession, line: Line): readonly Contribution[] => {
      if (event.timeMs - unit.openedMs < SILENT_MS || wasReset(unit)) return [];
      const found = (visit.mobile ? byTelephone : byComputer)(unit, event, line);
      return found === undefined ? [] : [found];
    };
    return {
      registration(unit, fact, event) {
        if (fact.byOther || fact.ip === '' || event.prefix === 0 || event.userAt < 0) return;
        lookUpPlace(event);
        const level = newLevel(event);
        if (level === undefined) return;
        const isHosted = isHosting(event.asn);
        const isNear = (level === asn || level === prefix) && !isHosted;
        lines.edit(keyOfUnit(unit), () => ({ touchedMs: event.timeMs, isNear, isHosted, owner: NO_HOURS, cameBack: false, seen: 0 }));
      },
      afterwards(unit, event) {
        const facts = unit.registration;
        if (facts === undefined || facts.byOther || facts.prefix === 0 || event.prefix === 0) return undefined;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return undefined;
        // A service that fetches mail on the user's behalf is nowhere.
        if (event.eventClass === EventClass.backgroundSignIn && isHosting(event.asn)) return undefined;
        const key = keyOfUnit(unit);
        const visit = lines.get(key) === undefined ? undefined : bareVisit(unit, event);
        if (visit === undefined || (visit.mobile && visit.sessionId === '')) return undefined;
        const found = weigh(unit, event, visit, note(unit, lines.editExisting(key)!, visit, event));
        return (unit.evidence[ID] ?? []).length === found.length ? undefined : { [ID]: found };
      },
    };
  },
});

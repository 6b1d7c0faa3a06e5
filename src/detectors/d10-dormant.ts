import { DAY_MS, DAY_SECONDS, HOUR_MS } from '../core/durations.ts';
import type { AuditFact } from '../events/audit/interpret.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { accountAge } from './shared/account-age.ts';
import { isCrowded } from './shared/crowded.ts';
import { enrolling } from './shared/enrolling.ts';
import { firstSigns } from './shared/first-signs.ts';
import { cameFromFarAway, residents, SHARED_ADDRESS, userKey, WORKPLACE } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { addHour, type Hours, NO_HOURS } from './shared/hours.ts';
import { plantedDevices } from './shared/planted.ts';
import { deviceUsers } from './stream/crowds.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import { FOLLOWED_MS, keyOfUnit, type Unit } from './stream/unit.ts';

const NO_IDENTITY = 'No snapshot of the account in IdentityInfo before: its age, roles and department were not weighed.';
/** What it says when a new account's first method comes from where hardly any colleague is; a new colleague may be behind a VPN. */
const FAR_BEGINNER = 0.5;
/** What is left of it at an address of colleagues. */
const AMONG_COLLEAGUES = 0.25;
const IN_THEIR_RANGE = 0.8;
const HAD_METHODS = 0.4;
/** Guests come when there is something to do: what a gap of theirs says beside an employee's. */
const GUEST = 0.6;
const BEGINNER = 'D10-dormant:beginner';
/**
 * The account had no method: Entra asked it to enrol (50072, 50079). Whoever comes back from leave has had one; a password without a method is what those
 * look for who take accounts that nobody uses. Said of an account that is old, or that was silent for long by its own measure.
 */
const ENROLLED = 'D10-dormant:enrolled';
/** Beside that it is the first sign of the account: 73 of 1,399 intruders' registrations and 5 of 14,109 others, in eight generators. */
const OLD_WITHOUT_METHOD = 1.1;
const SILENT_WITHOUT_METHOD = 1;
/**
 * What is left of that until the account goes on in two more hours of the week, as it did for 47 of 55 intruders and 3 of 13 owners in the sixteenth's
 * tenants: who signs in a few times a month has to enrol some day, does so, and is gone for a week.
 */
const AT_FIRST = 0.4;
const GOES_ON_HOURS = 2;
/**
 * The owner is back at work in the days after: in the office, or on a computer that is the organisation's. Whoever takes an account that nobody uses
 * seldom chooses the week in which somebody comes back to it.
 */
const BACK = 'D10-dormant:back';
const BACK_AT_WORK = -2.5;
/** It takes back what the silence said, by as much as the two weigh in the fusion; that a user goes on working is no sign of theirs elsewhere. */
const FOR_SILENCE = 1.75;

export const detector: DetectorSpec = defineDetector({
  /**
   * An account that nobody has used for long changes its methods: the last sign-in lies weeks back, or there never was one although the log
   * reaches far enough and does not show the account being made. How much the latter says is learnt from the tenant: where new people's
   * accounts never show in the log it says nothing, but where IdentityInfo knows the account's age, that decides, as of its newest snapshot
   * before the registration. Guests come and go, and have their methods at home: their gaps and first signs say less, and that they had no
   * method here says nothing. Less, too, where the account had methods, which the help desk took away, say; and against it speaks that its
   * owner is at work in the days after, in the office or on the organisation's computer. More, where an account that is old, or was silent
   * for ten days and four times its usual pause, had no method until Entra asked for one, away from colleagues on what shows no device id;
   * most of it once the account goes on in two more hours of the week.
   * Works from a week of log on, in full from two. Blind to an account that a service keeps in use.
   * Cost: one look-up a registration or first sign-in. Memory: a time for each account made, 200,000 at most, and each that came back,
   * lost a method, was asked for one or goes on after that, 50,000 at most each; a line a device that an account registered from a new
   * place, 20,000 at most.
   * ATT&CK T1078.004. Ref: DormantUserUpdateMFAandLogsIn of Azure-Sentinel; Microsoft re-enters learning after inactivity too; detectors.md
   * B1 D10.
   */
  id: 'D10-dormant',
  title: 'Account that was not in use',
  group: 'context',
  techniques: ['T1078.004'],
  benignIf: 'The user is back from leave, or is new and the log does not show the creation of the account.',
  parameters: {
    gap_days: { default: 45, doc: 'Days without a sign-in after which an account is dormant' },
    awake_days: { default: 3, doc: 'Days after the first sign-in of a dormant account in which a change of methods belongs to it' },
    least_days: { default: 7, doc: 'Days of log before it says something that a user had no sign-ins' },
    log_days: { default: 14, doc: 'Days of log before it says all that it can' },
    new_days: { default: 45, doc: 'Days after its creation in which an account is new' },
    silent_days: { default: 10, doc: 'Days without a sign-in that are a silence of an account without a method' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const age = accountAge(host, 'D10.made', parameters.new_days);
    const firsts = firstSigns(host, 'D10.beginners', age, parameters.least_days, parameters.log_days);
    /** Whose methods somebody else deleted lately: they had some. */
    const relieved = host.objects<{ touchedMs: number }>('D10.relieved', 50_000);
    const planted = plantedDevices(host, 'D10.planted');
    const woken = host.objects<{ touchedMs: number; days: number }>('D10.woken', 50_000);
    const goingOn = host.objects<{ touchedMs: number; seen: Hours }>('D10.going-on', 50_000);
    const asked = enrolling(host, 'D10.enrolling', parameters.silent_days);
    const shareOf = (event: EventView) => (event.has(Flag.guest) ? GUEST : 1);
    /** Whoever comes back first is there before the registration: the gap that counts is the one before that. */
    const noteGap = (event: EventView): void => {
      const last = event.user[event.userAt + UserWord.lastSeconds]!;
      const days = (event.seconds - last) / DAY_SECONDS;
      if (last !== 0 && days >= parameters.gap_days) woken.edit(userKey(event), () => ({ touchedMs: event.timeMs, days: 0 })).days = days;
    };
    const dormant = (event: EventView): readonly [number, string] => {
      const awake = woken.get(userKey(event));
      const since = (event.seconds - event.user[event.userAt + UserWord.lastSeconds]!) / DAY_SECONDS;
      const isFresh = awake !== undefined && event.timeMs - awake.touchedMs <= parameters.awake_days * DAY_MS;
      const days = Math.max(since, isFresh ? awake.days : 0);
      if (days < parameters.gap_days) return [0, ''];
      return [shareOf(event) * Math.min(3, Math.log(days / parameters.gap_days) + 1), `Not used in the ${Math.floor(days)} days before.`];
    };
    /** Who was never seen must be known to be old; everybody else by the silence. Guests have their methods at home. */
    const hadNone = (fact: AuditFact, event: EventView, isFirst: boolean): Contribution | undefined => {
      // None here until one is asked for: 19 owners in the same generators, and one intruder.
      if (event.has(Flag.guest)) return undefined;
      const silent = asked.silentDays(event);
      if (silent === undefined || age.isNew(event) || (isFirst ? !age.isOld(event) || !firsts.isLongEnough(event) : silent === 0))
        return undefined;
      const days = Math.floor(silent);
      const what = isFirst ? 'An account that is not new, and' : `Not used for ${days} days, and`;
      const words = `${what} had no method until Entra asked for one now, on something without a device id and at an address where no colleagues are.`;
      return contribution(detector, AT_FIRST * (isFirst ? OLD_WITHOUT_METHOD : SILENT_WITHOUT_METHOD), words, { days }, [fact.id]);
    };
    /** Whoever took the account goes on with it. */
    const goesOn = (unit: Readonly<Unit>, event: EventView): readonly Contribution[] | undefined => {
      const [none] = unit.evidence[ENROLLED] ?? [];
      if (none === undefined || none.counts['hours'] !== undefined || event.timeMs - unit.openedMs < HOUR_MS) return undefined;
      const line = goingOn.edit(keyOfUnit(unit), () => ({ touchedMs: event.timeMs, seen: NO_HOURS }));
      line.touchedMs = Math.max(line.touchedMs, event.timeMs);
      line.seen = addHour(line.seen, event);
      const { hours } = line.seen;
      if (hours < GOES_ON_HOURS) return undefined;
      const words = `${none.words.slice(0, -1)}; the account went on in ${hours} hours of the days after.`;
      return [
        { ...none, llr: none.llr / AT_FIRST, words, counts: { ...none.counts, hours }, eventIds: [...none.eventIds, event.text('Id')] },
      ];
    };
    /** Who comes back after long comes back to the office. */
    const isAmongColleagues = (event: EventView): boolean => isCrowded(host.crowds, event);
    /**
     * What is left at a place of colleagues. In a range that many of them live in (a town's one carrier) an old account that has no method until it is asked
     * for one is hardly anybody's first day: newcomers begin in the office, or have been made.
     */
    const shareAt = (event: EventView): number => {
      if (!isAmongColleagues(event)) return 1;
      return residents(event) < SHARED_ADDRESS && age.isOld(event) && asked.silentDays(event) !== undefined
        ? IN_THEIR_RANGE
        : AMONG_COLLEAGUES;
    };
    const isRelieved = (event: EventView): boolean => {
      const at = relieved.get(userKey(event))?.touchedMs;
      return at !== undefined && event.timeMs >= at && event.timeMs - at <= DAY_MS;
    };
    const isAtWork = (event: EventView): boolean => {
      if (event.device !== 0 && (event.has(Flag.managedDevice) || deviceUsers(host.crowds, event) > 0))
        return !planted.has(event, FOLLOWED_MS);
      return residents(event) >= WORKPLACE && !event.has(Flag.mobile) && !isHosting(event.asn);
    };
    /** The directory's record of a change does not say from where it was made, and may come before the one that does. */
    const placeOf = (unit: Unit, fact: AuditFact, event: EventView): void => {
      const [item] = unit.evidence[detector.id]!;
      if (item === undefined || item.llr <= 0 || fact.ip === '') return;
      const { among_colleagues: known } = item.counts;
      const share = shareAt(event);
      if (known !== 0 || share === 1) return;
      unit.evidence[detector.id] = [{ ...item, llr: item.llr * share, counts: { ...item.counts, among_colleagues: 1 } }];
    };
    const isTakenBack = ({ evidence }: Readonly<Unit>): boolean =>
      Object.values(evidence).some((items) => items.some(({ detector: by, llr }) => by === 'D17-taken-back' && llr > 0));
    /** Its owner is at work in the days after. */
    const back = (unit: Readonly<Unit>, event: EventView): Readonly<Record<string, readonly Contribution[]>> | undefined => {
      // Whose account the organisation has taken back from somebody comes back because of that.
      if (unit.evidence[BACK] !== undefined || isTakenBack(unit)) return undefined;
      const silence = Math.max(0, ...(unit.evidence[detector.id] ?? []).map(({ llr }) => llr));
      const hasNone = (unit.evidence[ENROLLED] ?? []).length > 0;
      if ((silence === 0 && !hasNone) || event.prefix === unit.registration?.prefix || !isAtWork(event)) return undefined;
      const taken = hasNone ? { [ENROLLED]: [] } : {};
      if (silence === 0) return taken;
      const hours = Math.round((event.timeMs - unit.openedMs) / HOUR_MS);
      const where = event.device === 0 ? 'at an address of many colleagues' : "on a computer of the organisation's";
      const words = `The account is in use at work ${hours} h after, ${where}: its owner is back.`;
      return {
        ...taken,
        [BACK]: [contribution(detector, Math.max(BACK_AT_WORK, -FOR_SILENCE * silence), words, { hours }, [event.text('Id')])],
      };
    };
    return {
      learns: [EventClass.signIn, EventClass.interrupt],
      learn(event) {
        if (event.eventClass === EventClass.interrupt) return asked.note(event);
        noteGap(event);
        firsts.begin(event);
      },
      audit(fact, event) {
        planted.note(fact, event);
        if (fact.happening === 'deleted' && fact.succeeded && fact.byOther && event.userLo !== 0)
          relieved.edit(userKey(event), () => ({ touchedMs: event.timeMs })).touchedMs = event.timeMs;
        age.note(fact, event);
      },
      registration(unit, fact, event) {
        if (host.identity(event) === undefined && !unit.gaps.includes(NO_IDENTITY)) unit.gaps = [...unit.gaps, NO_IDENTITY];
        if (fact.byOther || event.userAt < 0) return;
        if (unit.evidence[detector.id] !== undefined) return placeOf(unit, fact, event);
        const first = event.user[event.userAt + UserWord.firstSeconds]!;
        const recent = first !== 0 && event.seconds - first < DAY_SECONDS;
        if ((first === 0 || recent) && age.isNew(event) && cameFromFarAway(unit)) {
          const words = 'The first method of a new account, from a place where hardly any colleague is.';
          unit.evidence[BEGINNER] = [contribution(detector, FAR_BEGINNER, words, {}, [fact.id])];
        }
        const [said, words] = first === 0 || recent ? firsts.of(event, shareOf(event)) : dormant(event);
        // Who has methods was there before: a leave, with a new phone after it.
        const hadMethods =
          fact.held.length + fact.removed.length > 0 ||
          isRelieved(event) ||
          (unit.evidence['D8-method-churn'] ?? []).some(({ llr }) => llr > 0);
        const among = isAmongColleagues(event);
        const share = shareAt(event) * (hadMethods ? HAD_METHODS : 1);
        const llr = said > 0 ? said * share : said;
        const none = hadMethods ? undefined : hadNone(fact, event, first === 0 || recent);
        if (none !== undefined) unit.evidence[ENROLLED] = [none];
        unit.evidence[detector.id] = llr === 0 ? [] : [contribution(detector, llr, words, { among_colleagues: Number(among) }, [fact.id])];
        if ((first === 0 || recent) && firsts.isLongEnough(event)) firsts.count(event);
      },
      afterwards(unit, event) {
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return undefined;
        const more = goesOn(unit, event);
        return (
          (event.eventClass === EventClass.signIn ? back(unit, event) : undefined) ??
          (more === undefined ? undefined : { [ENROLLED]: more })
        );
      },
    };
  },
});

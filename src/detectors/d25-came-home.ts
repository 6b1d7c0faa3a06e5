import { DAY_MS } from '../core/durations.ts';
import { EventClass } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isCrowded } from './shared/crowded.ts';
import { isUsualDevice, newLevel } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { RecentValues } from './shared/recent-values.ts';
import { sessionAges } from './shared/session-ages.ts';
import { isProved } from './shared/unproven-sessions.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type Unit } from './stream/unit.ts';

/** Where sessions from the place of a registration were at home afterwards: address ranges of the user's alone, days there, and ranges of many. */
interface Homes {
  touchedMs: number;
  readonly ranges: readonly number[];
  readonly days: readonly number[];
  readonly amongMany: boolean;
}
const ID = 'D25-came-home';
const MAX_SESSIONS = 8;
const MAX_HOMES = 4;
const KEEP_MS = 14 * DAY_MS;
/** On so many days, or at so many ranges. */
const CAME_HOME = [
  [2, -4],
  [1, -2.5],
] as const;
/** A colleague's own computer comes to the office, too: of 23 reported registrations that did so one was an intruder's. */
const AMONG_MANY = -1.5;

export const detector: DetectorSpec = defineDetector({
  /**
   * The session that began where the method was registered goes on where the user always is: they were away, or behind another gateway,
   * and came home with their computer. A cookie that was taken stays with its thief, and a session that began at the thief's does not turn
   * up at the owner's address. A session that had been at a usual place before is none, nor one that was brought there without a password
   * or method: it may be the stolen one.
   * Evidence against only. Works where the log has sessions, for devices without an id (those with one speak for themselves), days later;
   * the finding is revised. Says less at addresses of many colleagues, and most on two days or at two ranges. Blind where the browser is
   * thrown away, and to an intruder behind the very address range of the user's home.
   * Cost: a list look-up for sign-ins from new places, and for those of a user in the week after a registration. Memory: eight sessions a
   * user and new range, for two weeks, 100,000 each; a line a registration of the last week, 50,000 at most.
   * No parameters.
   * ATT&CK T1098.005. Ref: the owner's traces as labels, detectors.md B1 D14; places of a user as in Freeman 2016 (detectors.md A1).
   */
  id: ID,
  title: 'The session came home with the user',
  group: 'client',
  techniques: ['T1098.005'],
  benignIf: 'The user confirms that they were where the method was registered.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const away = new RecentValues(host, 'D25.away', 100_000, MAX_SESSIONS);
    const homes = host.objects<Homes>('D25.homes', 50_000);
    const ages = sessionAges(host);
    const isNowhere = (event: EventView) =>
      event.session === 0 || event.prefix === 0 || (event.eventClass === EventClass.backgroundSignIn && isHosting(event.asn));
    const noteHome = (line: Homes, event: EventView): Homes => {
      const more = (values: readonly number[], value: number) => (values.includes(value) ? values : [...values, value].slice(-MAX_HOMES));
      if (isCrowded(host.crowds, event)) return { ...line, amongMany: true };
      return { ...line, ranges: more(line.ranges, event.prefix), days: more(line.days, Math.floor(event.timeMs / DAY_MS)) };
    };
    const weigh = ({ ranges, days, amongMany }: Homes, event: EventView): Contribution | undefined => {
      const step = CAME_HOME.find(([times]) => Math.max(ranges.length, days.length) >= times);
      if (step === undefined && !amongMany) return undefined;
      const words = `A session that began where the method was registered went on where the user always is${step === undefined ? ', as many colleagues are' : ''}.`;
      return contribution(detector, step?.[1] ?? AMONG_MANY, words, { ranges: ranges.length, days: days.length }, [event.text('Id')]);
    };
    return {
      learns: [EventClass.signIn],
      learn(event) {
        if (isNowhere(event) || newLevel(event) === undefined || isUsualDevice(event)) return;
        if (ages.usualSince(event) !== 0 || !isProved(event)) return;
        away.add(combine(event.userLo, event.prefix), event.userHi, event.session, event.timeMs, KEEP_MS);
      },
      afterwards(unit: Readonly<Unit>, event) {
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return undefined;
        const facts = unit.registration;
        if (facts === undefined || facts.byOther || facts.prefix === 0 || facts.prefix === event.prefix) return undefined;
        if (isNowhere(event) || isUsualDevice(event) || newLevel(event) !== undefined) return undefined;
        if (!away.get(combine(event.userLo, facts.prefix), event.userHi).includes(event.session)) return undefined;
        const key = keyOfUnit(unit);
        const line = homes.edit(key, () => ({ touchedMs: event.timeMs, ranges: [], days: [], amongMany: false }));
        Object.assign(line, noteHome(line, event), { touchedMs: Math.max(line.touchedMs, event.timeMs) });
        const found = weigh(line, event);
        return found === undefined || unit.evidence[ID]?.[0]?.llr === found.llr ? undefined : { [ID]: [found] };
      },
    };
  },
});

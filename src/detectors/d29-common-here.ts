import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution, EvidenceGroup } from './evidence.ts';
import { asn, lookUpPlace, newLevel, prefix } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { hasHabits, isKnownAtWorkOnly, noteElsewhere } from './shared/known-at-work.ts';
import { says } from './shared/says.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type Unit } from './stream/unit.ts';

/** Registrations of a tenant's users who are known at work only, and how many of them followed a suspicious sign-in. */
interface Habit {
  touchedMs: number;
  registrations: number;
  strange: number;
}
/** A registration that was counted: what the tenant's others were like when it came. */
interface Line {
  readonly touchedMs: number;
  readonly registrations: number;
  readonly strange: number;
  mayBeHome: boolean;
  isStrange: boolean;
}

interface Piece {
  readonly detector: string;
  readonly group: EvidenceGroup;
  /** Nats, from the one on and below the other where there is one. */
  readonly from: number;
  readonly below?: number;
}

const ID = 'D29-common-here';
/** What D6 says of a registration from which on it is one of those. */
const STRANGE = 1;
/** Their share in the tenants that the weights were fitted to, attacks with them, up to which it is nothing special; what a tenant begins with. */
const USUAL = 0.08;
const BEGIN = { registrations: 25, share: 0.05 };
/**
 * What is said of whoever is on a computer, in a range and in a session that nobody knows. Where people live so it is one fact, and each piece counts as
 * common as the registrations are; what else is said stays.
 */
const PIECES: readonly Piece[] = [
  { detector: 'D6-registration-after-risk', group: 'registration', from: 1 },
  { detector: 'D1-novelty', group: 'client', from: 1 },
  // A session that goes on elsewhere says more than a new one.
  { detector: 'D13-session', group: 'credential', from: 0.4, below: 2 },
  { detector: 'D18-two-hands', group: 'registration', from: 1 },
];
const MOST = -5.5;
const LEAST = -0.1;
/** Older registrations count for half with every so many newer ones. */
const WINDOW = 2048;

const piecesOf = ({ evidence }: Readonly<Unit>): number =>
  PIECES.filter(({ detector: id, group, from, below = Number.POSITIVE_INFINITY }) =>
    Object.values(evidence).some((items) =>
      items.some((item) => item.detector === id && item.group === group && item.llr >= from && item.llr < below),
    ),
  ).length;

/** At a place that is new to the user, and may be where they live: hosting companies and other countries are not. */
function mayBeHome(event: EventView): boolean {
  lookUpPlace(event);
  if (event.asn === 0 && event.country === 0) return false;
  const level = newLevel(event);
  return (level === asn || level === prefix) && !isHosting(event.asn);
}

export const detector: DetectorSpec = defineDetector({
  /**
   * How common it is in the tenant that people who are known at work only register a method elsewhere. Whoever is known from a ward's
   * computers, and registers at home, is on a computer, in a range and in a session that nobody knows: 40 of 100 such registrations in a
   * hospital's log, 3 in an office's. The tenant's other registrations are the other side of the ratio.
   * It only takes away, above a share of 8 in 100 and 36 points at most, for users whose usual places are all offices, at a place in the
   * country that is no hosting company's. A wave of attacks on such users, from near them, would have to be a share like that.
   * Works once the tenant has had some dozens of registrations; each keeps what was known when it came. Blind to what people do who do
   * not register.
   * Cost: two look-ups a registration, and one a sign-in of a user who was never seen outside. Memory: a line a tenant, one a
   * registration of the last week, 50,000 at most. No parameters.
   * ATT&CK T1098.005. Ref: base rates, as src/scoring/base-rate.ts; detectors.md B1 D6, D9 (onboarding context).
   */
  id: ID,
  title: 'Many here register at home',
  group: 'context',
  techniques: ['T1098.005'],
  benignIf: 'The user was at home, as colleagues are who register.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const habits = host.objects<Habit>('D29.habits', 1000);
    const lines = host.objects<Line>('D29.lines', 50_000);
    const habitOf = (event: EventView): Habit => {
      const habit = habits.edit(event.scope(), () => ({ touchedMs: event.timeMs, registrations: 0, strange: 0 }));
      habit.touchedMs = Math.max(habit.touchedMs, event.timeMs);
      return habit;
    };
    const begin = (key: string, event: EventView): void => {
      const habit = habitOf(event);
      const { registrations, strange } = habit;
      if (registrations >= WINDOW) Object.assign(habit, { registrations: registrations / 2, strange: strange / 2 });
      habit.registrations++;
      lines.edit(key, () => ({ touchedMs: event.timeMs, registrations, strange, mayBeHome: false, isStrange: false }));
    };
    /** Counts it once it is one of those, and says how common they are. */
    const weigh = (unit: Readonly<Unit>, event: EventView): readonly Contribution[] | undefined => {
      const key = keyOfUnit(unit);
      const line = lines.get(key);
      if (line?.mayBeHome !== true || !says(unit, 'D6-registration-after-risk', STRANGE)) return undefined;
      if (!line.isStrange) {
        lines.editExisting(key)!.isStrange = true;
        habitOf(event).strange++;
      }
      const share = (line.strange + BEGIN.registrations * BEGIN.share) / (line.registrations + BEGIN.registrations);
      const llr = Math.max(MOST, piecesOf(unit) * Math.log(USUAL / share));
      if (llr > LEAST || llr === unit.evidence[ID]?.[0]?.llr) return undefined;
      const [registrations, strange] = [Math.round(line.registrations), Math.round(line.strange)];
      const words = `${strange} of ${registrations} registrations before it, of users who are known at work only, followed a suspicious sign-in as well: who registers elsewhere is at home.`;
      return [{ ...contribution(detector, llr, words, { registrations, strange }, []), prior: true }];
    };
    const put = (unit: Unit, event: EventView): boolean => {
      const found = weigh(unit, event);
      if (found !== undefined) unit.evidence[ID] = found;
      return found !== undefined;
    };
    /** The place of a registration is known by its own address once somebody has signed in from there. */
    const notePlace = (unit: Readonly<Unit>, event: EventView): void => {
      if (event.prefix === 0 || event.prefix !== unit.registration?.prefix) return;
      const key = keyOfUnit(unit);
      if (lines.get(key)?.mayBeHome === false && mayBeHome(event)) lines.editExisting(key)!.mayBeHome = true;
    };
    return {
      learns: [EventClass.signIn],
      learn: noteElsewhere,
      registration(unit, fact, event) {
        if (fact.byOther || event.userAt < 0) return;
        const key = keyOfUnit(unit);
        if (lines.get(key) === undefined && hasHabits(event) && isKnownAtWorkOnly(event)) begin(key, event);
        notePlace(unit, event);
        put(unit, event);
      },
      later(unit, event) {
        if (unit.registration?.byOther !== false) return false;
        if (event.fact === undefined) notePlace(unit, event);
        return put(unit, event);
      },
      afterwards(unit, event) {
        if (unit.evidence[ID] === undefined) return undefined;
        const found = weigh(unit, event);
        return found === undefined ? undefined : { [ID]: found };
      },
    };
  },
});

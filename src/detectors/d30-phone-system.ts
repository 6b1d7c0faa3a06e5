import type { AuditFact } from '../events/audit/interpret.ts';
import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isUsualDevice, newLevel, prefix } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { addHour, type Hours, NO_HOURS } from './shared/hours.ts';
import { type PhoneSystem, PhoneSystems, systemInRecord, systemOfPhone, systemOfTelephone } from './shared/phone-system.ts';
import { type After, type Beside, PhoneTallies } from './shared/phone-tallies.ts';
import { says } from './shared/says.ts';
import type { EventView } from './stream/event-view.ts';
import { keyOfUnit, type Unit } from './stream/unit.ts';

/** A registration of a phone's app, and what was seen of telephones since. */
interface Line {
  touchedMs: number;
  readonly system: PhoneSystem;
  readonly beside: Beside;
  /** Something is odd about it, so that it is not counted as an owner's. */
  readonly isOdd: boolean;
  readonly words: string;
  readonly recordId: string;
  /** In nats, when it came and by what came after. */
  readonly llr: number;
  llrAfter: number;
  after: After | undefined;
  /** Hours in which telephones of the new phone's system, and of the other, were at usual places. */
  same: Hours;
  other: Hours;
}

const ID = 'D30-phone-system';
/** What a sign-in says (D6) that led to the registration, from which on it is odd. */
const ODD = 1;
/** The same of D7, that others have the phone. */
const SHARED = 1;
/**
 * The new phone's system is seen where the user always is: an owner's new phone. In four generators whose names are of the phones so were 3 of 119
 * intruders' that were of another system and 482 of 606 owners'; of those beside no known telephone 14 of 17 and 840 of 841.
 */
const CHANGED = -1.2;
const SEEN = -0.5;
/** Below it nothing is said. */
const TELLING = 0.1;
const HOURS: Readonly<Record<After, number>> = { same: 3, other: 6 };
/** The share of hours from which on it is the one or the other that goes on, and not both. */
const ALONE = 0.9;

const otherThan = (system: PhoneSystem): PhoneSystem => (system === 'iOS' ? 'Android' : 'iOS');

/** One of the same system is enough, whatever else there is. */
function besideOf(system: PhoneSystem, telephones: ReadonlySet<PhoneSystem>, apps: readonly string[]): Beside {
  const held = new Set(apps.map(systemOfPhone).filter((each) => each !== undefined));
  if (telephones.size > 0) return telephones.has(system) || held.has(system) ? 'same' : 'other';
  if (held.size > 0) return held.has(system) ? 'same-app' : 'other-app';
  return 'none';
}

function wordsOf(system: PhoneSystem, beside: Beside, { phones: [name] }: AuditFact): string {
  const what = `The app was put on a phone with ${system}`;
  const named = name === undefined ? what : `${what} (${name.slice(0, 60)})`;
  const ending: Readonly<Record<Beside, string>> = {
    same: ', as the telephones have that the user is known by.',
    other: `; the telephones that the user is known by have ${otherThan(system)}.`,
    'same-app': ', as the phone has that had the app before.',
    'other-app': `; the phone that had the app before has ${otherThan(system)}.`,
    none: '.',
  };
  return named + ending[beside];
}

export const detector: DetectorSpec = defineDetector({
  /**
   * Whether the phone whose app was registered is of the system that the user's telephones are of. An iPhone, where all that the
   * user is seen on is Android, is an intruder's in every second case and an owner's new phone in one of twenty; in the days after, the
   * owner's new phone is seen, or the old ones go on alone and it is not theirs. Of the same system says little, for the owner.
   * How often it happens to owners the tenant's other registrations tell (shared/phone-tallies.ts): where the log's names have nothing to
   * do with the phones it says nothing. Registrations that follow a suspicious sign-in are not counted.
   * Works where a record names the phone or its push service, and sign-ins show systems. Blind where victim and intruder have the same, to
   * numbers, keys and passkeys, to users of both, and to a phone of several, which D7 tells.
   * Cost: a look-up for a telephone's sign-in, and for those in the week after a registration. Memory: none a user
   * (shared/phone-system.ts); a line a registration of the last week, 50,000 at most. No parameters.
   * ATT&CK T1098.005. Ref: StrongAuthenticationPhoneAppDetail of the directory's records; base rates as in D29.
   */
  id: ID,
  title: "The new phone is not of the system of the user's",
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'The user has changed from an iPhone to Android or back, and confirms it.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const telephones = new PhoneSystems(host, 'D30.clients');
    const tallies = new PhoneTallies(host, 'D30.tallies');
    const lines = host.objects<Line>('D30.lines', 50_000);
    const begin = (unit: Readonly<Unit>, system: PhoneSystem, fact: AuditFact, event: EventView): Line => {
      const beside = besideOf(system, telephones.of(event), fact.heldPhones);
      const line = {
        touchedMs: event.timeMs,
        system,
        beside,
        isOdd: says(unit, 'D6-registration-after-risk', ODD),
        words: wordsOf(system, beside, fact),
        recordId: fact.id,
        llr: tallies.ratio(event, beside),
        llrAfter: 0,
        after: undefined,
        same: NO_HOURS,
        other: NO_HOURS,
      };
      if (!line.isOdd) tallies.count(event, beside);
      return lines.edit(keyOfUnit(unit), () => line);
    };
    const weigh = (unit: Readonly<Unit>, line: Readonly<Line>): readonly Contribution[] => {
      const { system, words, recordId, beside, llr, llrAfter, after, same, other } = line;
      const sum = after === 'same' ? (beside === 'other' ? CHANGED : SEEN) : llr + llrAfter;
      // A phone of several, be it a team's, is not the user's own: one fact, which D7 tells.
      if (Math.abs(sum) < TELLING || (sum > 0 && says(unit, 'D7-mass-registration', SHARED))) return [];
      const seen = `${after === 'same' ? same.hours : other.hours} hours`;
      const later: Readonly<Record<After, string>> = {
        same: ` A telephone with ${system} was at usual places in ${seen} after.`,
        other: ` Telephones with ${otherThan(system)} went on at usual places, in ${seen} after, and hardly one with ${system}.`,
      };
      const spec = sum > 0 ? detector : ({ ...detector, group: 'client' } as const);
      const counts = { same_hours: same.hours, other_hours: other.hours };
      return [contribution(spec, sum, words + (after === undefined ? '' : later[after]), counts, [recordId])];
    };
    /** Which of the two goes on, once so many hours tell. */
    const afterOf = ({ same, other }: Readonly<Line>): After | undefined => {
      const all = ALONE * (same.hours + other.hours);
      if (same.hours >= HOURS.same && same.hours >= all) return 'same';
      return other.hours >= HOURS.other && other.hours >= all ? 'other' : undefined;
    };
    const follow = (line: Line, event: EventView): void => {
      const after = afterOf(line);
      if (after === line.after) return;
      line.llrAfter = after === 'other' ? tallies.ratioAfter(event, line.beside) : 0;
      if (after !== undefined && line.after === undefined && !line.isOdd) tallies.countAfter(event, line.beside, after);
      line.after = after;
    };
    /** Where the user always is: whoever registered it may be on the phone anywhere else. */
    const isAtHome = (event: EventView): boolean => {
      const level = newLevel(event);
      return level === undefined || level === prefix || isUsualDevice(event);
    };
    return {
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      learn: (event) => telephones.note(event),
      registration(unit, fact, event) {
        const system = systemInRecord(fact);
        if (system === undefined || event.userAt < 0 || lines.get(keyOfUnit(unit)) !== undefined) return;
        unit.evidence[ID] = weigh(unit, begin(unit, system, fact, event));
      },
      afterwards(unit, event) {
        const system = systemOfTelephone(event);
        if (system === undefined) return undefined;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return undefined;
        // A service that fetches mail on the user's behalf is nowhere.
        if (event.eventClass === EventClass.backgroundSignIn && isHosting(event.asn)) return undefined;
        const key = keyOfUnit(unit);
        if (lines.get(key) === undefined || !isAtHome(event)) return undefined;
        const line = lines.editExisting(key)!;
        line.touchedMs = Math.max(line.touchedMs, event.timeMs);
        if (system === line.system) line.same = addHour(line.same, event);
        else line.other = addHour(line.other, event);
        follow(line, event);
        const found = weigh(unit, line);
        return found[0]?.llr === unit.evidence[ID]?.[0]?.llr ? undefined : { [ID]: found };
      },
    };
  },
});

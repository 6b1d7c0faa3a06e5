import { DAY_SECONDS } from '../../core/durations.ts';
import { keyText } from '../../core/key-text.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import { Flag } from '../../events/event-record.ts';
import type { Contribution } from '../evidence.ts';
import { type EventView, UNKNOWN_SLOT } from '../stream/event-view.ts';
import { SourceWord, USER_OWN, UserWord, usualUsers } from '../stream/layout.ts';
import type { Unit } from '../stream/unit.ts';
import { isPrivateRelay } from './private-relay.ts';
import { findSlot, isKnown } from './slots.ts';

/** A feature of a sign-in: its slots in the user's words, its prior rate of novelty, and how often an attacker's value is new. */
export interface Feature {
  /** Position in `features`, and in the event's `values` and `slots`. */
  readonly index: number;
  readonly name: string;
  readonly label: string;
  readonly at: number;
  readonly slots: number;
  /** Share of sign-ins that bring a new value, before the user's own history is known. */
  readonly rate: number;
  readonly attackerNovelty: number;
  /** Values an attacker could choose among, when the tenant knows fewer. */
  readonly choices: number;
  /** Most that novelty of this feature may say. */
  readonly cap: number;
}

export const country: Feature = {
  index: 0,
  name: 'country',
  label: 'country',
  at: 0,
  slots: 4,
  rate: 0.004,
  attackerNovelty: 0.9,
  choices: 60,
  cap: 6,
};
export const asn: Feature = {
  index: 1,
  name: 'asn',
  label: 'network',
  at: 4,
  slots: 5,
  rate: 0.03,
  attackerNovelty: 0.9,
  choices: 1000,
  cap: 5,
};
export const prefix: Feature = {
  index: 2,
  name: 'prefix',
  label: 'address range',
  at: 9,
  slots: 4,
  rate: 0.15,
  attackerNovelty: 0.95,
  choices: 20000,
  cap: 2,
};
export const device: Feature = {
  index: 3,
  name: 'device',
  label: 'device',
  at: 13,
  slots: 4,
  rate: 0.03,
  attackerNovelty: 0.9,
  choices: 0,
  cap: 3.5,
};
export const client: Feature = {
  index: 4,
  name: 'client',
  label: 'system and browser',
  at: 17,
  slots: 3,
  rate: 0.03,
  attackerNovelty: 0.6,
  choices: 40,
  cap: 2.6,
};
export const features = [country, asn, prefix, device, client] as const;
export const HABIT_WORDS = 22;

/** Where a user's habits begin: D1 writes them and has the first words of all detectors; others read them. */
export const HABITS_AT = USER_OWN;
/** The event's value of a feature; 0 where the log had none. */
export function featureValue(event: EventView, feature: Feature): number {
  return event.values[feature.index]!;
}

/** Position of the slot that the event's value of a feature has in the user's record, -1 where it has none; looked up once an event. */
export function slotOf(event: EventView, feature: Feature): number {
  let at = event.slots[feature.index]!;
  if (at === UNKNOWN_SLOT) {
    at = findSlot(event.user, event.userAt + HABITS_AT + feature.at, feature.slots, event.values[feature.index]!);
    event.slots[feature.index] = at;
  }
  return at;
}

/** Whether the event's value of a feature is known of its user. */
export function isUsual(event: EventView, feature: Feature): boolean {
  const at = slotOf(event, feature);
  return at >= 0 && isKnown(event.user[at]!);
}

/** Whether a value is known of the user whose record begins at `userAt`. */
export function isUsualValue(words: Uint32Array, userAt: number, feature: Feature, value: number): boolean {
  const at = findSlot(words, userAt + HABITS_AT + feature.at, feature.slots, value);
  return at >= 0 && isKnown(words[at]!);
}

/** A device with an id, that the user is known by: an attacker elsewhere does not have its keys. */
export function isUsualDevice(event: EventView): boolean {
  return event.userAt >= 0 && event.device !== 0 && isUsual(event, device);
}

/** An audit record has only the address; its network and country are known from sign-ins, where there were any. */
export function lookUpPlace(event: EventView): void {
  if (event.sourceAt < 0) return;
  const { source, sourceAt } = event;
  event.setPlace(event.asn || source[sourceAt + SourceWord.asn]! | 0, event.country || source[sourceAt + SourceWord.country]! | 0);
}

/**
 * The coarsest level of the event's place that is new to the user; undefined where all that is known of it is usual. Another country in a usual
 * network is not one: gateways and VPNs change theirs from day to day. A private relay in a usual country is but another way out of a usual network.
 */
export function newLevel(event: EventView): Feature | undefined {
  if (event.level < 0) event.level = findLevel(event);
  return levels[event.level];
}

const levels = [undefined, country, asn, prefix] as const;

function findLevel(event: EventView): number {
  const newNetwork = event.asn !== 0 && !isUsual(event, asn) && !(isPrivateRelay(event) && isUsual(event, country));
  if ((newNetwork || event.asn === 0) && event.country !== 0 && !isUsual(event, country)) return 1;
  if (newNetwork) return 2;
  return event.prefix !== 0 && !isUsual(event, prefix) ? 3 : 0;
}

/** How many users the address is a usual one of; 0 where there is no address. */
export function residents(event: EventView): number {
  return usualUsers(event.source, event.sourceAt);
}

/** How far the user is known, 0..1: by sign-ins and by days. */
export function tenureOf(event: EventView, learn: { readonly signIns: number; readonly days: number }): number {
  if (event.userAt < 0) return 0;
  const first = event.user[event.userAt + UserWord.firstSeconds]!;
  if (first === 0) return 0;
  const days = (event.seconds - first) / DAY_SECONDS;
  return Math.min(1, event.user[event.userAt + UserWord.signIns]! / learn.signIns, Math.max(0, days) / learn.days);
}

/** Users of an address from which on it is an office's, a gateway's or a carrier's: being there tells little. */
export const SHARED_ADDRESS = 5;
/** Users of an address from which on it is the organisation's: a place of work. */
export const WORKPLACE = 8;
/** Sign-ins of a user from which on it tells something that a place or device is not among the known ones. */
export const LEAST_SIGN_INS = 10;

/** Whether what the computer or phone shows, besides an id, is what the user's own show. */
export function isOwnClient(event: EventView): boolean {
  return isUsual(event, device) && (event.client === 0 || isUsual(event, client));
}

/** Whether the log names the system or browser of any of the user's sign-ins. */
export function showsClients({ user, userAt }: EventView): boolean {
  const first = userAt + HABITS_AT + client.at;
  for (let at = first; at < first + client.slots; at++) if (user[at] !== 0) return true;
  return false;
}

/**
 * Whether it is a telephone, or nobody knows, since the log names none of the user's systems. Who names none where the user's do is not taken for a
 * telephone: an intruder chooses what to say.
 */
export function isPerhapsPhone(event: EventView): boolean {
  return event.has(Flag.mobile) || (event.client === 0 && event.userAt >= 0 && !showsClients(event));
}

/** A computer without an id, where the user shows one, or in a system and browser that is new to the user. */
export function isStrangeComputer(event: EventView): boolean {
  if (event.device !== 0 || isPerhapsPhone(event)) return false;
  return !isUsual(event, device) || (event.client !== 0 && !isUsual(event, client));
}

/** Whether the event is somewhere the user usually is; a new address range of a usual network is. */
export function isUsualPlace(event: EventView): boolean {
  const level = newLevel(event);
  return (event.country !== 0 || event.asn !== 0) && (level === undefined || level === prefix);
}

/** Evidence that a sign-in came from a computer that is not the user's. */
export function isOfAnother({ group, llr }: Contribution): boolean {
  return group === 'client' && llr >= 2;
}

/** Whether what is known of a registration's place, by its own address or by the sign-in that led to it, is new to the user. */
export function cameFromNewPlace(unit: Unit): boolean {
  const here = unit.evidence['D1-novelty']?.find(({ group }) => group === 'network');
  const led = unit.evidence['D6-registration-after-risk']?.find(({ group }) => group === 'network');
  return (here ?? led)?.llr !== undefined && (here ?? led)!.llr > 0;
}

/** Whether that place is in a country that hardly anybody in the tenant is in. */
export function cameFromFarAway(unit: Unit): boolean {
  return Object.values(unit.evidence).some((items) => items.some(({ group, llr }) => group === 'network' && llr >= FAR));
}
const FAR = 3;

/** What is left of "a new place" where only the address range is new: carriers and providers give out others every day. */
const NEW_RANGE = 0.35;

/** How new, 0..1, the place of an event is to the user: a range of a usual network is hardly a new place. */
export function newness(event: EventView): number {
  const level = event.userAt < 0 ? undefined : newLevel(event);
  return level === undefined ? 0 : level === prefix ? NEW_RANGE : 1;
}

/**
 * The same of a registration while its records come in: by the record's own address, or where it has none by the sign-in that led to it. To whoever was
 * never seen before this day every place is new, or usual at once, which says nothing: there it is what it is to the tenant.
 */
export function newnessOfPlace(unit: Unit, fact: AuditFact, event: EventView): number {
  if (fact.byOther) return 0;
  const first = event.userAt < 0 ? 0 : event.user[event.userAt + UserWord.firstSeconds]!;
  const isFirst = first === 0 || event.seconds - first < DAY_SECONDS;
  return fact.ip === '' || isFirst ? Number(cameFromNewPlace(unit)) : newness(event);
}

/** D2 has the words after the habits; the first says when the user was last at a usual place, in minutes above the low bits. */
export const LAST_USUAL_AT = HABITS_AT + HABIT_WORDS;
export const AWAY_BITS = 5;

/** Hours since the user was last seen at a usual place; Infinity where never. */
export function hoursSinceUsual(event: EventView): number {
  const word = event.user[event.userAt + LAST_USUAL_AT]!;
  return word === 0 ? Number.POSITIVE_INFINITY : (event.seconds / 60 - (word >>> AWAY_BITS)) / 60;
}

/** The user's key as text, for tables of plain objects. */
export function userKey(event: EventView): string {
  return keyText(event.userLo, event.userHi);
}

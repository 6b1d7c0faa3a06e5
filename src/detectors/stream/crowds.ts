import { Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';
import { isMarked, markUser, usersOf } from './layout.ts';
import { warmKind } from './warm.ts';

/** A record of a crowd: its key, when it was last in use, and a bitmap of its users (linear counting over 64 bits). */
const LAST_SECONDS = 2;
const USERS = RECORD_HEAD;
export const CROWD_WORDS = RECORD_HEAD + 2;

/** Second halves of the keys of a crowd: an address range's, a network's, a device's. */
const RANGE_KEY = 0x72616e67;
const NETWORK_KEY = 0x61736e75;
const DEVICE_KEY = 0x64657669;
const PEERS_KEY = 0x70656572;
const VISITORS_KEY = 0x76697369;
const RETURNED_KEY = 0x72657475;

/** Fetches what neighbours() and deviceUsers() will read of events that are about to come; see RecordTable.warm. */
export function warmCrowds(crowds: RecordTable, words: Uint32Array, ats: Int32Array, count: number): number {
  return warmKind(crowds, words, ats, count, Word.prefix, RANGE_KEY) ^ warmKind(crowds, words, ats, count, Word.device, DEVICE_KEY);
}

/** Users noted under a key, the event's own left out. */
function othersOf(crowds: RecordTable, lo: number, hi: number, event: EventView): number {
  const record = lo === 0 ? -1 : crowds.find(lo, hi);
  if (record < 0) return 0;
  const words = crowds.segment(record);
  const at = crowds.offset(record) + USERS;
  return Math.max(0, Math.round(usersOf(words, at)) - (isMarked(words, at, event.userLo) ? 1 : 0));
}

function noteUser(crowds: RecordTable, lo: number, hi: number, event: EventView): void {
  const record = crowds.obtain(lo, hi);
  crowds.touch(record);
  const words = crowds.segment(record);
  const at = crowds.offset(record);
  words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, event.seconds);
  markUser(words, at + USERS, event.userLo);
  event.forgetCrowds();
}

/** Users of the address range as residents() are of the address. */
export function neighbours(crowds: RecordTable, event: EventView): number {
  if (event.neighbours < 0) event.neighbours = othersOf(crowds, event.prefix, RANGE_KEY, event);
  return event.neighbours;
}

/** Colleagues who use the network (ASN) with a client that they are known by. */
export function networkUsers(crowds: RecordTable, event: EventView): number {
  if (event.networkUsers < 0) event.networkUsers = usersOfNetwork(crowds, event.asn, event);
  return event.networkUsers;
}

/** As networkUsers(), of any network. */
export function usersOfNetwork(crowds: RecordTable, network: number, event: EventView): number {
  return othersOf(crowds, network, NETWORK_KEY, event);
}

/** To be called for a user who is new among an address's residents; the network, by its ASN or what else tells, is 0 where nobody knows. */
export function noteNeighbour(crowds: RecordTable, event: EventView, network: number): void {
  if (event.prefix !== 0) noteUser(crowds, event.prefix, RANGE_KEY, event);
  if (network !== 0) noteUser(crowds, network, NETWORK_KEY, event);
}

/** Users, besides this one, who are known by a device with an id. */
export function deviceUsers(crowds: RecordTable, event: EventView): number {
  if (event.deviceUsers < 0) event.deviceUsers = othersOf(crowds, event.device, DEVICE_KEY, event);
  return event.deviceUsers;
}

/** Seconds since the last of those users came to be known by it; 0 where there is none. */
export function deviceKnownFor(crowds: RecordTable, event: EventView): number {
  const record = event.device === 0 ? -1 : crowds.find(event.device, DEVICE_KEY);
  return record < 0 ? 0 : Math.max(0, event.seconds - crowds.segment(record)[crowds.offset(record) + LAST_SECONDS]!);
}

/** Users, besides this one, who signed in on a device with an id before they were known by it, if ever they were. */
export function deviceVisitors(crowds: RecordTable, event: EventView): number {
  return othersOf(crowds, event.device, VISITORS_KEY, event);
}

/** To be called when a user signs in on a device that they are not known by. */
export function noteDeviceVisitor(crowds: RecordTable, event: EventView): void {
  if (event.device !== 0) noteUser(crowds, event.device, VISITORS_KEY, event);
}

/** Users, besides this one, who came back to a device with an id on a later day than it became known as somebody's. */
export function deviceReturned(crowds: RecordTable, event: EventView): number {
  return othersOf(crowds, event.device, RETURNED_KEY, event);
}

/** To be called when a user signs in on a device that they are known by, a day or more after it last became somebody's. */
export function noteDeviceReturned(crowds: RecordTable, event: EventView): void {
  if (event.device !== 0) noteUser(crowds, event.device, RETURNED_KEY, event);
}

/** Colleagues of the user's department who live in the network. */
export function peersInNetwork(crowds: RecordTable, department: number, event: EventView): number {
  return department === 0 || event.asn === 0 ? 0 : othersOf(crowds, combine(department, event.asn), PEERS_KEY, event);
}

export function notePeer(crowds: RecordTable, department: number, event: EventView): void {
  if (department !== 0 && event.asn !== 0) noteUser(crowds, combine(department, event.asn), PEERS_KEY, event);
}

/** To be called when a device has become a usual one of the user. */
export function noteDeviceUser(crowds: RecordTable, event: EventView): void {
  if (event.device !== 0) noteUser(crowds, event.device, DEVICE_KEY, event);
}

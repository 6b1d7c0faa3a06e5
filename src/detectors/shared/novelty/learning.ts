import { DAY_SECONDS } from '../../../core/durations.ts';
import { EventClass } from '../../../events/event-record.ts';
import { combine } from '../../../events/hash.ts';
import { isMicrosoftAddress } from '../../../events/microsoft-addresses.ts';
import type { Host } from '../../detector.ts';
import { neighbours, noteNeighbour, notePeer } from '../../stream/crowds.ts';
import type { EventView } from '../../stream/event-view.ts';
import { isMarked, markUser, SourceWord, UserFlag, UserWord } from '../../stream/layout.ts';
import { networkOf } from '../desktop-cloud.ts';
import {
  asn,
  client,
  country,
  device,
  type Feature,
  features,
  featureValue,
  HABITS_AT,
  isUsual,
  isUsualDevice,
  newLevel,
  prefix,
  SHARED_ADDRESS,
  slotOf,
  tenureOf,
} from '../habits.ts';
import { isHosting } from '../hosting.ts';
import { noteOwn, Proof, proofOf } from '../own-hand.ts';
import { Moved, sessionSystems } from '../session-system.ts';
import { noteFirstUse, noteUse, type Probation } from '../slots.ts';
import { unprovenSessions } from '../unproven-sessions.ts';
import { countDevice, isAColleagues, noteOwner } from './client-ratio.ts';
import { countNovel, type Learning, signInsOf, type TenantHabits } from './habit-ratio.ts';
import { isFreshPrint, noteHour } from './hours.ts';
import type { PlaceRatio } from './place-ratio.ts';

/**
 * Days after which a user of so many sign-ins is no beginner: many sign in by hand once in a few days, and a stranger's first visit is no habit of
 * theirs. Microsoft's learning of atypical travel ends after 14 days or 10 sign-ins, too.
 */
const BEGINNERS = { days: 14, signIns: 3 } as const;
const dayOf = (event: EventView) => Math.floor(event.seconds / DAY_SECONDS);
const places = [country, asn, prefix];

export interface Learner {
  signIn(event: EventView): void;
  background(event: EventView): void;
}

/** Makes the values of sign-ins habits of their users, after a probation. */
export function learner(host: Host, tenant: TenantHabits, place: PlaceRatio, learning: Learning, probation: Probation): Learner {
  const systems = sessionSystems(host);
  const unproven = unprovenSessions(host);
  const learnFeature = (event: EventView, feature: Feature, day: number, trusted: boolean, alone: number): void => {
    const value = featureValue(event, feature);
    if (value === 0) return;
    const from = event.userAt + HABITS_AT + feature.at;
    const wasUsual = feature !== device || isUsualDevice(event);
    const at = slotOf(event, feature);
    if (at >= 0) noteUse(event.user, at, from, feature.slots, day, trusted, probation, alone);
    else event.slots[feature.index] = noteFirstUse(event.user, from, feature.slots, value, day, trusted);
    event.level = -1;
    tenant.tables[feature.index]?.add(value);
    if (!wasUsual && isUsualDevice(event)) noteOwner(host, tenant, event);
    if (at < 0 && event.eventClass === EventClass.signIn) countNovel(event, feature);
  };
  const noteResident = (event: EventView, knownClient: boolean): void => {
    if (event.sourceAt < 0 || event.prefix === 0) return;
    // Victims of an attacker's address do not make it an office.
    const lives = isUsual(event, prefix);
    if (!lives && !(knownClient && isUsual(event, client))) return;
    if (isMarked(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo)) return;
    markUser(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo);
    noteNeighbour(host.crowds, event, networkOf(event));
    notePeer(host.crowds, host.departmentOf(event), event);
  };
  return {
    signIn(event) {
      const proof = proofOf(host, event);
      const proven = proof !== Proof.none;
      if (proven) noteOwn(event, proof);
      const flags = event.user[event.userAt + UserWord.flags]! & ~UserFlag.usualDevice;
      event.user[event.userAt + UserWord.flags] = proof === Proof.device ? flags | UserFlag.usualDevice : flags;
      // Whoever has the user's cookie teaches nothing, however often they come.
      if (event.device === 0 && newLevel(event) !== undefined && (systems.moved(event) !== Moved.no || systems.scripted(event))) return;
      if (unproven.teachesNothing(event)) return;
      // The first habits of a user are taken as they come, unless hardly anybody in the tenant has them.
      const isNew = tenureOf(event, learning) < 1 && tenureOf(event, BEGINNERS) < 1;
      const isBeginner = isNew && (signInsOf(event) < BEGINNERS.signIns || place.ofUnknownUser(event) < 2);
      // In a hosting company's network nobody lives, but behind a gateway there: a beginner's place there is on probation like any other, where who is
      // new in the log is new.
      const isServer = isHosting(event.asn) && neighbours(host.crowds, event) < SHARED_ADDRESS && unproven.isLogLong(event);
      // What shows on the computer of a colleague is the colleague's.
      const isBorrowed = isBeginner && isAColleagues(host.crowds, event);
      // Who comes from a new network with a new device does not make either known by coming again soon.
      const knownClient = isUsual(event, device);
      const knownNetwork = event.asn === 0 || isUsual(event, asn);
      const day = dayOf(event);
      countDevice(host, tenant, event);
      for (const feature of features) {
        const other = feature === device || feature === client ? knownNetwork : knownClient;
        // Where no device is shown, coming again proves less: a country or network takes twice as long.
        const slow = event.device === 0 && (feature === country || feature === asn);
        // A key proves who it is, not whose computer.
        const isProof = proven && !(feature === device && proof === Proof.resistant);
        const isTaken = isBeginner && !isBorrowed && !(isServer && places.includes(feature));
        learnFeature(event, feature, day, isProof || isTaken, other ? (slow ? 2 : 1) : 3);
      }
      if (proven || newLevel(event) === undefined) noteHour(event);
      noteResident(event, knownClient);
    },
    /**
     * Mail and chat go on at home, on the way and in the hotel, long before somebody signs in there by hand: places and devices are learnt from
     * them too, once a day each. Some are fetched by a service on the user's behalf, from its own addresses.
     */
    background(event) {
      const trusted = isUsualDevice(event);
      if (trusted) noteOwn(event, Proof.device);
      const day = dayOf(event);
      const print = combine(combine(event.prefix, event.device), day);
      if (!isFreshPrint(event, print)) return;
      if (isHosting(event.asn) || (event.asn === 0 && isMicrosoftAddress(event.text('IPAddress')))) return;
      if (unproven.teachesNothing(event)) return;
      const knownDevice = isUsual(event, device);
      const knownNetwork = event.asn === 0 || isUsual(event, asn);
      // Apps on a telephone show no device id: they take twice as long, as such sign-ins by hand do.
      const slow = event.device === 0 ? 2 : 3;
      for (const feature of places) learnFeature(event, feature, day, trusted, knownDevice ? 1 : slow);
      if (event.device !== 0) learnFeature(event, device, day, trusted, knownNetwork ? 1 : 3);
    },
  };
}

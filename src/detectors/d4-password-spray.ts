import { addressKeys } from '../events/address.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Party } from './evidence.ts';
import type { EventView } from './stream/event-view.ts';
import { distinctUsers, markUser, popCount, usualUsers } from './stream/layout.ts';
import { addEvent, addUser, addUsers, dayText, HOUR_MS } from './stream/unit.ts';

/** Words of an address: hour of the counts, fails and successes of this hour and the one before (16 bits each), bitmaps of 128 users each. */
const HOUR = 0;
const FAILS = 1;
const PASSES = 2;
const USERS_NOW = 3;
const USERS_BEFORE = 7;
const FLAGGED = 11;
const WORDS = 12;
const BITMAP_WORDS = 4;
const BITS = 32 * BITMAP_WORDS;
/** Users that the bitmap tells apart; 120 of its bits are set then. */
const FULL = 350;
const HOUR_SECONDS = 3600;

/** Users whose passwords failed from an address, from the first one on: a finding names all of them. */
interface Watch {
  touchedMs: number;
  firstMs: number;
  users: Party[];
  /** How many of them the unit names already; absent in states of before. */
  named?: number;
  /** The first failures. */
  ids: string[];
}
const MAX_WATCHED = 5000;
const MAX_IDS = 50;
const WATCH_MS = 6 * HOUR_MS;
const SPRAY = 'D4-password-spray';
const PASSED = 'D4-password-spray:passed';

export const detector: DetectorSpec = defineDetector({
  /**
   * One address tries passwords of many users, few each: distinct failing users in a sliding hour (linear counting over 128 bits, about 5 % off up
   * to 150), share of failures, tries a user. Raises a unit of its own for the address, with all users; a sign-in from a flagged address within
   * a day is evidence about its user. Offices and carriers are told by the users who live there. Blind to sprays over many addresses (D5) and below
   * one user a few minutes. Cost: one bitmap update a failure. Memory: 48 bytes an address; a list of users for addresses with failures. ATT&CK T1110.003.
   */
  id: 'D4-password-spray',
  title: 'Password spray from one address',
  group: 'credential',
  techniques: ['T1110.003'],
  benignIf: 'The address is a gateway of the organisation, and a service with an old password or an outage explains the failures.',
  parameters: {
    users: { default: 10, doc: 'Distinct users with a wrong password in an hour' },
    failure_share: { default: 0.7, doc: 'Least share of failures among sign-ins of the address' },
    tries_per_user: { default: 3, doc: 'More tries a user than this are guessing, not spraying' },
    propagate_hours: { default: 24, doc: 'How long a sign-in from a flagged address is evidence' },
  },
  userWords: 0,
  sourceWords: WORDS,
  create(host, parameters, { source: base }) {
    const watches = host.objects<Watch>('D4.watches', 20_000);

    const roll = (event: EventView): 'now' | 'before' | 'gone' => {
      const { source } = event;
      const at = event.sourceAt + base;
      const hour = Math.floor(event.seconds / HOUR_SECONDS);
      const held = source[at + HOUR]!;
      if (hour < held) return hour === held - 1 ? 'before' : 'gone';
      if (hour > held) {
        const next = hour === held + 1;
        for (let i = 0; i < BITMAP_WORDS; i++) {
          source[at + USERS_BEFORE + i] = next ? source[at + USERS_NOW + i]! : 0;
          source[at + USERS_NOW + i] = 0;
        }
        for (const word of [FAILS, PASSES]) source[at + word] = next ? source[at + word]! << 16 : 0;
        source[at + HOUR] = hour;
      }
      return 'now';
    };
    const bump = (event: EventView, word: number, when: 'now' | 'before'): void => {
      const at = event.sourceAt + base + word;
      const shift = when === 'now' ? 0 : 16;
      if (((event.source[at]! >>> shift) & 0xffff) < 0xffff) event.source[at] = event.source[at]! + (1 << shift);
    };
    const sum = (word: number) => (word & 0xffff) + (word >>> 16);
    const failingUsers = (event: EventView): number => {
      let bits = 0;
      const at = event.sourceAt + base;
      for (let i = 0; i < BITMAP_WORDS; i++) bits += popCount(event.source[at + USERS_NOW + i]! | event.source[at + USERS_BEFORE + i]!);
      return distinctUsers(bits, BITS);
    };
    const flaggedHours = (event: EventView): number => {
      const flagged = event.sourceAt < 0 ? 0 : event.source[event.sourceAt + base + FLAGGED]!;
      return flagged === 0 ? Number.POSITIVE_INFINITY : (event.seconds - flagged) / HOUR_SECONDS;
    };
    const isAfterSpray = (event: EventView) => event.has(Flag.firstFactor) && Math.abs(flaggedHours(event)) <= parameters.propagate_hours;

    const watch = (event: EventView): Watch => {
      const found = watches.editPair(event.ipLo, event.ipHi, () => ({
        touchedMs: event.timeMs,
        firstMs: event.timeMs,
        users: [],
        ids: [],
      }));
      if (event.timeMs - found.touchedMs > WATCH_MS) {
        found.firstMs = event.timeMs;
        found.users = [];
        found.named = 0;
        found.ids = [];
      }
      found.touchedMs = Math.max(found.touchedMs, event.timeMs);
      const party = event.party();
      const known = found.users.some(({ userId, upn }) => userId === party.userId && upn === party.upn);
      if (!known && found.users.length < MAX_WATCHED) found.users.push(party);
      if (found.ids.length < MAX_IDS) found.ids.push(event.text('Id'));
      return found;
    };
    const unitOf = (event: EventView, firstMs: number) =>
      host.unit('source', event.text('TenantId'), `ip:${addressKeys(event.text('IPAddress')).address}`, dayText(firstMs), event, []);

    const flag = (event: EventView, seen: Watch, users: number, fails: number, passes: number): void => {
      const at = event.sourceAt + base + FLAGGED;
      event.source[at] = Math.max(event.source[at]!, event.seconds);
      const unit = unitOf(event, seen.firstMs);
      addUsers(unit, seen.users.slice(seen.named ?? 0));
      seen.named = seen.users.length;
      const evidence = event.evidence();
      addEvent(unit, evidence);
      unit.startMs = Math.min(unit.startMs, seen.firstMs);
      unit.source = {
        ...unit.source,
        ip: evidence.ip,
        country: evidence.country,
        city: evidence.city,
        asn: evidence.asn,
        app: evidence.app,
      };
      const most = unit.users.length;
      const words = `${most} users had a wrong password from this address within hours, about ${(fails / Math.max(1, users)).toFixed(1)} tries each; ${passes} sign-ins passed.`;
      const llr = Math.min(6, 2 + Math.log2(most / parameters.users));
      unit.evidence[SPRAY] = [contribution(detector, llr, words, { users: most, fails, passes }, [...new Set([...seen.ids, evidence.id])])];
    };

    return {
      classes: [EventClass.passwordFailure, EventClass.signIn, EventClass.interrupt],
      judge(event) {
        return event.eventClass !== EventClass.passwordFailure && isAfterSpray(event) ? 3 : 0;
      },
      explain(event) {
        const words = `Signed in from ${event.text('IPAddress')}, which tried passwords of many users within ${parameters.propagate_hours} hours.`;
        return [contribution(detector, 3, words, { users: Math.round(failingUsers(event)) }, [event.text('Id')])];
      },
      learn(event) {
        if (event.sourceAt < 0 || event.has(Flag.knownEgress)) return;
        const when = roll(event);
        if (event.eventClass !== EventClass.passwordFailure) {
          if (when !== 'gone') bump(event, PASSES, when);
          if (!isAfterSpray(event)) return;
          const seen = watches.getPair(event.ipLo, event.ipHi);
          const unit = unitOf(event, seen?.firstMs ?? event.timeMs);
          const party = event.party();
          addUser(unit, party);
          addEvent(unit, event.evidence());
          const known = new Set([...(unit.evidence[PASSED]?.[0]?.eventIds ?? []), event.text('Id')]);
          const words = `${known.size} sign-in${known.size === 1 ? '' : 's'} got past the password from this address.`;
          const llr = Math.min(6, 3 + Math.log2(known.size));
          unit.evidence[PASSED] = [contribution(detector, llr, words, { passed: known.size }, [...known].slice(-50))];
          return;
        }
        const seen = watch(event);
        if (when === 'gone') return;
        bump(event, FAILS, when);
        markBit(event, base + (when === 'now' ? USERS_NOW : USERS_BEFORE));
        const counted = failingUsers(event);
        // The bitmap is full at some hundreds of users; then the list of them, which is longer than the hour, says more.
        const users = counted > FULL ? Math.max(counted, seen.users.length) : counted;
        const fails = sum(event.source[event.sourceAt + base + FAILS]!);
        const passes = sum(event.source[event.sourceAt + base + PASSES]!);
        // An address where many work sees many wrong passwords: there the bar rises with the users who live there.
        const bar = Math.max(parameters.users, usualUsers(event.source, event.sourceAt) * 0.5);
        if (users < bar * 0.95 || fails / (fails + passes) < parameters.failure_share || fails / users > parameters.tries_per_user) return;
        flag(event, seen, Math.round(users), fails, passes);
      },
    };
  },
});

function markBit(event: EventView, word: number): void {
  const half = (event.userHi >>> 5) & 1;
  markUser(event.source, event.sourceAt + word + 2 * half, event.userLo);
}

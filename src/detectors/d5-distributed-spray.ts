import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { asn, isUsualDevice, newLevel, userKey } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';
import { DAY_MS } from './stream/unit.ts';

interface Failures {
  touchedMs: number;
  firstMs: number;
  /** Hashes of address ranges (of a user) or keys of users (of a group). */
  distinct: (number | string)[];
  passes: number;
}
const MAX_DISTINCT = 256;

export const detector: DetectorSpec = defineDetector({
  /**
   * Password guessing that no single address shows: one user's wrong passwords from many address ranges in a day, and one kind of client in one
   * network (ASN, system and browser) that fails for many users who are not at home there. A sign-in that then passes from a new place is evidence.
   * Works over hours and days where D4 sees single failures. Blind to guessers who take a network and client of their own for each user. Cost: a list
   * look-up per failure from a new place. Memory: a short list per failing user and group, for a day. ATT&CK T1110.003, T1110.004.
   */
  id: 'D5-distributed-spray',
  title: 'Password guessing over many addresses',
  group: 'credential',
  techniques: ['T1110.003'],
  benignIf: 'A phone or mail client of the user with an old password explains the failures.',
  parameters: {
    ranges: { default: 4, doc: 'Address ranges with a wrong password for one user in a day' },
    users: { default: 10, doc: 'Users with a wrong password from one network and client in a day' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const users = host.objects<Failures>('D5.users', 50_000);
    const groups = host.objects<Failures>('D5.groups', 20_000);
    const note = (table: typeof users, lo: number, hi: number, value: number | string, event: EventView): Failures => {
      const entry = table.editPair(lo, hi, () => ({ touchedMs: event.timeMs, firstMs: event.timeMs, distinct: [], passes: 0 }));
      if (event.timeMs - entry.firstMs > DAY_MS) Object.assign(entry, { firstMs: event.timeMs, distinct: [], passes: 0 });
      if (!entry.distinct.includes(value) && entry.distinct.push(value) > MAX_DISTINCT) entry.distinct.shift();
      entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      return entry;
    };
    const recent = (entry: Readonly<Failures> | undefined, event: EventView, least: number): number => {
      if (entry === undefined || Math.abs(event.timeMs - entry.touchedMs) > DAY_MS) return 0;
      return entry.distinct.length >= least ? entry.distinct.length : 0;
    };
    const counts = (event: EventView): readonly [number, number] => {
      if (newLevel(event) === undefined || isUsualDevice(event) || event.has(Flag.knownEgress)) return [0, 0];
      const wasTried = (event.user[event.userAt + UserWord.flags]! & UserFlag.passwordTried) !== 0;
      const ranges = wasTried ? recent(users.getPair(event.userLo, event.userHi), event, parameters.ranges) : 0;
      const group = groups.size === 0 || event.asn === 0 ? undefined : groups.getPair(event.asn, event.client);
      const tried = recent(group, event, parameters.users);
      return [ranges, tried > 2 * (group?.passes ?? 0) ? tried : 0];
    };
    const judge = (event: EventView): number => {
      const [ranges, tried] = counts(event);
      return Math.min(4, (ranges > 0 ? 1.5 + Math.log2(ranges / parameters.ranges) : 0) + (tried > 0 ? 2.5 : 0));
    };
    return {
      classes: [EventClass.passwordFailure, EventClass.signIn, EventClass.interrupt],
      judge(event) {
        return event.eventClass === EventClass.passwordFailure || !event.has(Flag.firstFactor) ? 0 : judge(event);
      },
      explain(event) {
        const [ranges, tried] = counts(event);
        const own = ranges > 0 ? `after wrong passwords from ${ranges} address ranges in a day` : '';
        const group = tried > 0 ? `from a network and client that tried passwords of ${tried} users in a day` : '';
        const words = `Signed in ${[own, group].filter((text) => text !== '').join(', ')}.`;
        return [contribution(detector, judge(event), words, { ranges, users: tried }, [event.text('Id')])];
      },
      learn(event) {
        if (event.eventClass === EventClass.passwordFailure) {
          if (newLevel(event) === undefined || isUsualDevice(event)) return;
          const at = event.userAt + UserWord.flags;
          event.user[at] = event.user[at]! | UserFlag.passwordTried;
          if (event.prefix !== 0) note(users, event.userLo, event.userHi, event.prefix, event);
          if (newLevel(event) === asn || event.user[event.userAt + UserWord.signIns] === 0) {
            if (event.asn !== 0) note(groups, event.asn, event.client, userKey(event), event);
          }
          return;
        }
        if (event.eventClass !== EventClass.signIn || groups.size === 0 || event.asn === 0) return;
        const group = groups.editExistingPair(event.asn, event.client);
        if (group !== undefined) group.passes++;
      },
    };
  },
});

import { DAY_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import type { Recent } from '../state/recent-table.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { asn, isUsualDevice, newLevel } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';

const MAX_DISTINCT = 256;

export const detector: DetectorSpec = defineDetector({
  /**
   * Password guessing that no single address shows: one user's wrong passwords from many address ranges in a day, and one kind of client in
   * one network (ASN, system and browser) that fails for many users who are not at home there. A sign-in that then passes from a new place
   * is evidence.
   * Works over hours and days where D4 sees single failures. Blind to guessers who take a network and client of their own for each user.
   * Cost: a list look-up per failure from a new place. Memory: a short list per failing user and group, for a day; 50,000 and 20,000 at
   * most.
   * ATT&CK T1110.003, T1110.004. Ref: edges from network and client to user, as MIDAS counts them (detectors.md A2); detectors.md B1 D5.
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
    /** Address ranges from which a user's password failed; users who failed from one network with one client, and how many passed there. */
    const users = host.recents('D5.users', 50_000, MAX_DISTINCT);
    const groups = host.recents('D5.groups', 20_000, MAX_DISTINCT);
    const recent = (entry: Readonly<Recent> | undefined, event: EventView, least: number): number => {
      if (entry === undefined || Math.abs(event.timeMs - entry.touchedMs) > DAY_MS) return 0;
      return entry.values.length >= least ? entry.values.length : 0;
    };
    const isElsewhere = (event: EventView) => newLevel(event) !== undefined && !isUsualDevice(event) && !event.has(Flag.knownEgress);
    const rangesOf = (event: EventView): number => {
      const wasTried = (event.user[event.userAt + UserWord.flags]! & UserFlag.passwordTried) !== 0;
      return wasTried ? recent(users.get(event.userLo, event.userHi), event, parameters.ranges) : 0;
    };
    const triedBy = (event: EventView): number => {
      const group = groups.size === 0 || event.asn === 0 ? undefined : groups.get(event.asn, event.client);
      const tried = recent(group, event, parameters.users);
      return tried > 2 * (group?.count ?? 0) ? tried : 0;
    };
    const judge = (event: EventView): number => {
      if (!isElsewhere(event)) return 0;
      const ranges = rangesOf(event);
      const tried = triedBy(event);
      return Math.min(4, (ranges > 0 ? 1.5 + Math.log2(ranges / parameters.ranges) : 0) + (tried > 0 ? 2.5 : 0));
    };
    return {
      judges: [EventClass.signIn, EventClass.interrupt],
      learns: [EventClass.passwordFailure, EventClass.signIn],
      judge(event) {
        return event.has(Flag.firstFactor) ? judge(event) : 0;
      },
      explain(event) {
        const [ranges, tried] = isElsewhere(event) ? [rangesOf(event), triedBy(event)] : [0, 0];
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
          if (event.prefix !== 0) users.add(event.userLo, event.userHi, event.prefix, event.timeMs, DAY_MS);
          if (newLevel(event) === asn || event.user[event.userAt + UserWord.signIns] === 0) {
            if (event.asn !== 0) groups.add(event.asn, event.client, combine(event.userLo, event.userHi), event.timeMs, DAY_MS);
          }
          return;
        }
        if (groups.size === 0 || event.asn === 0) return;
        const group = groups.editExisting(event.asn, event.client);
        if (group !== undefined) group.count++;
      },
    };
  },
});

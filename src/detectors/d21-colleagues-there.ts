import { DAY_MS } from '../core/durations.ts';
import { EventClass, Word } from '../events/event-record.ts';
import { LAST_SECONDS, RECORD_HEAD } from '../state/record-table.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isUsualDevice } from './shared/habits.ts';
import { Proof, provedNow } from './shared/own-hand.ts';
import type { EventView } from './stream/event-view.ts';
import { markUser, usersOf } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';
import { warmKind } from './stream/warm.ts';

/** Words of a range: its key, when it was last in use, when the first of its people came (Unix seconds), and a bitmap of them. */
const FIRST_SECONDS = RECORD_HEAD;
const USERS = RECORD_HEAD + 1;
const WORDS = RECORD_HEAD + 3;
const MAX_RANGES = 500_000;
const THERE = -2.5;
const ID = 'D21-colleagues-there';

export const detector: DetectorSpec = defineDetector({
  /**
   * The organisation has moved: many colleagues, each on a device with an id or in a session that they are known by, have come to the
   * address range of a registration within days of each other and of it, where nobody was before. A VPN is rolled out, an office has
   * another provider, a conference. Whoever registered there is one of them; an intruder brings no colleagues along, and victims who are
   * signed in to from his address on his computer are none.
   * Evidence against only. Works from the fourth day of log on, and for who is first there in the days after: the finding is revised at
   * the user's next sign-in. Blind to ranges that were always in use (a carrier's, an old office), and where nobody shows a device or
   * keeps a session.
   * Cost: a look-up for sign-ins that prove their user. Memory: 24 bytes a range, 500,000 at most.
   * ATT&CK T1078.004. Ref: VPNs and locations that others of the organisation use, as Identity Protection leaves out of atypical travel;
   * detectors.md A3, B1 D2.
   */
  id: ID,
  title: 'Colleagues have come to the same new place',
  group: 'context',
  techniques: ['T1078.004'],
  benignIf: 'The organisation has a new gateway, VPN or office there.',
  parameters: {
    colleagues: { default: 8, doc: 'Users who prove to be there that make a range one of the organisation' },
    days: { default: 10, doc: 'Days before or after the arrival of the first of them in which a registration is taken for one of theirs' },
    log_days: { default: 3, doc: 'Days of log before a range counts as new' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const ranges = host.records('D21.ranges', WORDS, MAX_RANGES);
    const begun = host.objects<{ touchedMs: number; firstMs: number }>('D21.begun', 1000);
    const isProven = (event: EventView) => isUsualDevice(event) || provedNow(event) !== Proof.none;
    const colleagues = (unit: Readonly<Unit>, event: EventView): Contribution | undefined => {
      const facts = unit.registration;
      if (facts === undefined || facts.byOther || facts.prefix === 0) return undefined;
      const record = ranges.find(facts.prefix, 0);
      const logMs = begun.get(event.scope())?.firstMs;
      if (record < 0 || logMs === undefined) return undefined;
      const words = ranges.segment(record);
      const at = ranges.offset(record);
      const firstMs = words[at + FIRST_SECONDS]! * 1000;
      const users = Math.round(usersOf(words, at + USERS));
      const isNew = firstMs - logMs >= parameters.log_days * DAY_MS && Math.abs(unit.openedMs - firstMs) <= parameters.days * DAY_MS;
      if (!isNew || users <= parameters.colleagues) return undefined;
      const text = `${users} colleagues, on known devices or in known sessions, have come to the address range of the registration since ${new Date(firstMs).toISOString().slice(0, 10)}; nobody of the tenant was there before.`;
      return contribution(detector, THERE, text, { users }, []);
    };
    return {
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      warms: [
        {
          classes: [EventClass.signIn, EventClass.backgroundSignIn],
          read: (words, ats, count) => warmKind(ranges, words, ats, count, Word.prefix, 0),
        },
      ],
      learn(event) {
        const scope = event.scope();
        if (begun.get(scope) === undefined) begun.edit(scope, () => ({ touchedMs: event.timeMs, firstMs: event.timeMs }));
        if (event.prefix === 0 || !isProven(event)) return;
        const record = ranges.obtain(event.prefix, 0);
        ranges.touch(record);
        const words = ranges.segment(record);
        const at = ranges.offset(record);
        words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, event.seconds);
        const first = words[at + FIRST_SECONDS]!;
        words[at + FIRST_SECONDS] = first === 0 ? event.seconds : Math.min(first, event.seconds);
        markUser(words, at + USERS, event.userLo);
      },
      registration(unit, _fact, event) {
        const found = colleagues(unit, event);
        if (found !== undefined) unit.evidence[ID] = [found];
      },
      afterwards(unit, event) {
        if (unit.evidence[ID] !== undefined) return undefined;
        const found = colleagues(unit, event);
        return found === undefined ? undefined : { [ID]: [found] };
      },
    };
  },
});

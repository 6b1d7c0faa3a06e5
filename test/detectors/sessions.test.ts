import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventView } from '../../src/detectors/stream/event-view.ts';
import { NOBODY_WORDS, Nobodys } from '../../src/detectors/stream/nobodys.ts';
import { marksOf, SESSION_WORDS, SessionMark, Sessions } from '../../src/detectors/stream/sessions.ts';
import { SHARED_WORDS, SharedSessions } from '../../src/detectors/stream/shared-sessions.ts';
import { EventClass } from '../../src/events/event-record.ts';
import { RecordTable } from '../../src/state/record-table.ts';

const DAY = 86_400;
const marks = [SessionMark.met, SessionMark.unproven, SessionMark.proved, SessionMark.bound];

interface Shown {
  readonly user: number;
  readonly session?: number;
  readonly device?: number;
  readonly browser?: number;
  readonly seconds?: number;
  readonly eventClass?: EventClass;
}

function view({ user, session = 0, device = 0, browser = 0, seconds = 0, eventClass = EventClass.signIn }: Shown): EventView {
  return Object.assign(new EventView(), {
    ...{ eventClass, userLo: user, userHi: -user, session, device, seconds },
    // As the view itself works it out.
    browser: session || device || browser,
  });
}

const shown = fc.record({
  user: fc.integer({ min: 1, max: 3 }),
  session: fc.integer({ min: 0, max: 3 }),
  device: fc.integer({ min: 0, max: 2 }),
  browser: fc.integer({ min: 0, max: 2 }),
});

test('marks are those of a Map by user and session, or by browser where a sign-in shows neither session nor device', () => {
  const steps = fc.array(fc.record({ shown, mark: fc.constantFrom(...marks) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (list) => {
      const sessions = new Sessions(new RecordTable(SESSION_WORDS, 1000));
      const model = new Map<string, number>();
      const keyOf = ({ user, session, device, browser }: Required<Pick<Shown, 'user' | 'session' | 'device' | 'browser'>>) => {
        if (session !== 0) return `${user} session ${session}`;
        // The values are small, so that a browser's could be taken for a session's; the records of both are one then.
        return device !== 0 || browser === 0 ? undefined : `${user} session ${browser}`;
      };
      for (const { shown: event, mark } of list) {
        const at = view(event);
        sessions.find(at);
        const key = keyOf(event);
        expect(marksOf(at)).toBe(key === undefined ? 0 : (model.get(key) ?? 0));
        sessions.mark(at, mark);
        if (key !== undefined) model.set(key, (model.get(key) ?? 0) | mark);
        expect(marksOf(at)).toBe(key === undefined ? 0 : model.get(key));
      }
    }),
    { numRuns: 200 },
  );
});

test('of too many sessions those go that are idle, not the one that is used every day', () => {
  const sessions = new Sessions(new RecordTable(SESSION_WORDS, 80));
  const use = (session: number, seconds: number) => {
    const event = view({ user: 1, session, seconds });
    sessions.find(event);
    return event;
  };
  const isKept = (session: number, seconds: number) => (marksOf(use(session, seconds)) & SessionMark.bound) !== 0;
  sessions.mark(use(1, 0), SessionMark.bound);
  sessions.mark(use(2, 0), SessionMark.bound);
  for (let i = 0; i < 200; i++) {
    use(1, i * DAY);
    sessions.mark(use(100 + i, i * DAY), SessionMark.met);
  }
  expect(isKept(1, 200 * DAY)).toBe(true);
  expect(isKept(2, 200 * DAY)).toBe(false);
});

test('a session is dropped from the third user on who shows it by hand, for everybody; what was only tried is undone', () => {
  const event = fc.record({ user: fc.integer({ min: 1, max: 5 }), session: fc.integer({ min: 1, max: 3 }), byHand: fc.boolean() });
  const steps = fc.array(fc.record({ event, isTried: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (list) => {
      const tables = [SESSION_WORDS, NOBODY_WORDS, SHARED_WORDS].map((words) => new RecordTable(words, 1000));
      const sessions = new Sessions(tables[0]!);
      const shared = new SharedSessions(tables[2]!, sessions, new Nobodys(tables[1]!));
      const isDropped = (user: number, session: number, byHand: boolean) => {
        const at = view({ user, session, eventClass: byHand ? EventClass.signIn : EventClass.backgroundSignIn });
        sessions.find(at);
        shared.resolve(at);
        return at.session === 0;
      };
      const users = new Map<number, ReadonlySet<number>>();
      for (const { event, isTried } of list) {
        const { user, session, byHand } = event;
        if (isTried) for (const table of tables) table.begin();
        const before = users.get(session) ?? new Set();
        const after = byHand ? new Set([...before, user]) : before;
        expect(isDropped(user, session, byHand)).toBe(after.size >= 3);
        if (isTried) for (const table of tables) table.rollback();
        else users.set(session, after);
      }
    }),
    { numRuns: 200 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTEMPT_WORDS, Attempts, FAILURE_WORDS } from '../../../src/detectors/shared/failures.ts';
import { EventView } from '../../../src/detectors/stream/event-view.ts';
import { RecordTable } from '../../../src/state/record-table.ts';

const BASE = 3;
const HOUR = 3600;

/** Two hours side by side, as words and Sets. */
class Model {
  #hour = 0;
  #now = { fails: 0, passes: 0, users: new Set<number>() };
  #before = { fails: 0, passes: 0, users: new Set<number>() };

  attempt(hour: number, user: number | undefined): void {
    if (hour > this.#hour) {
      this.#before = hour === this.#hour + 1 ? this.#now : { fails: 0, passes: 0, users: new Set() };
      this.#now = { fails: 0, passes: 0, users: new Set() };
      this.#hour = hour;
    }
    const cell = hour === this.#hour ? this.#now : hour === this.#hour - 1 ? this.#before : undefined;
    if (cell === undefined) return;
    if (user === undefined) cell.passes++;
    else {
      cell.fails++;
      cell.users.add(user);
    }
  }

  get counts() {
    const users = new Set([...this.#now.users, ...this.#before.users]).size;
    return { users, fails: this.#now.fails + this.#before.fails, passes: this.#now.passes + this.#before.passes };
  }
}

const step = fc.record({ hour: fc.integer({ min: 100, max: 106 }), user: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }) });

test('attempts in two hours are those of Sets, in any order of the hours', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const attempts = new Attempts(BASE, new RecordTable(FAILURE_WORDS, 100));
      const model = new Model();
      const view = new EventView();
      view.source = new Uint32Array(BASE + ATTEMPT_WORDS);
      view.sourceAt = 0;
      view.ipLo = 7;
      view.ipHi = 8;
      for (const { hour, user } of steps) {
        view.seconds = hour * HOUR + 5;
        view.userLo = user ?? 0;
        view.userHi = 0;
        if (user === undefined) attempts.pass(view);
        else attempts.fail(view);
        model.attempt(hour, user);
        const { users, fails, passes } = attempts.counts(view);
        expect({ users: 0 + Math.round(users), fails, passes }).toEqual(model.counts);
      }
    }),
    { numRuns: 200 },
  );
});

test('an address that was never flagged is not, whoever failed there; a flag counts from its latest time', () => {
  const attempts = new Attempts(BASE, new RecordTable(FAILURE_WORDS, 100));
  const view = new EventView();
  view.source = new Uint32Array(BASE + ATTEMPT_WORDS);
  view.sourceAt = 0;
  view.ipLo = 7;
  view.seconds = 100 * HOUR;
  attempts.pass(view);
  attempts.fail(view);
  expect(attempts.flaggedHours(view)).toBe(Number.POSITIVE_INFINITY);
  attempts.flag(view);
  view.seconds = 99 * HOUR;
  attempts.flag(view);
  view.seconds = 103 * HOUR;
  expect(attempts.flaggedHours(view)).toBe(3);
});

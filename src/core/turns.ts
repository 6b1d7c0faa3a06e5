import { setImmediate as immediate } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else who asks here gets. `setImmediate` alone does not space out work: all
 * that was asked for in one turn runs in the next one, one piece after the other.
 */
export function ownTurn(): Promise<void> {
  last = last.then(() => immediate());
  return last;
}

import type { Unit } from '../stream/unit.ts';

/** Whether a detector's evidence of a unit says that much, in nats, or more in one of its pieces. */
export function says({ evidence }: Readonly<Unit>, id: string, least: number): boolean {
  return Object.values(evidence).some((items) => items.some(({ detector, llr }) => detector === id && llr >= least));
}

/** Evidence of a reset of the user's password or methods (D9) from which on whoever did it wanted the account, and may hold the number. */
const RESET = 1;

/** Whether the user's password or methods were reset before, so that it says something. */
export function wasReset(unit: Readonly<Unit>): boolean {
  return says(unit, 'D9-method-change', RESET);
}

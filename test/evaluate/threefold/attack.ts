import type { Takeover } from './attacker.ts';
import type { Person } from './people.ts';

/** A kind of takeover: its number in the list of scenarios, whom it meets, when it may begin, and what happens. */
export interface Attack {
  readonly scenario: string;
  readonly name: string;
  readonly who: (person: Person) => boolean;
  /** First and last day on which it begins. */
  readonly days?: readonly [number, number];
  /** Hands that are always in the same building as the victim. */
  readonly alwaysNear?: boolean;
  readonly act: (takeover: Takeover) => void;
}

import type { Rng } from '../rng.ts';
import type { Stage } from '../stage.ts';

/** One kind of attack. `plan` puts its events on the stage's agenda, beginning about `start`. */
export interface Attack {
  readonly scenario: string;
  readonly name: string;
  /** Variants by weight; those in `quiet` register nothing and need not be found. */
  readonly variants: readonly (readonly [string, number])[];
  readonly quiet: readonly string[];
  /** Gives false when nobody in the tenant fits. */
  readonly plan: (stage: Stage, rng: Rng, start: number, variant: string) => boolean;
}

import type { Case } from './cases.ts';
import type { Dice } from './dice.ts';
import type { KindName } from './kinds.ts';
import type { Scene, SceneWish } from './scenes.ts';
import type { World } from './world.ts';

/** What one benign event is made from. */
export interface Play {
  readonly world: World;
  readonly scene: Scene;
  readonly dice: Dice;
  readonly label: Case;
}

/** A benign event that looks like a takeover: how often each kind of tenant has it, who and where, and what they do. */
export interface LookAlike extends SceneWish {
  readonly cause: string;
  readonly counts: Readonly<Record<KindName, number>>;
  readonly act: (play: Play) => void;
}

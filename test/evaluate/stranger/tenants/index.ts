import type { World } from '../world.ts';
import { lawFirm } from './law-firm.ts';
import { manufacturer } from './manufacturer.ts';
import { municipality } from './municipality.ts';
import { retail } from './retail.ts';

/** Each makes a whole tenant from a seed. */
export const TENANTS = { 'law-firm': lawFirm, retail, municipality, manufacturer } as const satisfies Record<
  string,
  (seed: number) => World
>;

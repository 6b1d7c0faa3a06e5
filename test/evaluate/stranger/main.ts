import { join } from 'node:path';
import { writeTenant } from './delivery.ts';
import { TENANTS } from './tenants/index.ts';

/** Writes tenants: `npx tsx test/evaluate/stranger/main.ts SEED,SEED DIR`, one of each kind for a seed. */
const [seeds, root] = process.argv.slice(2);
if (seeds === undefined || root === undefined) throw new Error('usage: main.ts SEED,SEED DIR');
for (const seed of seeds.split(',').map(Number))
  for (const [name, make] of Object.entries(TENANTS)) writeTenant(make(seed), join(root, `${name}-${seed}`));

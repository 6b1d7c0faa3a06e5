import { join } from 'node:path';
import { PLANS } from './plans.ts';
import { writeForeignTenant } from './tenant.ts';

/** Writes tenants: `npx tsx test/evaluate/foreign/main.ts SEED,SEED DIR`, one of each plan for a seed. */
const [seeds, root] = process.argv.slice(2);
if (seeds === undefined || root === undefined) throw new Error('usage: main.ts SEED,SEED DIR');
for (const seed of seeds.split(',').map(Number))
  for (const [nth, plan] of PLANS.entries()) writeForeignTenant(plan, seed + nth * 1000, join(root, `${plan.name}-${seed}`));

import { KINDS, type KindName } from './kinds.ts';
import { makeTenant } from './make.ts';

/** Writes tenants that no detector was fitted to: `npx tsx test/evaluate/quarter/main.ts ministry|agency|manufacturer SEED,SEED DIR`. */
const [name, seeds, root] = process.argv.slice(2);
if (name === undefined || !(name in KINDS) || seeds === undefined || root === undefined)
  throw new Error(`usage: main.ts ${Object.keys(KINDS).join('|')} SEED,SEED DIR`);
const kind = name as KindName;
for (const seed of seeds.split(',').map(Number)) {
  const { world, labels } = await makeTenant({ kind, seed }, `${root}/${kind}-${seed}`);
  const { incidents, decoys } = labels;
  process.stdout.write(`${kind} ${seed}: ${JSON.stringify(world.book.counts)} ${incidents.length} incidents, ${decoys.length} decoys\n`);
}

import { makeTenant } from './make.ts';
import { TENANTS, type TenantName } from './tenants.ts';

/** Writes tenants: `npx tsx test/evaluate/delivery/main.ts resort|backoffice|scattered SEED,SEED DIR`. */
const [name, seeds, root] = process.argv.slice(2);
if (name === undefined || !(name in TENANTS) || seeds === undefined || root === undefined)
  throw new Error(`usage: main.ts ${Object.keys(TENANTS).join('|')} SEED,SEED DIR`);
for (const seed of seeds.split(',').map(Number)) {
  const { book, counts } = await makeTenant(name as TenantName, seed, `${root}/${name}-${seed}`);
  process.stdout.write(`${name} ${seed}: ${JSON.stringify(counts)} ${book.incidents.length} incidents, ${book.decoys.length} decoys\n`);
}

import { makeTenant } from './make.ts';
import { TENANTS, type TenantName } from './tenants.ts';

/** Writes tenants: `npx tsx test/evaluate/outsider/main.ts consultancy|school|hybrid SEED,SEED DIR`. */
const [name, seeds, root] = process.argv.slice(2);
if (name === undefined || !(name in TENANTS) || seeds === undefined || root === undefined)
  throw new Error(`usage: main.ts ${Object.keys(TENANTS).join('|')} SEED,SEED DIR`);
const tenant = name as TenantName;
for (const seed of seeds.split(',').map(Number)) {
  const { book, incidents, decoys } = await makeTenant({ tenant, seed, folder: `${root}/${tenant}-${seed}` });
  process.stdout.write(`${tenant} ${seed}: ${JSON.stringify(book.counts)} ${incidents.length} incidents, ${decoys.length} decoys\n`);
}

import { KINDS, type KindName } from './kinds.ts';
import { makeTenant } from './make.ts';

/** Writes labelled tenants: `npx tsx test/evaluate/threefold/main.ts insurer|logistics|research SEED,SEED DIR`. */
const [name, seeds, root] = process.argv.slice(2);
if (name === undefined || !(name in KINDS) || seeds === undefined || root === undefined)
  throw new Error(`usage: main.ts ${Object.keys(KINDS).join('|')} SEED,SEED DIR`);
for (const seed of seeds.split(',').map(Number)) {
  const { book, people } = makeTenant(name as KindName, seed);
  await book.save(`${root}/${name}-${seed}`, people.length);
  process.stdout.write(
    `${name} ${seed}: ${JSON.stringify(book.counts)} ${book.incidents.length} incidents, ${book.decoys.length} decoys\n`,
  );
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planAttacks } from './attacks.ts';
import { planLookAlikes } from './benign.ts';
import { DAY } from './cities.ts';
import type { KindName } from './kinds.ts';
import { type Labels, labelsOf } from './labels.ts';
import { liveOn } from './routine.ts';
import { runServices } from './services.ts';
import { makeWorld, type World } from './world.ts';

export interface Order {
  readonly kind: KindName;
  readonly seed: number;
  readonly days?: number;
  /** Part of the usual number of people, look-alikes and takeovers, for a quick look. */
  readonly share?: number;
}

/** The people of a tenant, and what happens to some of them; nobody's ordinary days as yet. */
export function castTenant({ kind, seed, days = 35, share = 1 }: Order): { readonly world: World; readonly labels: Labels } {
  const world = makeWorld(kind, seed, days, share);
  const taken = new Set<string>();
  const incidents = planAttacks(world, share, taken);
  const lookAlikes = planLookAlikes(world, kind, share, taken);
  const labels = labelsOf({ start: world.start, end: world.start + days * DAY }, world.people.length, incidents, lookAlikes);
  return { world, labels };
}

/** Makes a tenant and writes its folder: NDJSON files by table, and labels.json. */
export async function makeTenant(order: Order, folder: string): Promise<{ readonly world: World; readonly labels: Labels }> {
  const { world, labels } = castTenant(order);
  liveOn(world);
  runServices(world);
  await world.book.write(folder);
  writeFileSync(join(folder, 'labels.json'), `${JSON.stringify(labels, undefined, 1)}\n`);
  return { world, labels };
}

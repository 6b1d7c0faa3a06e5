import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Book, emptyBook } from './book.ts';
import { deliver } from './deliver.ts';
import { upnsOf } from './people.ts';
import { guesses, plantAttacks, plantLookAlikes } from './plan.ts';
import { live } from './routine.ts';
import { TENANTS, type TenantName } from './tenants.ts';
import { newWorld, type World } from './world.ts';

/** Everything that happens in a tenant; the same for the same seed. */
export function happen(name: TenantName, seed: number): { readonly world: World; readonly book: Book } {
  const label = `delivery/${name}/${seed}`;
  const world = newWorld(TENANTS[name], label);
  const book = emptyBook(label);
  plantLookAlikes(world, book);
  plantAttacks(world, book);
  live(world, book);
  guesses(world, book);
  return { world, book };
}

const iso = (at: number) => new Date(at).toISOString();

/** What labels.json says of a tenant, as `simulate` writes it. */
export function labelsOf({ start, end, people }: World, { incidents, decoys }: Book): unknown {
  return {
    start: iso(start),
    end: iso(end),
    users: people.length,
    incidents: incidents.map(({ id, scenario, variant, people: victims, registered, rows, ...span }) => ({
      id,
      scenario,
      variant,
      user_ids: victims.map((one) => one.id),
      upns: victims.flatMap(upnsOf),
      start: iso(span.start),
      end: iso(Math.min(span.end, end)),
      ...(registered === undefined ? {} : { registration_time: iso(registered) }),
      registration_event_ids: rows,
      must_detect: registered !== undefined,
      min_severity: 'Medium',
    })),
    decoys: decoys.map(({ kind, people: about, rows, ...span }) => ({
      kind,
      user_ids: about.map((one) => one.id),
      upns: about.flatMap(upnsOf),
      start: iso(span.start),
      end: iso(Math.min(span.end, end)),
      registration_event_ids: rows,
    })),
  };
}

/** Writes a tenant's logs and labels into a folder. */
export async function makeTenant(name: TenantName, seed: number, folder: string) {
  const { world, book } = happen(name, seed);
  const counts = await deliver(world, book, folder);
  writeFileSync(join(folder, 'labels.json'), JSON.stringify(labelsOf(world, book), undefined, 1));
  return { world, book, counts };
}

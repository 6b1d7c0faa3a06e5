import { fillBackground } from './background.ts';
import { Book } from './book.ts';
import { CROWDS, plan } from './crowds.ts';
import { diceOf } from './dice.ts';
import { KINDS, type KindName } from './kinds.ts';
import { live } from './life.ts';
import { LOOK_ALIKES_OF_DEVICES } from './look-alikes-of-devices.ts';
import { LOOK_ALIKES_OF_PLACES } from './look-alikes-of-places.ts';
import { findScene } from './scenes.ts';
import { planTakeovers } from './takeovers.ts';
import { DAY, type World, worldOf } from './world.ts';

function planLookAlikes(world: World): readonly (() => void)[] {
  return [...LOOK_ALIKES_OF_DEVICES, ...LOOK_ALIKES_OF_PLACES].flatMap(({ cause, counts, act, ...wish }) => {
    const dice = world.dice.fork(cause);
    return Array.from({ length: counts[world.kindName] }, () => {
      const scene = findScene(world, dice, wish);
      return scene === undefined ? [] : [plan(world, cause, scene, (label) => act({ world, scene, dice, label }))];
    }).flat();
  });
}

/** A tenant of five weeks: the same kind and seed give the same. */
export function makeTenant(kindName: KindName, seed: number): World {
  const start = Date.parse(KINDS[kindName].start);
  const book = new Book(diceOf(`book/${kindName}/${seed}`), start, start + KINDS[kindName].days * DAY);
  const world = worldOf(kindName, seed, book);
  // Takeovers first: they need people of whom nothing else is told.
  const closings = [
    ...planTakeovers(world),
    ...CROWDS.flatMap((crowd) => crowd(world, world.dice.fork(crowd.name))),
    ...planLookAlikes(world),
  ];
  for (const person of world.people) live(world, person);
  for (const close of closings) close();
  fillBackground(world);
  return world;
}

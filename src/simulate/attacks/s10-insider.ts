import { APPS } from '../apps.ts';
import { HOUR_MS, MINUTE_MS, type User } from '../model.ts';
import type { Rng } from '../rng.ts';
import type { Stage } from '../stage.ts';
import { attach, deviceOn, faceOn } from '../whereabouts.ts';
import type { Attack } from './attack.ts';
import { hasMfa, Intruder, inUse } from './intruder.ts';

/** A colleague puts their own phone on another's account, from inside. */
export const insider: Attack = {
  scenario: 'S10',
  name: 'Insider with their own device',
  variants: [
    ['own-authenticator', 3],
    ['own-number', 2],
    ['from-home', 1.5],
  ],
  quiet: [],
  plan(stage, rng, start, variant) {
    const { world, agenda } = stage;
    const kind = variant === 'own-number' ? 'phone' : 'app';
    const [culprit] = stage.cast(
      rng,
      1,
      (user) => inUse(user) && user.methods.some((method) => (kind === 'app' ? method.kind === 'app' : method.phone !== undefined)),
    );
    const [victim] = culprit ? stage.cast(rng, 1, (user) => inUse(user) && user.site === culprit.site) : [];
    if (!culprit || !victim) return false;
    const label = stage.incident('S10', variant, [victim], 'Medium');
    const workday = officeHours(stage, rng, start, victim);
    agenda.add(workday, () => {
      const day = world.dayOf(workday);
      const own = culprit.methods.find((method) => (kind === 'app' ? method.kind === 'app' : method.phone !== undefined));
      const device = deviceOn(culprit, 'laptop', day) ?? culprit.devices[0]!;
      const place = variant === 'from-home' ? 'home' : 'work';
      const from = attach(world.tenant, culprit, day, place, device, rng);
      const intruder = new Intruder(stage, rng, label, victim, { style: 'same-city', next: () => from }, faceOn(device, day));
      const enrolled = hasMfa(victim);
      const shown = { device, risk: undefined };
      const entry = intruder.enter(
        workday,
        APPS.officeHome,
        enrolled ? { ...shown, second: 'claim' } : { ...shown, password: true, second: 'enrol' },
      );
      if (!own) return;
      const done = intruder.plant(entry.at + rng.between(0.5, 25) * MINUTE_MS, own.kind, {
        method: { ...own, key: rng.guid() },
        visits: enrolled,
      });
      intruder.stay(done.at + HOUR_MS, rng.between(1, 5));
    });
    return true;
  },
};

/** A working hour near a time, at the place of the deed. */
function officeHours(stage: Stage, rng: Rng, start: number, victim: User): number {
  const { world } = stage;
  let day = world.dayOf(start);
  while (day > 0 && [0, 6].includes(new Date(world.timeOf(day)).getUTCDay())) day -= 1;
  return world.timeOf(day, rng.between(9, 16) - victim.home.tz);
}

import { type Attack, others, stolenSession, TAKEOVERS } from './attacks.ts';
import { Intruder } from './intruder.ts';
import type { Person } from './people.ts';
import { APPS, signIn } from './sign-in-rows.ts';
import { DAY, MINUTE, type World } from './world.ts';

/** What comes to nothing: sprays, prompts that are refused, sessions that are only looked around in. */
const FAILURES: readonly Attack[] = [
  (world, at, victim) => {
    const { dice, book } = world;
    const intruder = new Intruder(world, at, victim, 'hosting', 0);
    const { risk: _, ...visit } = intruder.visit;
    for (const person of others(world, victim, dice.whole(20, 80))) {
      signIn(book, intruder.now, { ...visit, person, session: '' }, { app: APPS.azure, outcome: dice.chance(0.06) ? 'locked' : 'wrong' });
      intruder.wait(1000, 40_000);
    }
    world.incidents.push({
      scenario: 'S1',
      variant: 'spray-in-vain',
      user_ids: [],
      upns: [],
      start: new Date(at).toISOString(),
      end: new Date(intruder.now).toISOString(),
      registration_time: null,
      registration_event_ids: [],
      must_detect: false,
      min_severity: 'Medium',
    });
  },
  (world, at, victim) => {
    const intruder = new Intruder(world, at, victim, world.dice.pick(['phone-abroad', 'hosting'] as const), 0);
    for (let left = world.dice.whole(3, 12); left > 0; left--)
      intruder.tries(APPS.office, world.dice.chance(0.5) ? 'denied' : 'ignored').wait(20_000, 3 * MINUTE);
    if (world.dice.chance(0.4)) intruder.tries(APPS.office, 'reported');
    intruder.labelled('S4', 'refused');
  },
  (world, at, victim) => stolenSession(world, at, victim, 'hosting', 'home-abroad').looksAround(4).labelled('S2', 'only-looked'),
];

export function planAttacks(world: World, takeovers?: number): void {
  const { dice, book, people } = world;
  const size = people.length / 2000;
  const taken = new Set<Person>();
  const days = (book.endMs - book.startMs) / DAY;
  const when = () => book.startMs + dice.between(4, days - 2) * DAY;
  const choose = (row?: (typeof TAKEOVERS)[number]) => {
    const fit = people.filter(
      (one) => !taken.has(one) && !one.guest && one.startsMs < book.startMs + DAY && (row?.whom?.(world, one) ?? one.pace > 1),
    );
    const victim = dice.pick(fit.length > 0 ? fit : people);
    taken.add(victim);
    return victim;
  };
  const rows = dice.shuffled(TAKEOVERS);
  const count = takeovers ?? Math.max(3, Math.round(dice.between(4, 10) * size));
  for (let at = 0; at < count; at++) {
    const row = rows[at % rows.length]!;
    const time = Math.max(book.startMs + DAY, when() - (row.early ?? 0) * DAY);
    // Whom, is decided on the day where it can be: somebody who travels, or is new, by then.
    const known = row.since === undefined ? undefined : choose(row);
    if (known !== undefined) row.since?.(known);
    world.plans.push({ at: time, run: (now) => row.run(world, now, known ?? choose(row)) });
  }
  for (let left = Math.round(dice.between(4, 8) * size) + 1; left > 0; left--) {
    const run = FAILURES[left % FAILURES.length]!;
    world.plans.push({ at: when(), run: (now) => run(world, now, choose()) });
  }
}

import { aftermath, attackerHand, moved } from './attacker.ts';
import { Case } from './cases.ts';
import type { Dice } from './dice.ts';
import { methodsAt } from './people.ts';
import { addMethod, enrol } from './registrations.ts';
import { findScene } from './scenes.ts';
import { HOUR, MINUTE, type World } from './world.ts';

/** S7: one phone registered for several accounts whose passwords are known, from one computer, within hours or days. */
export function onePhone(world: World, dice: Dice, nearness: 'near' | 'far'): () => void {
  const scenes = Array.from({ length: dice.int(3, 6) }, () =>
    findScene(world, dice, { who: ({ role }) => role.guest !== true, days: [9, 12] }),
  ).filter((scene) => scene !== undefined);
  const victims = scenes.map(({ person }) => person);
  const label = new Case(...victims);
  const first = attackerHand({ victim: victims[0]!, nearness, dice });
  const pause = dice.pick([4 * MINUTE, HOUR, 9 * HOUR]);
  const number = `+XX XXXXXXX${dice.int(100, 999)}`;
  let time = world.start + dice.int(11, 24) * 24 * HOUR + dice.int(0, 23) * HOUR;
  for (const victim of victims) {
    const at = time;
    const takeover = { world, victim, time: at, nearness, dice, label };
    // Each account has a window of its own, which keeps nothing of the others.
    const hand = {
      ...moved({ victim: victims[0]!, nearness, dice }, first),
      person: victim,
      browser: { ...first.browser, session: undefined },
    };
    victim.agenda.push({
      time: at,
      act: () => {
        const done =
          methodsAt(victim, at).length === 0
            ? enrol(world, hand, at, 'sms', { number, keeps: false })
            : addMethod(world, hand, at, 'sms', { number, keeps: false, proof: dice.chance(0.5) ? 'token' : 'push' });
        label.add(done);
        aftermath(takeover, hand, done.time);
      },
    });
    time += Math.round(pause * dice.between(0.4, 1.8));
  }
  return () => label.closeAsIncident(world.book, 'S7', `${nearness === 'near' ? 'near' : 'far'}: one phone for ${victims.length}`);
}

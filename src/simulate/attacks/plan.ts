import { HOUR_MS } from '../model.ts';
import type { Rng } from '../rng.ts';
import type { Stage } from '../stage.ts';
import type { Attack } from './attack.ts';
import { spray } from './s01-spray.ts';
import { adversaryInTheMiddle } from './s02-aitm.ts';
import { neighbour } from './s03-neighbour.ts';
import { fatigue } from './s04-fatigue.ts';
import { helpDeskFraud } from './s05-help-desk.ts';
import { dormant } from './s06-dormant.ts';
import { massRegistration } from './s07-mass-registration.ts';
import { lockout } from './s08-lockout.ts';
import { lowAndSlow } from './s09-low-and-slow.ts';
import { insider } from './s10-insider.ts';
import { simSwap } from './s11-sim-swap.ts';
import { underCover } from './s12-under-cover.ts';

/** Every kind of attack, one file each. */
export const ATTACKS: readonly Attack[] = [
  spray,
  adversaryInTheMiddle,
  neighbour,
  fatigue,
  helpDeskFraud,
  dormant,
  massRegistration,
  lockout,
  lowAndSlow,
  insider,
  simSwap,
  underCover,
];

/** Takeovers in a tenant: 26 in one of 2,000 users and 35 days, growing with the root of its size; a dozen in a small one. */
export function takeoversIn(users: number, days: number): number {
  if (users < 30 || days < 7) return 0;
  const size = Math.round(26 * Math.sqrt((users / 2000) * (Math.min(days, 90) / 35)));
  return Math.max(Math.min(12, Math.floor(users / 8)), size);
}

/** Most begin after two weeks, so that there is a past to compare with; a few do not wait. */
function startOf(stage: Stage, rng: Rng): number {
  const { days } = stage.world.tenant;
  const quiet = Math.min(14, Math.floor(days * 0.55));
  const early = rng.chance(0.12) && days > 8;
  const day = early ? rng.between(5, Math.max(6, quiet)) : rng.between(quiet, days - 0.8);
  const night = rng.chance(0.35);
  const hour = night ? rng.between(0, 24) : rng.between(7, 18);
  return Math.min(stage.world.timeOf(Math.floor(day), hour), stage.world.end - 4 * HOUR_MS);
}

/** Plans the attacks of a tenant: every kind in turn, in random order, and besides them some that come to nothing. */
export function planAttacks(stage: Stage): void {
  const { users, tenant } = stage.world;
  const rng = stage.rng('attacks');
  const wanted = takeoversIn(users.length, tenant.days);
  let planned = 0;
  for (let round = 0; planned < wanted && round < 40; round++)
    for (const attack of rng.sample(ATTACKS, ATTACKS.length)) {
      if (planned >= wanted) break;
      const own = rng.fork();
      const variant = own.weighted(attack.variants.filter(([name]) => !attack.quiet.includes(name)));
      for (let tries = 0; tries < 6; tries++)
        if (attack.plan(stage, own, startOf(stage, own), variant)) {
          planned += 1;
          break;
        }
    }
  const failing = ATTACKS.flatMap((attack) => attack.quiet.map((variant) => [attack, variant] as const));
  for (let i = wanted === 0 ? 0 : Math.max(2, Math.round(wanted / 6)); i > 0; i--) {
    const [attack, variant] = rng.pick(failing);
    const own = rng.fork();
    attack.plan(stage, own, startOf(stage, own), variant);
  }
}

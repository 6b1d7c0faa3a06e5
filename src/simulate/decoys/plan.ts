import { policyChange } from '../admin-events.ts';
import { abandon, enrol, sessionAt } from '../enrolment.ts';
import type { DecoyKind } from '../labels.ts';
import type { Rng } from '../rng.ts';
import type { Stage } from '../stage.ts';
import { siteAddress } from '../whereabouts.ts';
import { conference, egressChange, enrolmentDrive, firstDays, sharedKiosk, vpnRollout } from './crowds.ts';
import { forgottenPassword, honeymoon, newLaptopFor, newPhoneFor, renamed, simChange } from './personal.ts';
import { breakGlassDrill, helpDeskReset, secondAccount } from './support.ts';

type Planner = (stage: Stage, rng: Rng, day: number) => void;

/** How often each happens: per 1,000 users and 35 days, and at least so often in a tenant of 28 days or more. */
const RATES: readonly { readonly kind: DecoyKind; readonly plan: Planner; readonly per1000: number; readonly least: number }[] = [
  { kind: 'vpn-rollout', plan: vpnRollout, per1000: 0, least: 1 },
  { kind: 'egress-change', plan: egressChange, per1000: 0, least: 1 },
  { kind: 'conference-travel', plan: conference, per1000: 0.8, least: 1 },
  { kind: 'honeymoon', plan: honeymoon, per1000: 2, least: 1 },
  { kind: 'shared-kiosk', plan: sharedKiosk, per1000: 0.5, least: 1 },
  { kind: 'help-desk-reset', plan: helpDeskReset, per1000: 9, least: 2 },
  { kind: 'sim-change', plan: simChange, per1000: 6, least: 1 },
  { kind: 'forgotten-password', plan: forgottenPassword, per1000: 6, least: 1 },
  { kind: 'new-laptop', plan: newLaptopFor, per1000: 14, least: 2 },
  { kind: 'second-account', plan: secondAccount, per1000: 1, least: 1 },
  { kind: 'renamed-user', plan: renamed, per1000: 1.4, least: 1 },
  { kind: 'break-glass-drill', plan: breakGlassDrill, per1000: 0, least: 1 },
  { kind: 'enrolment-drive', plan: enrolmentDrive, per1000: 0, least: 1 },
];

/** Registrations of everyday life: another phone (labelled), another method, a look at the page. */
function routine(stage: Stage, rng: Rng): void {
  const { world, agenda } = stage;
  const { tenant } = world;
  const mean = (tenant.assumptions.registrationsPerYear * tenant.days) / 365;
  for (const user of world.users) {
    if (user.role === 'service' || user.role === 'break-glass' || user.role === 'dormant') continue;
    for (let i = rng.poisson(mean * (user.role === 'guest' ? 0.3 : 1)); i > 0; i--) {
      const day = rng.int(Math.max(0, user.joinDay + 2), tenant.days - 1);
      if (day <= user.joinDay + 1 || day >= user.leaveDay || stage.isTaken(user)) continue;
      if (user.methods.some((method) => method.kind === 'app') && rng.chance(0.42)) {
        newPhoneFor(stage, rng, user, day);
        continue;
      }
      const session = sessionAt(world, user, day, rng);
      const own = rng.fork();
      agenda.add(session.at, () => void (own.chance(0.2) ? abandon(world, own, user, session) : enrol(world, own, user, session)));
    }
  }
}

/** Administrators' everyday changes to policies. */
function policyUpkeep(stage: Stage, rng: Rng): void {
  const { world, agenda } = stage;
  const admins = world.users.filter(
    (user) => user.role === 'person' && user.directoryRoles.length > 0 && !user.directoryRoles.includes('Helpdesk Administrator'),
  );
  if (admins.length === 0) return;
  for (let i = rng.poisson(world.tenant.days / 12); i > 0; i--) {
    const admin = rng.pick(admins);
    const at = world.timeOf(rng.int(0, world.tenant.days - 1), rng.between(7, 17));
    agenda.add(at, () =>
      policyChange(world, rng, at, admin, siteAddress(world.tenant, admin, rng).ip, rng.chance(0.3) ? rng.pick(world.users) : undefined),
    );
  }
}

/** Plans everything benign that looks like something else. Attackers have chosen their victims before. */
export function planDecoys(stage: Stage): void {
  const { tenant, users } = stage.world;
  for (const { kind, plan, per1000, least } of RATES) {
    const rng = stage.rng('decoy', kind);
    const count = Math.max(tenant.days >= 20 ? least : Math.min(least, 1), rng.poisson((per1000 * users.length * tenant.days) / 35_000));
    for (let i = 0; i < count; i++) plan(stage, rng.fork(), rng.int(2, Math.max(2, tenant.days - 3)));
  }
  firstDays(stage, stage.rng('beginners'));
  routine(stage, stage.rng('routine'));
  policyUpkeep(stage, stage.rng('policies'));
}

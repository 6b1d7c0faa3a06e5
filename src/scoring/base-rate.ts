import type { Contribution } from '../detectors/evidence.ts';
import type { Unit } from '../detectors/stream/unit.ts';
import type { KeptTable } from './budget.ts';
import type { Fused } from './fusion.ts';

/** A tenant's registrations so far, and how many of them were rated High by what was said of themselves. */
export interface Ratings {
  touchedMs: number;
  registrations: number;
  high: number;
}

/** The share of registrations rated High in the tenants that the prior was fitted to, and how many registrations of those a tenant begins with. */
const USUAL = 0.03;
const PSEUDO = 200;
/** Most and least that it takes off. */
const MOST = -1;
const LEAST = -0.1;
/** Older registrations count for half with every so many newer ones: about a month of 20,000 users. */
const WINDOW = 4096;
const HIGH = 75;
const KEY = 'base-rate';

/**
 * How rare takeovers are in the tenant at hand. The prior is that of the tenants it was fitted to; where registrations are rated High more seldom
 * than there, a registration is a takeover more seldom too, and weak evidence means less. It never adds: in a wave of attacks weak evidence stays
 * what it is. What is rated High counts without this adjustment, so that it does not feed itself, and each registration keeps what was
 * known when it happened.
 */
export class BaseRate {
  readonly #tenants: KeptTable<Ratings>;

  constructor(tenants: KeptTable<Ratings>) {
    this.#tenants = tenants;
  }

  /** Before a registration is judged for the first time: what its tenant says of it. */
  begin(unit: Unit): void {
    if (unit.kind !== 'registration' || unit.isHigh !== undefined) return;
    unit.isHigh = false;
    const item = adjustment(this.#tenants.get(unit.tenantId));
    if (item !== undefined) unit.evidence[KEY] = [item];
    const tenant = this.#edit(unit);
    if (tenant.registrations >= WINDOW) Object.assign(tenant, { registrations: tenant.registrations / 2, high: tenant.high / 2 });
    tenant.registrations++;
  }

  /** A registration was judged: it may have come to be rated High, or no longer. */
  note(unit: Unit, { alone }: Fused): void {
    if (unit.isHigh === undefined || unit.isHigh === alone >= HIGH) return;
    unit.isHigh = !unit.isHigh;
    const tenant = this.#edit(unit);
    tenant.high = Math.max(0, tenant.high + (unit.isHigh ? 1 : -1));
  }

  #edit({ tenantId, touchedMs }: Readonly<Unit>): Ratings {
    const tenant = this.#tenants.edit(tenantId, () => ({ touchedMs, registrations: 0, high: 0 }));
    tenant.touchedMs = Math.max(tenant.touchedMs, touchedMs);
    return tenant;
  }
}

function adjustment(tenant: Readonly<Ratings> | undefined): Contribution | undefined {
  if (tenant === undefined) return undefined;
  const share = (tenant.high + PSEUDO * USUAL) / (tenant.registrations + PSEUDO);
  const llr = Math.max(MOST, Math.log(share / USUAL));
  if (llr > LEAST) return undefined;
  const [registrations, high] = [Math.round(tenant.registrations), Math.round(tenant.high)];
  const words = `${high} of ${registrations} registrations in the tenant's log before it ${high === 1 ? 'was' : 'were'} rated High: takeovers are rarer here than the odds assume.`;
  return { detector: KEY, group: 'context', llr, words, counts: { registrations, high }, eventIds: [], techniques: [], prior: true };
}

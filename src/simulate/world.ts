import { DELIVERY } from './assumptions.ts';
import type { LogEvent } from './events.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Tenant, type User } from './model.ts';
import { Rng } from './rng.ts';
import { type AuditSpec, auditEvent } from './rows/audit.ts';

export interface Delivered {
  readonly ingested: number;
  readonly event: LogEvent;
}

/** The tenant while time runs: its people, and the rows under way to the workspace. */
export class World {
  readonly tenant: Tenant;
  readonly users: readonly User[];
  readonly end: number;
  readonly #delivery: Rng;
  readonly #buckets = new Map<number, Delivered[]>();

  constructor(tenant: Tenant, users: readonly User[]) {
    this.tenant = tenant;
    this.users = users;
    this.end = tenant.start + tenant.days * DAY_MS;
    this.#delivery = new Rng('delivery', tenant.kind, tenant.seed);
  }

  dayOf(at: number): number {
    return Math.floor((at - this.tenant.start) / DAY_MS);
  }

  timeOf(day: number, hour = 0): number {
    return this.tenant.start + day * DAY_MS + hour * HOUR_MS;
  }

  /** Sends a row to the workspace: late, twice or not at all when it lies outside the simulated time. */
  emit(event: LogEvent): void {
    if (event.at < this.tenant.start || event.at >= this.end) return;
    const rng = this.#delivery;
    const late = rng.chance(DELIVERY.late);
    const delay = late
      ? HOUR_MS + rng.lognormal(DELIVERY.lateMedianHours, 0.8) * HOUR_MS
      : rng.lognormal(DELIVERY.medianMinutes[event.table], DELIVERY.sigma) * MINUTE_MS + 8000;
    const ingested = event.at + Math.min(delay, 40 * HOUR_MS);
    this.#put(ingested, event);
    if (rng.chance(DELIVERY.duplicate)) this.#put(ingested + rng.exponential(9) * MINUTE_MS, event);
  }

  /** Emits an audit row; the Id, or undefined when it lies outside the simulated time. */
  audit(rng: Rng, spec: AuditSpec): string | undefined {
    const { event, id } = auditEvent(this.tenant, rng, spec);
    this.emit(event);
    return event.at >= this.tenant.start && event.at < this.end ? id : undefined;
  }

  #put(ingested: number, event: LogEvent): void {
    const day = this.dayOf(ingested);
    const bucket = this.#buckets.get(day);
    if (bucket) bucket.push({ ingested, event });
    else this.#buckets.set(day, [{ ingested, event }]);
  }

  /** Takes the rows that arrived on a day, in order of arrival. */
  arrivals(day: number): Delivered[] {
    const bucket = this.#buckets.get(day) ?? [];
    this.#buckets.delete(day);
    return bucket.sort((a, b) => a.ingested - b.ingested);
  }

  /** The last day on which something is still to arrive. */
  lastDay(): number {
    return Math.max(-1, ...this.#buckets.keys());
  }
}

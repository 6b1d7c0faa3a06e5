import { DAY_MS } from '../../core/durations.ts';
import { EventClass, Flag } from '../../events/event-record.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { marksOf, SessionMark, type Sessions } from '../stream/sessions.ts';
import { newLevel, prefix } from './habits.ts';
import { oncePerHost } from './once-per-host.ts';

/** Sessions that were begun in new places since the tenant's log is long enough, and those of them in which nobody proved anything. */
interface Begun {
  touchedMs: number;
  firstMs: number;
  sessions: number;
  claimed: number;
  /** Those of them that began on the page on which methods are changed: where it is opened from other apps, owners' do so, too. */
  pageSessions: number;
  pageClaimed: number;
}
/** Days of log before a session that was never seen is a new one. */
const LOG_DAYS = 10;
/** Of an intruder's sessions in new places so many begin with what others proved; of the tenant's before any is seen one in twenty. */
const OF_INTRUDERS = 0.4;
const PSEUDO_SESSIONS = 20;
const PSEUDO_CLAIMED = 1;
const MOST = 2.2;
const NEAR = 0.5;
/** Below this a tenant's people have such sessions too often for theirs to teach nothing. */
const TELLING = 0.6;

/** One for all detectors of a stream; D23 writes it. */
export const unprovenSessions = oncePerHost((host) => new UnprovenSessions(host));

/**
 * Browser sessions without a device id whose first sign-in in the log, at a place that is new to the user, was "previously satisfied", and in which
 * no password or method was given since. A session begins with a proof; one that is there without it was brought. In the marks of the session's record.
 */
class UnprovenSessions {
  readonly #sessions: Sessions;
  readonly #tenants;

  constructor(host: Host) {
    this.#sessions = host.sessions;
    this.#tenants = host.objects<Begun>('D23.begun', 1000);
  }

  /** What it says that the event's session is one; 0 where it is none. */
  weigh(event: EventView): number {
    if (event.session === 0 || event.device !== 0 || newLevel(event) === undefined) return 0;
    const marks = marksOf(event);
    const begins = event.eventClass === EventClass.signIn && event.has(Flag.claimed) && (marks & SessionMark.met) === 0;
    if (!begins && !isUnproven(marks)) return 0;
    const tenant = this.#tenants.get(event.tenantId());
    if (tenant === undefined || !isLongEnough(tenant, event)) return 0;
    const isOnPage = begins ? event.has(Flag.securityInfo) : (marks & SessionMark.onPage) !== 0;
    const overall = rateOf(tenant.claimed, tenant.sessions);
    const usual = isOnPage ? Math.max(overall, rateOf(tenant.pageClaimed, tenant.pageSessions)) : overall;
    // In another range of a usual network it is more often the user's own browser, from another flat.
    const share = newLevel(event) === prefix ? NEAR : 1;
    return share * Math.min(MOST, Math.max(0, Math.log(OF_INTRUDERS / usual)));
  }

  /** Whether the tenant's log reaches back so far that who is new in it is new. */
  isLogLong(event: EventView): boolean {
    const tenant = this.#tenants.get(event.tenantId());
    return tenant !== undefined && isLongEnough(tenant, event);
  }

  /** Whether what the event shows of its user's places and things is nothing to learn from. */
  teachesNothing(event: EventView): boolean {
    return this.weigh(event) >= TELLING;
  }

  /** How many sessions the tenant began in new places, and how many of them without a proof. */
  countsOf(event: EventView): { readonly sessions: number; readonly unproven: number } {
    const { sessions = 0, claimed = 0 } = this.#tenants.get(event.tenantId()) ?? {};
    return { sessions, unproven: claimed };
  }

  note(event: EventView): void {
    if (event.session === 0) return;
    if (event.device !== 0 && event.eventClass !== EventClass.signIn) return;
    const marks = marksOf(event);
    if ((marks & SessionMark.met) !== 0) {
      if (isUnproven(marks) && isProved(event)) this.#sessions.mark(event, SessionMark.proved);
      return;
    }
    this.#sessions.mark(event, SessionMark.met);
    if (this.#tenants.get(event.tenantId()) === undefined) this.#edit(event);
    const isNew = event.eventClass === EventClass.signIn && event.device === 0 && newLevel(event) !== undefined;
    if (isNew && (event.has(Flag.claimed) || isProved(event))) this.#begin(event);
  }

  #begin(event: EventView): void {
    const tenant = this.#edit(event);
    if (!isLongEnough(tenant, event)) return;
    const isOnPage = event.has(Flag.securityInfo);
    tenant.sessions++;
    if (isOnPage) tenant.pageSessions++;
    if (!event.has(Flag.claimed)) return;
    tenant.claimed++;
    if (isOnPage) tenant.pageClaimed++;
    this.#sessions.mark(event, SessionMark.unproven | (isOnPage ? SessionMark.onPage : 0));
  }

  #edit(event: EventView): Begun {
    const { timeMs } = event;
    const tenant = this.#tenants.edit(event.tenantId(), () => ({
      touchedMs: timeMs,
      firstMs: timeMs,
      sessions: 0,
      claimed: 0,
      pageSessions: 0,
      pageClaimed: 0,
    }));
    tenant.touchedMs = Math.max(tenant.touchedMs, timeMs);
    return tenant;
  }
}

const isUnproven = (marks: number) => (marks & (SessionMark.unproven | SessionMark.proved)) === SessionMark.unproven;
/** A password or a method was given; where the log names none it does not say. */
export const isProved = (event: EventView) => !event.has(Flag.claimed) && event.text('Methods') !== '';
const rateOf = (claimed: number, sessions: number) => (claimed + PSEUDO_CLAIMED) / (sessions + PSEUDO_SESSIONS);
const isLongEnough = ({ firstMs }: Readonly<Begun>, { timeMs }: EventView) => timeMs - firstMs >= LOG_DAYS * DAY_MS;

import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { type AuditFact, isTwin } from '../events/audit/interpret.ts';
import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { cameFromFarAway, isUsualDevice, newLevel } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { dayText } from './stream/unit.ts';

interface Cell {
  touchedMs: number;
  count: number;
}
/** Failures of a tenant in the hour that is under way. */
interface Hour extends Cell {
  hour: number;
}
/** Level and spread of the square root of an hour's failures, by hour of the week. */
interface Usual {
  touchedMs: number;
  mean: number;
  variance: number;
  weeks: number;
}
const WEEK_HOURS = 168;
/** Tenants of one workspace whose hours are kept. */
const TENANTS = 64;
const LEAST_FAILURES = 20;
const DRIVE_LLR = -1;
const OF_ONE_ALONE = 0.3;
const SURGE_LLR = 0.7;
const LEAST_REGISTRATIONS = 8;
/**
 * Registrations of a user in a week in the tenants that the prior was fitted to (four a year), and what a fortnight with more than twice as many
 * says at most: takeovers go by accounts, not by registrations, so that where many register fewer of them are takeovers.
 */
const USUAL_RATE = 0.08;
const FORTNIGHT = 14;
const LEAST_FORTNIGHT = 30;
const MOST_ROLL_OUT = -1.5;
const LEAST_ROLL_OUT = -0.2;

export const detector: DetectorSpec = defineDetector({
  /**
   * Volumes of the whole tenant: a day with many more registrations than the ten before is an enrolment drive, and a registration in it is
   * more likely one of many, and so is one in a fortnight with far more of them than users register elsewhere; an hour with many more wrong
   * passwords than the same hour of other weeks makes sign-ins from new places worse. Counts are compared by their square root (Anscombe)
   * with a level that follows by a fifth a week. Each tenant of a workspace by itself.
   * Works from the second week on. Blind to slow drift, and to hours of fewer than 20 failures.
   * Cost: a counter a failure or registration. Memory: a count and at most 168 levels a tenant (64 tenants' worth), and 4096 days over all
   * tenants.
   * ATT&CK T1110. Ref: Anscombe 1948; detectors.md B1 D12.
   */
  id: 'D12-volume',
  title: 'Unusual volume in the tenant',
  group: 'context',
  techniques: ['T1110'],
  benignIf: 'An outage or a change of passwords explains the failures.',
  parameters: {
    drive: { default: 3, doc: 'Times the usual registrations of a day that are a drive' },
    z: { default: 5, doc: 'Standard deviations of failures in an hour that are a surge' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const days = host.objects<Cell>('D12.days', 4096);
    const dayOf = (tenantId: string, timeMs: number) => `${tenantId} ${dayText(timeMs)}`;
    const hours = host.objects<Hour>('D12.hours', TENANTS);
    const usual = host.objects<Usual>('D12.usual', TENANTS * WEEK_HOURS);
    const hourOf = (timeMs: number) => Math.floor(timeMs / HOUR_MS);
    const cellOf = (scope: string, hour: number) => `${scope} ${hour % WEEK_HOURS}`;

    const failuresOf = (event: EventView): number => {
      const now = hours.get(event.scope());
      return now === undefined || now.hour !== hourOf(event.timeMs) ? 0 : now.count;
    };
    /** The level that was asked for last: that of the next event is mostly the same, and its key is a text. */
    const last: { scope: string; hour: number; version: number; level: Readonly<Usual> | undefined } = {
      scope: '',
      hour: -1,
      version: -1,
      level: undefined,
    };
    const levelOf = (event: EventView): Readonly<Usual> | undefined => {
      const scope = event.scope();
      const hour = hourOf(event.timeMs);
      if (scope !== last.scope || hour !== last.hour || usual.version !== last.version) {
        Object.assign(last, { scope, hour, version: usual.version, level: usual.get(cellOf(scope, hour)) });
      }
      return last.level;
    };
    const surge = (event: EventView): number => {
      const count = failuresOf(event);
      if (count < LEAST_FAILURES) return 0;
      const level = levelOf(event);
      if (level === undefined || level.weeks < 1) return 0;
      return (Math.sqrt(count) - level.mean) / Math.sqrt(level.variance + 0.25);
    };
    const isSurge = (event: EventView) => newLevel(event) !== undefined && !isUsualDevice(event) && surge(event) >= parameters.z;
    /** An hour is over when a later one has a failure: its count becomes part of the level of that hour of the week. */
    const close = (scope: string, { hour, count }: Hour, timeMs: number): void => {
      const root = Math.sqrt(count);
      const level = usual.edit(cellOf(scope, hour), () => ({ touchedMs: timeMs, mean: root, variance: 0.25, weeks: 0 }));
      level.variance = 0.8 * level.variance + 0.2 * (root - level.mean) ** 2;
      level.mean = 0.8 * level.mean + 0.2 * root;
      level.weeks++;
      level.touchedMs = timeMs;
    };
    const noteFailure = (event: EventView): void => {
      const hour = hourOf(event.timeMs);
      const scope = event.scope();
      const now = hours.edit(scope, () => ({ touchedMs: event.timeMs, hour, count: 0 }));
      // What came late belongs to an hour that is over.
      if (hour < now.hour) return;
      if (hour > now.hour) {
        close(scope, now, event.timeMs);
        Object.assign(now, { hour, count: 0 });
      }
      now.count++;
      now.touchedMs = event.timeMs;
    };
    /** Of a workspace with several tenants the users are all of theirs, so that it says too little rather than too much. */
    const rollOut = (fact: AuditFact, event: EventView, share: number): Contribution | undefined => {
      let count = 0;
      for (let back = 1; back <= FORTNIGHT; back++) count += days.get(dayOf(fact.tenantId, event.timeMs - back * DAY_MS))?.count ?? 0;
      const users = host.users.size;
      const times = count / (FORTNIGHT / 7) / Math.max(1, users) / USUAL_RATE;
      if (count < LEAST_FORTNIGHT || times <= 2) return undefined;
      const llr = Math.max(MOST_ROLL_OUT, -Math.log(times / 2)) * share;
      if (llr > LEAST_ROLL_OUT) return undefined;
      const words = `${count} registrations of ${users} users in the fortnight before, ${times.toFixed(1)} times the usual four a year: methods are being rolled out.`;
      return contribution(detector, llr, words, { count, users }, [fact.id]);
    };
    return {
      judges: [EventClass.signIn],
      learns: [EventClass.passwordFailure],
      judge(event) {
        return isSurge(event) ? SURGE_LLR : 0;
      },
      explain(event) {
        const words = `Signed in from a new place in an hour with far more wrong passwords in the tenant than usual.`;
        const counts = { failures: failuresOf(event) };
        return [contribution(detector, SURGE_LLR, words, counts, [event.text('Id')])];
      },
      learn(event) {
        noteFailure(event);
      },
      registration(unit, fact, event) {
        if (fact.byOther || isTwin(fact) || unit.evidence[detector.id] !== undefined) return;
        const today = days.edit(dayOf(fact.tenantId, event.timeMs), () => ({ touchedMs: event.timeMs, count: 0 }));
        today.count++;
        let before = 0;
        for (let back = 1; back <= 10; back++) before += days.get(dayOf(fact.tenantId, event.timeMs - back * DAY_MS))?.count ?? 0;
        const ratio = today.count / Math.max(1, before / 10);
        // Who comes from where nobody else is, or to an account that nobody used, is hardly one of many.
        const isAlone = cameFromFarAway(unit) || (unit.evidence['D10-dormant'] ?? []).some(({ llr }) => llr > 0);
        const isDrive = before >= 5 && today.count >= LEAST_REGISTRATIONS && ratio >= parameters.drive;
        const share = isAlone ? OF_ONE_ALONE : 1;
        const words = `${today.count} registrations in the tenant on this day, ${ratio.toFixed(1)} times the days before: one of many.`;
        const drive = isDrive ? contribution(detector, DRIVE_LLR * share, words, { today: today.count }, [fact.id]) : undefined;
        const found = [drive, rollOut(fact, event, share)].filter((item) => item !== undefined).sort((a, b) => a.llr - b.llr);
        unit.evidence[detector.id] = found.slice(0, 1);
      },
    };
  },
});

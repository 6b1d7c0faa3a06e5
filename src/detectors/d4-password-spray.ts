import { HOUR_MS } from '../core/durations.ts';
import { addressKeys } from '../events/address.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { EXPIRED_PASSWORD, isBlocked } from '../events/sign-in-results.ts';
import type { TextList } from '../state/text-table.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution, Party } from './evidence.ts';
import { ATTEMPT_WORDS, Attempts, FAILURE_WORDS } from './shared/failures.ts';
import type { EventView } from './stream/event-view.ts';
import { usualUsers } from './stream/layout.ts';
import { addEvent, addUser, addUsers, dayText } from './stream/unit.ts';

/** Users that the bitmap tells apart; 120 of its bits are set then. */
const FULL = 350;
/** Addresses with failures that are kept. */
const MAX_FAILING = 250_000;

/**
 * Users whose passwords failed from an address, from the first one on: a finding names all of them. Three texts a failure: object id and UPN of the user
 * ('' and '' where they stand there already), Id of the record ('' where there are enough). The count: how many of the texts the unit has already.
 */
const TEXTS = 3;
const MAX_WATCHED = 5000;
const MAX_IDS = 50;
const WATCH_MS = 6 * HOUR_MS;
/** Most that a spray says, and one by which nobody came in: everyday noise of the internet, a finding below Medium. */
const SPRAY_CAP = 6;
const FRUITLESS_CAP = 4.8;
/** That a policy stopped all who got past the password: to be told, with whom they tried. */
const STOPPED = 0.1;
const SPRAY = 'D4-password-spray';
const PASSED = 'D4-password-spray:passed';

export const detector: DetectorSpec = defineDetector({
  /**
   * One address tries passwords of many users, few each: distinct failing users in a sliding hour (linear counting over 128 bits, about 5 %
   * off up to 150), share of failures, tries a user. Raises a unit of its own for the address, with all users; a sign-in from a flagged
   * address within a day is evidence about its user. Offices and carriers are told by the users who live there.
   * Works from ten users an hour on. Blind to sprays over many addresses (D5) and below one user a few minutes.
   * Cost: one bitmap update a failure. Memory: 8 bytes an address; 68 and a list of users for one with failures.
   * ATT&CK T1110.003. Ref: SigninPasswordSpray of Azure-Sentinel; linear counting, Whang et al. 1990; detectors.md B1 D4.
   */
  id: 'D4-password-spray',
  title: 'Password spray from one address',
  group: 'credential',
  techniques: ['T1110.003'],
  benignIf: 'The address is a gateway of the organisation, and a service with an old password or an outage explains the failures.',
  parameters: {
    users: { default: 10, doc: 'Distinct users with a wrong password in an hour' },
    failure_share: { default: 0.7, doc: 'Least share of failures among sign-ins of the address' },
    tries_per_user: { default: 3, doc: 'More tries a user than this are guessing, not spraying' },
    propagate_hours: { default: 24, doc: 'How long a sign-in from a flagged address is evidence' },
  },
  userWords: 0,
  sourceWords: ATTEMPT_WORDS,
  create(host, parameters, { source: base }) {
    const watches = host.texts('D4.watches', 20_000, TEXTS * (MAX_WATCHED + MAX_IDS));

    const attempts = new Attempts(base, host.records('D4.failing', FAILURE_WORDS, MAX_FAILING));
    // Whoever meets an expired password must set a new one first: noise of every spray, as in SigninPasswordSpray of Azure-Sentinel, which counts 50055.
    const isFailure = (event: EventView) =>
      event.eventClass === EventClass.passwordFailure ||
      (event.eventClass === EventClass.interrupt && EXPIRED_PASSWORD.has(event.text('ResultType')));
    const isAfterSpray = (event: EventView) =>
      event.has(Flag.firstFactor) && Math.abs(attempts.flaggedHours(event)) <= parameters.propagate_hours && !isFailure(event);

    const watch = (event: EventView): TextList => {
      const seen = watches.obtain(event.ipLo, event.ipHi, event.timeMs);
      if (event.timeMs - seen.touchedMs > WATCH_MS) watches.restart(seen, event.timeMs);
      seen.touchedMs = Math.max(seen.touchedMs, event.timeMs);
      const { userId, upn } = event.party();
      const isNew = !hasUser(seen, userId, upn) && (seen.values.length < TEXTS * MAX_WATCHED || userCount(seen) < MAX_WATCHED);
      const id = hasIds(seen) ? '' : event.text('Id');
      if (!isNew && id === '') return seen;
      watches.append(seen, isNew ? userId : '');
      watches.append(seen, isNew ? upn : '');
      watches.append(seen, id);
      return seen;
    };
    const unitOf = (event: EventView, firstMs: number) =>
      host.unit('source', event.text('TenantId'), `ip:${addressKeys(event.text('IPAddress')).address}`, dayText(firstMs), event, []);

    const flag = (event: EventView, seen: TextList, fails: number, passes: number): void => {
      attempts.flag(event);
      const unit = unitOf(event, seen.firstMs);
      addUsers(unit, usersOf(seen, seen.count));
      seen.count = seen.values.length;
      const evidence = event.evidence();
      addEvent(unit, evidence);
      unit.startMs = Math.min(unit.startMs, seen.firstMs);
      unit.source = {
        ...unit.source,
        ip: evidence.ip,
        country: evidence.country,
        city: evidence.city,
        asn: evidence.asn,
        app: evidence.app,
      };
      const most = unit.users.length;
      const words = `${most} users had a wrong or expired password from this address within hours, about ${Math.max(1, fails / most).toFixed(1)} tries each; ${passes} sign-ins passed.`;
      const cap = passes > 0 || (unit.evidence[PASSED]?.[0]?.llr ?? 0) > STOPPED ? SPRAY_CAP : FRUITLESS_CAP;
      const llr = Math.min(cap, 2 + Math.log2(most / parameters.users));
      const ids = [...new Set([...idsOf(seen), evidence.id])];
      unit.evidence[SPRAY] = [contribution(detector, llr, words, { users: most, fails, passes }, ids)];
    };

    /** What a sign-in adds that got past the password. Those that a policy stopped came no further: who tries often enough meets one. */
    const passedWith = (before: Contribution | undefined, id: string, isStopped: boolean): Contribution => {
      const ids = before?.eventIds ?? [];
      if (before !== undefined && ids.includes(id)) return before;
      const passed = (before?.counts['passed'] ?? 0) + 1;
      const stopped = (before?.counts['stopped'] ?? 0) + Number(isStopped);
      const ending = stopped === 0 ? '' : `; a policy stopped ${stopped === passed ? (passed === 1 ? 'it' : 'them all') : stopped}`;
      const words = `${passed} sign-in${passed === 1 ? '' : 's'} got past the password from this address${ending}.`;
      const llr = passed === stopped ? STOPPED : Math.min(6, 3 + Math.log2(passed - stopped));
      return contribution(detector, llr, words, { passed, stopped }, [...ids, id].slice(-50));
    };

    return {
      judges: [EventClass.signIn, EventClass.interrupt],
      learns: [EventClass.passwordFailure, EventClass.signIn, EventClass.interrupt],
      judge(event) {
        return isAfterSpray(event) ? 3 : 0;
      },
      explain(event) {
        const words = `Signed in from ${event.text('IPAddress')}, which tried passwords of many users within ${parameters.propagate_hours} hours.`;
        return [contribution(detector, 3, words, { users: Math.round(attempts.counts(event).users) }, [event.text('Id')])];
      },
      learn(event) {
        if (event.sourceAt < 0 || event.has(Flag.knownEgress)) return;
        if (!isFailure(event)) {
          const isStopped = event.eventClass === EventClass.interrupt && isBlocked(event.text('ResultType'));
          if (!isStopped) attempts.pass(event);
          if (!isAfterSpray(event)) return;
          const seen = watches.get(event.ipLo, event.ipHi);
          const unit = unitOf(event, seen?.firstMs ?? event.timeMs);
          const party = event.party();
          addUser(unit, party);
          addEvent(unit, event.evidence());
          unit.evidence[PASSED] = [passedWith(unit.evidence[PASSED]?.[0], event.text('Id'), isStopped)];
          return;
        }
        const seen = watch(event);
        if (!attempts.fail(event)) return;
        const { users: counted, fails, passes } = attempts.counts(event);
        // The bitmap is full at some hundreds of users; then the list of them, which is longer than the hour, says more.
        const users = counted > FULL ? Math.max(counted, userCount(seen)) : counted;
        // An address where many work sees many wrong passwords: there the bar rises with the users who live there.
        const bar = Math.max(parameters.users, usualUsers(event.source, event.sourceAt) * 0.5);
        if (users < bar * 0.95 || fails / (fails + passes) < parameters.failure_share || fails / users > parameters.tries_per_user) return;
        flag(event, seen, fails, passes);
      },
    };
  },
});

function hasUser({ values }: TextList, userId: string, upn: string): boolean {
  for (let i = 0; i < values.length; i += TEXTS) if (values[i] === userId && values[i + 1] === upn) return true;
  return false;
}

const isUser = (values: readonly string[], at: number) => values[at] !== '' || values[at + 1] !== '';

function userCount({ values }: TextList): number {
  let count = 0;
  for (let at = 0; at < values.length; at += TEXTS) if (isUser(values, at)) count++;
  return count;
}

/** Whether there are enough. They are among the first failures. */
function hasIds({ values }: TextList): boolean {
  let count = 0;
  for (let at = TEXTS - 1; at < values.length && count < MAX_IDS; at += TEXTS) if (values[at] !== '') count++;
  return count === MAX_IDS;
}

function usersOf({ values }: TextList, from: number): readonly Party[] {
  const users: Party[] = [];
  for (let at = from; at < values.length; at += TEXTS) if (isUser(values, at)) users.push({ userId: values[at]!, upn: values[at + 1]! });
  return users;
}

function idsOf({ values }: TextList): readonly string[] {
  return values.filter((text, i) => i % TEXTS === 2 && text !== '');
}

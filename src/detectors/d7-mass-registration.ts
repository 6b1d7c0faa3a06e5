import { DAY_MS } from '../core/durations.ts';
import { keyText } from '../core/key-text.ts';
import { type AuditFact, isTwin } from '../events/audit/interpret.ts';
import { Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { EvidenceEvent, Party } from './evidence.ts';
import { commonTargets } from './shared/common-targets.ts';
import { isUsual, prefix, residents, userKey, WORKPLACE } from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { looksLikeOnePerson } from './shared/names.ts';
import { isAtManagedWorkplace, isAtOwnDevice } from './shared/own-hand.ts';
import { targetKey } from './shared/target-key.ts';
import type { EventView } from './stream/event-view.ts';
import { isMarked, SourceWord, usualUsers } from './stream/layout.ts';
import { addEvent, addUsers, dayText, type Unit } from './stream/unit.ts';

interface Registrant {
  readonly user: string;
  readonly party: Party;
  readonly timeMs: number;
  readonly event: EvidenceEvent;
  /** They registered it; else a record about them shows that it is theirs. */
  readonly registered: boolean;
  /** They did so where a device of their own was, or at work. */
  readonly own: boolean;
  /** They did so in a range where they usually are. */
  readonly home: boolean;
}

/** Who registered from one address or with one phone or device. */
interface Source {
  touchedMs: number;
  users: readonly Registrant[];
  /** UTC day of the first event of the present burst: part of the unit's key. */
  day: string;
  /** A unit of its own was made for it. */
  raised?: boolean;
}
/** Least score (Medium) of an authenticator on one device for two people: wherever it was registered, one of them can pass for the other. */
const SHARED_DEVICE_SCORE = 50;
/** What a shared office telephone says beside a shared mobile one, and what is said of it before that. */
const DESK = 0.35;
const NUMBER_OF_DESK = 6;
/**
 * What a number says that two users have: a couple's or a family's as often as an intruder's, and with something else that is odd still enough. Of the
 * registrations in 35 tenants 37 of 1,203 intruders' had one and 48 of 11,165 owners': 2 nats; an owner's with something odd beside it is rarer.
 */
const NUMBER_OF_TWO = 3;
/**
 * What a number of three or a device of two says of one of them: the finding about it tells of all, and one of them is Medium as well where something else
 * is odd. At 9 nats each was, which told a dozen telephones of families and teams in 63 tenants twice; of 1,680 intruders' registrations four rested on it.
 */
const OF_MANY = 4.5;
/** Least score of one of them (Low). */
const TOLD = 30;
/**
 * The same of a number that its user registers on a device of their own, or at work: at home, at a reception, in a ward or with an assistant one number
 * is for several.
 */
const BY_OWNER = 0.5;
const MAX_REGISTRANTS = 2000;
const NOBODY: Party = { userId: '', upn: '' };
const NOT_SHARED = { users: 0, isTheirs: false };
const SHARED_WORDS: Readonly<Record<string, string>> = { phone: 'phone number', device: 'authenticator device' };

export const detector: DetectorSpec = defineDetector({
  /**
   * Many accounts, one source. The same phone number or authenticator device on two users is evidence, on three hard evidence (90 days);
   * one device for two is Medium at least, also where a record about its owner shows only later whose it is; one address that registers
   * for many users within a day who do not live there is weighed by a Poisson ratio against its size and the tenant's own rate of that
   * day, so that an enrolment drive in an office is not one. A number or token that the log has for many phones is nobody's. A number that
   * people register on devices of their own, or on a managed one among many colleagues, says half, and is no hard evidence; so does one of
   * three or more that each of them registered where they usually are.
   * Works for phone and device with the Core Directory twin (or the reason text). Blind to attackers who take a new number for each victim.
   * Cost: one list a registration. Memory: a list an address (50,000 at most) or target (100,000) with registrations.
   * ATT&CK T1098.005, T1556.006. Ref: no peer counts targets by source (entra-events.md 2.3); detectors.md B1 D7.
   */
  id: 'D7-mass-registration',
  title: 'One source registers methods for many users',
  group: 'registration',
  techniques: ['T1098.005', 'T1556.006'],
  benignIf: 'The source is a help desk, a kiosk or a shared phone of the organisation; put it on the allow-list.',
  parameters: {
    shared_users: { default: 2, doc: 'Users with the same phone or device' },
    hard_users: { default: 3, doc: 'Users with the same phone or device that are hard evidence' },
    target_days: { default: 90, doc: 'How long a phone or device is remembered' },
    address_users: { default: 5, doc: 'Users who register from one address within a day' },
    daily_rate: { default: 0.02, doc: 'Registrations a day of a usual user of an address' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const targets = host.objects<Source>('D7.targets', 100_000);
    const common = commonTargets(host);
    const addresses = host.objects<Source>('D7.addresses', 50_000);
    /** Registrations of each tenant by UTC day: an enrolment drive raises all of them. */
    const days = host.objects<{ touchedMs: number; count: number }>('D7.days', 4096);
    const dayOf = (tenantId: string, timeMs: number) => `${tenantId} ${dayText(timeMs)}`;

    const note = (
      table: typeof targets,
      key: string,
      party: Party | undefined,
      event: EventView,
      { keepMs, registered, own = false, home = false }: Readonly<{ keepMs: number; registered: boolean; own?: boolean; home?: boolean }>,
    ): Source => {
      const source = table.edit(key, () => ({ touchedMs: event.timeMs, users: [], day: dayText(event.timeMs) }));
      const recent = source.users.filter(({ timeMs }) => Math.abs(event.timeMs - timeMs) <= keepMs);
      if (recent.length === 0) source.day = dayText(event.timeMs);
      const user = keyText(event.userLo, event.userHi);
      const others = recent.filter((entry) => entry.user !== user);
      const before = recent.find((entry) => entry.user === user);
      // That it is still theirs is no news.
      const isKnown = before?.registered === true && !registered;
      const mine = isKnown
        ? before
        : { user, party: party ?? NOBODY, timeMs: event.timeMs, event: event.evidence(), registered, own, home };
      source.users = [...others, mine].slice(-MAX_REGISTRANTS);
      source.touchedMs = Math.max(source.touchedMs, event.timeMs);
      return source;
    };

    /** How much busier this day is than the ten before, at least 1. */
    const surge = (tenantId: string, timeMs: number): number => {
      const today = days.get(dayOf(tenantId, timeMs))?.count ?? 1;
      let before = 0;
      for (let back = 1; back <= 10; back++) before += days.get(dayOf(tenantId, timeMs - back * DAY_MS))?.count ?? 0;
      return before < 10 ? 1 : Math.max(1, today / (before / 10));
    };

    const raise = (unit: Unit, source: Source, llr: number, words: string, weight: { hard?: boolean; least?: number } = {}): void => {
      addUsers(
        unit,
        source.users.map(({ party }) => party),
      );
      for (const { event } of source.users) addEvent(unit, event);
      const ids = source.users.map((entry) => entry.event);
      const evidence = contribution(detector, llr, words, { users: source.users.length }, ids);
      unit.evidence['D7-mass-registration'] = [{ ...evidence, ...weight }];
      source.raised = true;
    };

    /** A person with two accounts has one phone. */
    const othersOf = ({ users }: Source, event: EventView, name: string): readonly Registrant[] =>
      users.filter(({ user, party }) => user !== userKey(event) && !looksLikeOnePerson(name, party.upn));
    const kindOf = (target: string) => target.slice(0, target.indexOf(':'));
    /** A telephone on a desk or in a ward is one for many; only very many are still telling. */
    const isDeskPhone = (unit: Unit) =>
      unit.methods.some((method) => /office/i.test(method)) &&
      unit.registration?.targets.every((target) => target.startsWith('phone:')) === true;
    const hardFrom = (unit: Unit) => (isDeskPhone(unit) ? 4 : 1) * parameters.hard_users;
    /** Whether the log has the target for many phones. What was said of it before that was known is taken back. */
    const isMany = (fact: AuditFact, target: string, event: EventView): boolean => {
      if (!common.has(fact.tenantId, target)) return false;
      const key = targetKey(fact.tenantId, target);
      const before = targets.get(key);
      if (before?.raised === true)
        delete host.unit('source', fact.tenantId, `${kindOf(target)}:${key}`, before.day, event, []).evidence['D7-mass-registration'];
      targets.delete(key);
      return true;
    };
    const isOwnDoing = ({ registration }: Unit, event: EventView) =>
      registration?.byOther === false && (isAtOwnDevice(event, registration.prefix) || isAtManagedWorkplace(event));
    /**
     * At home, at the office or on the usual VPN. Of the registrations of a number of three or more, 3 of 109 intruders' and 35 of 45 owners' were, a
     * team's at its counter's computer one after the other among them: whoever puts one number on many accounts is seldom where each of them usually is.
     */
    const isAtHome = ({ registration }: Unit, event: EventView): boolean =>
      registration?.byOther === false &&
      event.prefix !== 0 &&
      (isUsual(event, prefix) || residents(event) >= WORKPLACE) &&
      !isHosting(event.asn);
    const byTarget = (unit: Unit, fact: AuditFact, event: EventView, target: string): { users: number; isTheirs: boolean } => {
      if (host.isSharedTarget(target, event.timeMs) || isMany(fact, target, event)) return NOT_SHARED;
      const key = targetKey(fact.tenantId, target);
      const kind = kindOf(target);
      const name = unit.users[0]?.upn ?? '';
      const own = isOwnDoing(unit, event);
      const home = isAtHome(unit, event);
      const source = note(targets, key, unit.users[0], event, { keepMs: parameters.target_days * DAY_MS, registered: true, own, home });
      const users = 1 + othersOf(source, event, name).length;
      if (users < parameters.shared_users) return NOT_SHARED;
      // One of two at the same office may be the other's colleague who wants in; of three or more it is a team's number.
      const isOwn = (one: { readonly own: boolean; readonly home: boolean }) => one.own || (one.home && users >= parameters.hard_users);
      // Whoever registers it for others does not do so on a device of each of them; one of them may hold it.
      const isTheirs = kind === 'phone' && source.users.filter((one) => one.registered && !isOwn(one)).length < parameters.shared_users;
      const hard = !isTheirs && users >= hardFrom(unit);
      const shared = host.unit('source', fact.tenantId, `${kind}:${key}`, source.day, event, []);
      shared.source = { ...shared.source, ip: fact.ip || shared.source.ip };
      const words = `The same ${SHARED_WORDS[kind] ?? 'target'} was registered for ${users} users within ${parameters.target_days} days.`;
      const weight = hard ? { hard } : kind === 'device' ? { least: SHARED_DEVICE_SCORE } : {};
      raise(shared, source, (hard ? 6 : 4) * (isDeskPhone(unit) ? DESK : isTheirs ? BY_OWNER : 1), words, weight);
      return { users, isTheirs: kind === 'phone' && (own || (home && isTheirs && users >= parameters.hard_users)) };
    };
    /** A record about its owner may show only later whose device it is that somebody else registered. */
    const byOwner = (fact: AuditFact, event: EventView, target: string, source: Source): void => {
      const others = othersOf(source, event, fact.upn);
      const isOwn = !source.users.some(({ user, registered }) => registered && user !== userKey(event));
      if (isOwn || others.length === 0 || !target.startsWith('device:') || host.isSharedTarget(target, event.timeMs)) return;
      const shared = host.unit('source', fact.tenantId, `device:${targetKey(fact.tenantId, target)}`, source.day, event, []);
      if (shared.evidence['D7-mass-registration'] !== undefined) return;
      const words = `An authenticator device registered within ${parameters.target_days} days belongs to ${others.length + 1} users whose names are not one person's.`;
      raise(shared, source, 4, words, { least: SHARED_DEVICE_SCORE });
    };

    const byAddress = (unit: Unit, fact: AuditFact, event: EventView): number => {
      if (isMarked(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo)) return 0;
      const source = note(addresses, `${fact.tenantId} ${keyText(event.ipLo, event.ipHi)}`, unit.users[0], event, {
        keepMs: DAY_MS,
        registered: true,
      });
      const users = source.users.length;
      if (users < parameters.address_users) return 0;
      const expected = Math.max(0.3, usualUsers(event.source, event.sourceAt) * parameters.daily_rate) * surge(fact.tenantId, event.timeMs);
      // ln of Poisson(users | users) / Poisson(users | expected)
      const llr = users > expected ? users * Math.log(users / expected) - (users - expected) : 0;
      if (llr < 2) return 0;
      const shared = host.unit('source', fact.tenantId, `ip:${fact.ip}`, source.day, event, []);
      shared.source = { ...shared.source, ip: fact.ip };
      const words = `${users} users registered methods from ${fact.ip} within a day, none of whom usually signs in there; ${expected.toFixed(1)} would be usual.`;
      raise(shared, source, Math.min(6, llr), words);
      return users;
    };

    return {
      audit(fact, event) {
        // Whose a phone or device already is shows in every record about its owner.
        if (event.userLo === 0 || (fact.userId === '' && fact.upn === '')) return;
        common.note(fact, event);
        for (const target of fact.held) {
          if (isMany(fact, target, event)) continue;
          const how = { keepMs: parameters.target_days * DAY_MS, registered: false };
          byOwner(fact, event, target, note(targets, targetKey(fact.tenantId, target), { userId: fact.userId, upn: fact.upn }, event, how));
        }
      },
      registration(unit, fact, event) {
        if (event.userAt < 0) return;
        if (unit.events.length <= 1) days.edit(dayOf(fact.tenantId, event.timeMs), () => ({ touchedMs: event.timeMs, count: 0 })).count++;
        let users = 0;
        let isTheirs = true;
        let isDevice = false;
        // The record that names the kind of telephone may come after the one that has the number.
        for (const target of unit.registration?.targets ?? fact.targets) {
          const shared = byTarget(unit, fact, event, target);
          if (shared.users === 0) continue;
          users = Math.max(users, shared.users);
          isTheirs &&= shared.isTheirs;
          isDevice ||= target.startsWith('device:');
        }
        if (users > 0) {
          const words = `Its phone or device is registered for ${users} users whose names are not one person's.`;
          const isOfMany = !isDeskPhone(unit) && (isDevice || users >= parameters.hard_users);
          const ofFew = isDeskPhone(unit) ? DESK * NUMBER_OF_DESK : isTheirs ? BY_OWNER * NUMBER_OF_TWO : NUMBER_OF_TWO;
          const said = contribution(detector, isOfMany ? OF_MANY : ofFew, words, { users }, [fact.id]);
          unit.evidence['D7-mass-registration'] = [isOfMany && !isTheirs ? { ...said, least: TOLD } : said];
          return;
        }
        if (fact.ip !== '' && !fact.byOther && event.sourceAt >= 0 && !isTwin(fact) && !event.has(Flag.knownEgress))
          users = Math.max(users, byAddress(unit, fact, event));
        if (users === 0) return;
        const words = `Its source registered methods for ${users} users.`;
        unit.evidence['D7-mass-registration'] = [contribution(detector, 2, words, { users }, [fact.id])];
      },
    };
  },
});

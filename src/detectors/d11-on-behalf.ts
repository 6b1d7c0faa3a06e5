import { DAY_MS, DAY_SECONDS, HOUR_MS } from '../core/durations.ts';
import { keyText } from '../core/key-text.ts';
import { type AuditFact, isTwin } from '../events/audit/interpret.ts';
import { methodKind } from '../events/audit/methods.ts';
import { EventClass } from '../events/event-record.ts';
import { hashText } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isCrowded } from './shared/crowded.ts';
import {
  asn,
  client,
  country,
  isUsual,
  isUsualDevice,
  isUsualValue,
  LEAST_SIGN_INS,
  lookUpPlace,
  newLevel,
  newness,
  newnessOfPlace,
  prefix,
  userKey,
} from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { snapshotText } from './stream/identities.ts';
import { UserWord } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';

interface Actor {
  touchedMs: number;
  firstMs: number;
  count: number;
  /** Targets of the last hour. */
  hour: readonly { readonly timeMs: number; readonly user: string }[];
}
/** What the help desk did for a user last: whether it let somebody in without a method of theirs, and what speaks against the administrator. */
interface Help {
  touchedMs: number;
  pass: boolean;
  oddity: number;
}
/** A tenant's log since when, and acts of administrators since the learning days: how many, and how many by somebody who had done none before. */
interface Desk {
  touchedMs: number;
  firstMs: number;
  acts?: number;
  firsts?: number;
}
/** Of an attacker's acts so many are the administrator's first; before anything is known of the tenant, so many of ten of its own. */
const FIRSTS_OF_ATTACKERS = 0.8;
const PSEUDO_ACTS = 10;
const PSEUDO_FIRSTS = 2.5;
const MOST_BY_FIRST = 1.5;
/** Days after which what an administrator's places are is known. */
const SETTLED_DAYS = 21;
/** What follows help: a registration from a new place, more so after a pass, and its use by somebody the user is, or is not, known as. */
const AFTER_HELP = 1;
const AFTER_PASS = 1;
/** Most that it says; on average 1.7. Of 2,286 intruders 72 used a pass so, of 32,610 owners 161: 1.8 nats. */
const PASS_USED_ELSEWHERE = 2.8;
const PASS_USED_AT_HOME = -3;
const NO_HELP: Help = { touchedMs: 0, pass: false, oddity: 0 };
/** What a sign-in of the administrator's that looked wrong is worth here. */
const ODD_SIGN_IN = 3;
const SHARE_OF_SIGN_IN = 0.5;
const MOST_BY_SIGN_IN = 4;
/** A method for an account with a privileged role; a help desk seldom has to do with those. */
const PRIVILEGED = 1;
const USED = 'D11-on-behalf:used';

export const detector: DetectorSpec = defineDetector({
  /**
   * Somebody else registers a method or a temporary access pass for a user: whether that administrator does so by habit, from a usual place
   * of their own, for how many users an hour, and whether for an account with a privileged role (IdentityInfo); and a user who then
   * registers from a new place after the help desk let somebody in. Accounts that act by trade are put on the allow-list.
   * Works where the audit record names who acted. Blind to a help desk that is talked into it and a caller in the user's own network.
   * Cost: two look-ups a registration. Memory: a short record an administrator (20,000 at most) and helped user (50,000).
   * ATT&CK T1098, T1556.006. Ref: help desks talked into resets, as by Scattered Spider (CISA AA23-320A); detectors.md B1 D11.
   */
  id: 'D11-on-behalf',
  title: 'Registered by somebody else',
  group: 'registration',
  techniques: ['T1098', 'T1556.006'],
  benignIf: 'The help desk has a ticket for it and proved who was calling.',
  parameters: {
    learn_days: { default: 7, doc: 'Days of log before an administrator who has not done it counts as new to it' },
    an_hour: { default: 8, doc: 'Users in an hour that are more than a help desk does' },
    used_hours: { default: 12, doc: 'How long after a pass was given out its use belongs to it' },
    helped_hours: { default: 24, doc: 'How long after help a registration of the user belongs to it' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const actors = host.objects<Actor>('D11.actors', 20_000);
    const helped = host.objects<Help>('D11.helped', 50_000);
    const begun = host.objects<Desk>('D11.begun', 1000);

    const actorKey = (fact: AuditFact) => `${fact.tenantId} ${fact.actorId || fact.actorUpn.toLowerCase() || fact.actorApp}`;
    /** Where the administrator's own habits are kept: the same key that their sign-ins have. */
    const placeOf = (fact: AuditFact, event: EventView): Contribution | undefined => {
      if (fact.actorId === '' || fact.ip === '') return undefined;
      const [lo, hi] = hashText(fact.actorId);
      const record = host.users.find(lo, hi);
      if (record < 0) return undefined;
      const [words, at] = [host.users.segment(record), host.users.offset(record)];
      if (words[at + UserWord.signIns]! < LEAST_SIGN_INS) return undefined;
      lookUpPlace(event);
      const knows = isUsualValue(words, at, prefix, event.prefix) || (event.asn !== 0 && isUsualValue(words, at, asn, event.asn));
      if (knows) return contribution(detector, -0.7, `${fact.actorUpn} acted from a usual place.`, {}, [fact.id]);
      // An address of many colleagues is the organisation's.
      if (isCrowded(host.crowds, event)) return undefined;
      const abroad = event.country !== 0 && !isUsualValue(words, at, country, event.country);
      const days = (event.seconds - words[at + UserWord.firstSeconds]!) / DAY_SECONDS;
      const settled = Math.min(1, Math.max(0, days) / SETTLED_DAYS);
      const where = `${fact.actorUpn} acted from ${fact.ip}, which is not a usual place of theirs in ${Math.floor(days)} days.`;
      return contribution(detector, (abroad ? 4 : 2.5) * settled, where, { days: Math.floor(days) }, [fact.id]);
    };
    /** The administrator's own account, taken over: a strange sign-in of theirs in the hours before. */
    const bySession = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      if (fact.actorId === '') return [];
      const [lo, hi] = hashText(fact.actorId);
      const sessions = host.people.get(keyText(lo, hi))?.sessions ?? [];
      const recent = sessions.filter(({ timeMs }) => event.timeMs >= timeMs && event.timeMs - timeMs <= parameters.helped_hours * HOUR_MS);
      const worst = recent.reduce<(typeof recent)[number] | undefined>((a, b) => (a === undefined || b.risk > a.risk ? b : a), undefined);
      if (worst === undefined || worst.risk < ODD_SIGN_IN) return [];
      const minutes = Math.round((event.timeMs - worst.timeMs) / 60_000);
      const words = `${fact.actorUpn} themselves had a suspicious sign-in from ${worst.event.ip || 'an unknown address'} ${minutes} min before.`;
      return [contribution(detector, Math.min(MOST_BY_SIGN_IN, SHARE_OF_SIGN_IN * worst.risk), words, { minutes }, [worst.event.id])];
    };
    const byHabit = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const entry = actors.edit(actorKey(fact), () => ({ touchedMs: event.timeMs, firstMs: event.timeMs, count: 0, hour: [] }));
      const sinceMs = event.timeMs - (begun.get(fact.tenantId)?.firstMs ?? event.timeMs);
      const desk = begun.get(fact.tenantId);
      if (desk !== undefined && sinceMs > parameters.learn_days * DAY_MS && fact.actorId !== '') {
        const { acts = 0, firsts = 0 } = desk;
        if (entry.count === 0) {
          const usual = (firsts + PSEUDO_FIRSTS) / (acts + PSEUDO_ACTS);
          const llr = Math.min(MOST_BY_FIRST, Math.max(0, Math.log(FIRSTS_OF_ATTACKERS / usual)));
          const others =
            acts === 0
              ? ', nor has anybody in the tenant'
              : `; of ${acts} act${acts === 1 ? '' : 's'} in the tenant before it ${firsts} ${firsts === 1 ? 'was' : 'were'} somebody's first`;
          const words = `${fact.actorUpn || fact.actorId} has not done this before in ${Math.floor(sinceMs / DAY_MS)} days${others}.`;
          if (llr > 0) out.push(contribution(detector, llr, words, { acts, firsts }, [fact.id]));
        }
        Object.assign(
          begun.edit(fact.tenantId, () => ({ ...desk })),
          { touchedMs: event.timeMs, acts: acts + 1, firsts: firsts + (entry.count === 0 ? 1 : 0) },
        );
      }
      const user = userKey(event);
      entry.hour = [
        ...entry.hour.filter((one) => one.user !== user && Math.abs(event.timeMs - one.timeMs) <= HOUR_MS),
        { timeMs: event.timeMs, user },
      ].slice(-64);
      entry.count++;
      entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      if (entry.hour.length >= parameters.an_hour && fact.actorId !== '') {
        out.push(
          contribution(
            detector,
            2,
            `${entry.hour.length} users within an hour by ${fact.actorUpn || fact.actorId}.`,
            { users: entry.hour.length },
            [fact.id],
          ),
        );
      }
      return out;
    };
    /** Whoever took over an administrator goes for the accounts that can do more. */
    const byRole = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const identity = host.identity(event);
      if (identity === undefined || identity.privileged.length === 0) return [];
      const words = `The account has the role ${identity.privileged.join(', ')} (${snapshotText(identity)}).`;
      return [contribution(detector, PRIVILEGED, words, { roles: identity.privileged.length }, [fact.id])];
    };
    const isNewClient = (event: EventView) => event.client !== 0 && !isUsual(event, client);
    /** The help desk let somebody in, and that somebody registers a method of their own from a place that is new to the user. */
    const followsHelp = (unit: Unit, fact: AuditFact, event: EventView): void => {
      const help = helped.get(userKey(event));
      const at = help?.touchedMs;
      if (help === undefined || at === undefined || event.timeMs < at || event.timeMs - at > parameters.helped_hours * HOUR_MS) return;
      const share = newnessOfPlace(unit, fact, event);
      if (share === 0) return;
      const what = help.pass ? 'gave out a temporary access pass' : 'changed the account';
      const odd = help.oddity > 0 ? ', which was odd in itself' : '';
      const words = `Registered from a new place ${Math.round((event.timeMs - at) / 60_000)} min after the help desk ${what}${odd}.`;
      const llr = share * (help.pass ? AFTER_PASS : AFTER_HELP) + help.oddity;
      unit.evidence[detector.id] = [contribution(detector, llr, words, {}, [fact.id])];
    };
    return {
      audit(fact, event) {
        if (begun.get(fact.tenantId) === undefined) begun.edit(fact.tenantId, () => ({ touchedMs: event.timeMs, firstMs: event.timeMs }));
        const helps = fact.happening === 'registered' || fact.happening === 'password-reset' || fact.happening === 'deleted';
        if (!fact.succeeded || !fact.byOther || !helps || isTwin(fact) || fact.actorId === '') return;
        const entry = helped.edit(userKey(event), () => ({ touchedMs: event.timeMs, pass: false, oddity: 0 }));
        Object.assign(entry, { touchedMs: event.timeMs, pass: fact.methodKind === 'tap', oddity: 0 });
      },
      registration(unit, fact, event) {
        if (isTwin(fact)) return;
        if (host.isServiceAccount([fact.actorId, fact.actorUpn, fact.actorApp], event.timeMs)) return;
        if (fact.byOther) {
          const place = placeOf(fact, event);
          const found = [
            ...(place === undefined ? [] : [place]),
            ...bySession(fact, event),
            ...byHabit(fact, event),
            ...byRole(fact, event),
          ];
          unit.evidence[detector.id] = found;
          const oddity = found.reduce((sum, { llr }) => sum + Math.max(0, llr), 0);
          if (helped.get(userKey(event)) !== undefined) helped.edit(userKey(event), () => NO_HELP).oddity = oddity;
          return;
        }
        followsHelp(unit, fact, event);
      },
      later(unit, event) {
        const facts = unit.registration;
        if (facts?.byOther !== true || event.eventClass !== EventClass.signIn || event.timeMs < unit.openedMs) return false;
        if (event.timeMs - unit.openedMs > parameters.used_hours * HOUR_MS || unit.evidence[USED] !== undefined) return false;
        const used = event
          .text('Methods')
          .split('; ')
          .some((words) => methodKind(words) === 'tap');
        if (facts.methodKind !== 'tap' || !used) return false;
        const isKnown = event.user[event.userAt + UserWord.signIns]! >= LEAST_SIGN_INS;
        const atHome = isUsualDevice(event) || (newLevel(event) === undefined && !isNewClient(event));
        if (!isKnown) return false;
        const words = atHome
          ? 'The pass was used on a known device or at a known place of the user.'
          : `The pass was used from ${event.text('IPAddress')}, on no known device of the user.`;
        // Who lost a phone comes with another one: at a usual place, or in a new range of a usual network, that is half as telling.
        const share = isNewClient(event) ? Math.max(0.5, newness(event)) : newness(event);
        const llr = atHome ? PASS_USED_AT_HOME : PASS_USED_ELSEWHERE * share;
        const spec = atHome ? ({ ...detector, group: 'client' } as const) : detector;
        unit.evidence[USED] = [contribution(spec, llr, words, {}, [event.text('Id')])];
        return true;
      },
    };
  },
});

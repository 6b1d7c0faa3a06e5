import type { AuditFact } from '../events/audit/interpret.ts';
import { combine, hashText } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { asn, country, isUsualValue, lookUpPlace, newLevel, prefix, userKey } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import { DAY_MS, HOUR_MS } from './stream/unit.ts';

interface Actor {
  touchedMs: number;
  firstMs: number;
  count: number;
  /** Targets of the last hour. */
  hour: readonly { readonly timeMs: number; readonly user: string }[];
}
const LEAST_SIGN_INS = 10;

export const detector: DetectorSpec = defineDetector({
  /**
   * Somebody else registers a method or a temporary access pass for a user: whether that administrator does so by habit, from a usual place of
   * their own, and for how many users an hour; and a user who then registers from a new place after the help desk let somebody in. Accounts that
   * act by trade are put on the allow-list. Blind to a help desk that is talked into it and a caller in the user's own network. Cost: two look-ups
   * a registration. Memory: a short record an administrator and helped user. ATT&CK T1098, T1556.006.
   */
  id: 'D11-on-behalf',
  title: 'Registered by somebody else',
  group: 'registration',
  techniques: ['T1098', 'T1556.006'],
  benignIf: 'The help desk has a ticket for it and proved who was calling.',
  parameters: {
    learn_days: { default: 7, doc: 'Days of log before an administrator who has not done it counts as new to it' },
    an_hour: { default: 8, doc: 'Users in an hour that are more than a help desk does' },
    helped_hours: { default: 24, doc: 'How long after help a registration of the user belongs to it' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const actors = host.objects<Actor>('D11.actors', 20_000);
    const helped = host.objects<{ touchedMs: number }>('D11.helped', 50_000);
    const begun = host.objects<{ touchedMs: number; firstMs: number }>('D11.begun', 1);

    const actorKey = (fact: AuditFact) => `${fact.tenantId} ${fact.actorId || fact.actorUpn.toLowerCase() || fact.actorApp}`;
    /** Where the administrator's own habits are kept: the same key that their sign-ins have. */
    const placeOf = (fact: AuditFact, event: EventView): Contribution | undefined => {
      if (fact.actorId === '' || fact.ip === '') return undefined;
      const [lo, hi] = hashText(fact.actorId);
      const record = host.users.find(combine(lo, hashText(fact.tenantId)[0]), hi);
      if (record < 0) return undefined;
      const [words, at] = [host.users.segment(record), host.users.offset(record)];
      if (words[at + UserWord.signIns]! < LEAST_SIGN_INS) return undefined;
      lookUpPlace(event);
      const knows = isUsualValue(words, at, prefix, event.prefix) || (event.asn !== 0 && isUsualValue(words, at, asn, event.asn));
      if (knows) return contribution(detector, -0.7, `${fact.actorUpn} acted from a usual place.`, {}, [fact.id]);
      const abroad = event.country !== 0 && !isUsualValue(words, at, country, event.country);
      return contribution(detector, abroad ? 4 : 2.5, `${fact.actorUpn} acted from ${fact.ip}, which is not a usual place of theirs.`, {}, [
        fact.id,
      ]);
    };
    const byHabit = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const entry = actors.edit(actorKey(fact), () => ({ touchedMs: event.timeMs, firstMs: event.timeMs, count: 0, hour: [] }));
      const sinceMs = event.timeMs - (begun.get('all')?.firstMs ?? event.timeMs);
      if (entry.count === 0 && sinceMs > parameters.learn_days * DAY_MS && fact.actorId !== '') {
        out.push(
          contribution(
            detector,
            1.2,
            `${fact.actorUpn || fact.actorId} has not done this before in ${Math.floor(sinceMs / DAY_MS)} days.`,
            {},
            [fact.id],
          ),
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
    return {
      audit(fact, event) {
        if (begun.get('all') === undefined) begun.edit('all', () => ({ touchedMs: event.timeMs, firstMs: event.timeMs }));
        const helps = fact.happening === 'registered' || fact.happening === 'password-reset' || fact.happening === 'deleted';
        if (!fact.succeeded || !fact.byOther || !helps || fact.isTwin || fact.actorId === '') return;
        helped.edit(userKey(event), () => ({ touchedMs: event.timeMs })).touchedMs = event.timeMs;
      },
      registration(unit, fact, event) {
        if (fact.isTwin) return;
        if (host.isServiceAccount([fact.actorId, fact.actorUpn, fact.actorApp], event.timeMs)) return;
        if (fact.byOther) {
          const place = placeOf(fact, event);
          unit.evidence[detector.id] = [...(place === undefined ? [] : [place]), ...byHabit(fact, event)];
          return;
        }
        const at = helped.get(userKey(event))?.touchedMs;
        if (at === undefined || event.timeMs < at || event.timeMs - at > parameters.helped_hours * HOUR_MS) return;
        if (event.userAt < 0 || newLevel(event) === undefined) return;
        const words = `Registered from a new place ${Math.round((event.timeMs - at) / 60_000)} min after the help desk changed the account.`;
        unit.evidence[detector.id] = [contribution(detector, 1.2, words, {}, [fact.id])];
      },
    };
  },
});

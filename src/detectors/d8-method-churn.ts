import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { isTwin, subjectOf } from '../events/audit/interpret.ts';
import { methodKind, methodStrength } from '../events/audit/methods.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { addEvent, type MethodChange, type Unit } from './stream/unit.ts';

const BEFORE = 'D8-method-churn';
const AFTER = 'D8-method-churn:after';
const MAX_DELETIONS = 8;
/**
 * What it adds that the deleted method was the stronger one. Hardly anything: whoever has lost the telephone gives up its app for a number, too
 * (22 owners and 1 of 530 intruders in the tenants at hand).
 */
const WEAKER = 0.1;
/** One more deletion in the day after: the first is the old phone, as often an owner's (6 %) as an intruder's; of the second one more in five is. */
const CLEARED_OUT = 1.3;
const ONE_AFTER = 0.1;

interface Deletion {
  readonly timeMs: number;
  readonly id: string;
  readonly method: string;
  readonly strength: number;
}
interface Deletions {
  touchedMs: number;
  list: readonly Deletion[];
}
const strengthOf = (words: string) => methodStrength[methodKind(words)];

export const detector: DetectorSpec = defineDetector({
  /**
   * Methods deleted around a registration: another one deleted before it by the user's own account (nobody else asks what was there), and
   * others deleted after it (the owner is locked out). One deletion after a new phone is everyday life and says little; several within the
   * hour say more.
   * Works with the deletions in the log. Blind to administrators' deletions, which are left out.
   * Cost: a list of 16 changes a registration. Memory: with the person, 30 days.
   * ATT&CK T1098.005, T1531. Ref: no peer puts the two in sequence (entra-events.md 2.3); detectors.md B1 D8.
   */
  id: 'D8-method-churn',
  title: 'Methods deleted around a registration',
  group: 'registration',
  techniques: ['T1098.005', 'T1531'],
  benignIf: 'The user replaced a phone or number and the deleted method was the old one.',
  parameters: {
    window_hours: { default: 24, doc: 'How long before or after the registration a deletion counts' },
    churn: { default: 3, doc: 'Changes of methods within seven days that are churn' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const deletions = host.objects<Deletions>('D8.deletions', 50_000);
    const keyOf = (unit: Unit) => `${unit.tenantId} ${unit.subject}`;
    const deletedBefore = (unit: Unit): readonly Deletion[] => {
      const span = parameters.window_hours * HOUR_MS;
      return (deletions.get(keyOf(unit))?.list ?? []).filter(({ timeMs }) => timeMs <= unit.openedMs && unit.openedMs - timeMs <= span);
    };
    const before = (unit: Unit, changes: readonly MethodChange[]): readonly Contribution[] => {
      const gone = deletedBefore(unit);
      const out: Contribution[] = [];
      if (gone.length > 0) {
        const minutes = Math.round((unit.openedMs - Math.max(...gone.map(({ timeMs }) => timeMs))) / 60_000);
        const strength = unit.registration?.strength ?? 0;
        const stronger = strength === 0 ? undefined : gone.find((deletion) => deletion.strength > strength);
        const swap = stronger === undefined ? '' : ` ${stronger.method} is harder to take over than what came in its place.`;
        const words = `${gone.length} method${gone.length === 1 ? '' : 's'} deleted by the account itself ${minutes} min before.${swap}`;
        const llr = Math.min(3, 1 + 0.7 * gone.length + (stronger === undefined ? 0 : WEAKER));
        const counts = { deleted: gone.length, stronger: stronger === undefined ? 0 : 1 };
        out.push(contribution(detector, llr, words, counts, [...new Set(gone.map(({ id }) => id))]));
      }
      const week = changes.filter(({ timeMs }) => Math.abs(unit.openedMs - timeMs) <= 7 * DAY_MS);
      const [added, removed] = [
        week.filter(({ happening }) => happening === 'registered'),
        week.filter(({ happening }) => happening === 'deleted'),
      ];
      if (removed.length > 0 && added.length + removed.length >= parameters.churn + 2) {
        const words = `${added.length} methods added and ${removed.length} deleted within seven days.`;
        out.push(contribution(detector, 0.5, words, { added: added.length, deleted: removed.length }, []));
      }
      return out;
    };
    return {
      audit(fact, event) {
        // One record may take a method away and put another in its place: where the directory alone logs, that is how a swap looks.
        const inPlace = fact.happening === 'registered' && fact.removed.length > 0;
        if (!(fact.happening === 'deleted' || inPlace) || !fact.succeeded || fact.byOther || isTwin(fact)) return;
        const key = `${fact.tenantId} ${subjectOf(fact)}`;
        const entry = deletions.edit(key, () => ({ touchedMs: event.timeMs, list: [] }));
        const names = fact.removed.length > 0 ? fact.removed : [fact.method];
        // An app that shows codes is two methods in the directory and one to its owner.
        const strongest = names.reduce((a, b) => (strengthOf(b) > strengthOf(a) ? b : a));
        const deletion = { timeMs: event.timeMs, id: fact.id, method: strongest || 'A method', strength: strengthOf(strongest) };
        entry.list = [...entry.list, deletion].slice(-MAX_DELETIONS);
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      },
      registration(unit, fact, event) {
        if (fact.byOther) return;
        unit.evidence[BEFORE] = before(unit, host.person(event)?.changes ?? []);
      },
      later(unit, event) {
        const { fact } = event;
        if (fact === undefined || unit.registration?.byOther !== false) return false;
        if (fact.happening !== 'deleted' || !fact.succeeded || fact.byOther || isTwin(fact) || event.timeMs < unit.openedMs) return false;
        if (event.timeMs - unit.openedMs > parameters.window_hours * HOUR_MS) return false;
        const ids = [...new Set([...(unit.evidence[AFTER]?.[0]?.eventIds ?? []), fact.id])].slice(-8);
        const words = `${ids.length} other method${ids.length === 1 ? '' : 's'} deleted within a day after: the owner may be locked out.`;
        unit.evidence[AFTER] = [
          contribution(detector, Math.min(2.5, ONE_AFTER + CLEARED_OUT * (ids.length - 1)), words, { deleted: ids.length }, ids),
        ];
        addEvent(unit, event.evidence());
        return true;
      },
    };
  },
});

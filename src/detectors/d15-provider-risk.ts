import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution, EvidenceEvent } from './evidence.ts';
import type { EventView } from './stream/event-view.ts';
import { addEvent, type Unit } from './stream/unit.ts';

/** A risk detection of a user, as its last row says. */
interface Detection {
  readonly id: string;
  readonly timeMs: number;
  readonly type: string;
  readonly level: string;
  readonly state: string;
  /** When the row that says this state was taken in. Rows of one detection have one event time, so that their order says nothing. */
  readonly stateMs: number;
  readonly event: EvidenceEvent;
}
interface Detections {
  touchedMs: number;
  list: readonly Detection[];
}

const LEVELS: Readonly<Record<string, number>> = { none: -0.3, low: 1, medium: 2.5, high: 3.5 };
const PASSED_ON = 'D15-provider-risk';
const MAX_DETECTIONS = 8;
/** States in which somebody who is not the account's user said that it was nothing. */
const SAFE = new Set(['dismissed', 'confirmedsafe']);

export const detector: DetectorSpec = defineDetector({
  /**
   * What Identity Protection thinks of a sign-in, passed on as one piece of evidence among others: the risk level during the sign-in, and
   * risk detections of the user (AADUserRiskEvents) within a day before or after a registration, whichever row comes first; offline ones
   * come hours later. The level of a sign-in that the registration follows and its detection are one fact and count once. A detection that
   * was dismissed says nothing; one that was remediated, by a proof of MFA or a new password, does only where that was known after the
   * registration: whoever registered can do both.
   * Works with a P2 licence; where the level is hidden or absent it says nothing. Blind where the provider is, which publishes no rates.
   * Cost: a look at three bits a sign-in, one look-up a registration. Memory: at most eight detections a user, of 50,000 users. No
   * parameters.
   * ATT&CK T1078.004. Ref: MFAMethodAddedRiskyAccount of Azure-Sentinel; entra-docs concept-identity-protection-risks; detectors.md B1 D15.
   */
  id: 'D15-provider-risk',
  title: 'Risk seen by Identity Protection',
  group: 'context',
  techniques: ['T1078.004'],
  benignIf: 'The risk was dismissed for a reason that holds here too, for example a VPN that the user always has.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    /** By object id, else user name: the table has the workspace where other tables have the tenant. */
    const known = host.objects<Detections>('D15.detections', 50_000);
    const judge = (event: EventView): number => {
      return event.hasRiskLevel ? Math.max(0, LEVELS[event.riskLevel] ?? 0) : 0;
    };
    const llrOf = ({ level, state, stateMs }: Detection, unit: Unit): number => {
      if (SAFE.has(state) || (state === 'remediated' && stateMs <= unit.openedMs)) return 0;
      return Math.max(0, LEVELS[level] ?? 0);
    };
    /** What the sign-ins that led to the registration say already. */
    const inherited = (unit: Unit): number =>
      Math.max(0, ...(unit.evidence['D6-registration-after-risk'] ?? []).map((item) => (item.detector === detector.id ? item.llr : 0)));
    const worstOf = (unit: Unit): readonly [number, Detection | undefined] => {
      const { userId = '', upn = '' } = unit.users[0] ?? {};
      const lists = [userId, upn.toLowerCase()].flatMap((key) => (key === '' ? [] : (known.get(key)?.list ?? [])));
      let most = 0;
      let worst: Detection | undefined;
      for (const detection of lists) {
        const llr = Math.abs(detection.timeMs - unit.openedMs) > DAY_MS ? 0 : llrOf(detection, unit);
        if (llr <= most) continue;
        most = llr;
        worst = detection;
      }
      return [most, worst];
    };
    /** True when the evidence is another than before. */
    const passOn = (unit: Unit): boolean => {
      const [most, worst] = worstOf(unit);
      const llr = most - inherited(unit);
      const found = worst === undefined || llr <= 0 ? [] : [contribution(detector, llr, wordsOf(worst, unit), {}, [worst.id])];
      const before = unit.evidence[PASSED_ON];
      if (worst !== undefined || before !== undefined) unit.evidence[PASSED_ON] = found;
      if (isSame(before?.[0], found[0])) return false;
      if (worst !== undefined && found.length > 0) addEvent(unit, worst.event);
      return true;
    };
    return {
      judges: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
      judge,
      explain(event) {
        return [
          contribution(detector, judge(event), `Identity Protection: risk ${event.riskLevel} of this sign-in.`, {}, [event.text('Id')]),
        ];
      },
      risk(event) {
        const key = event.text('UserId') || event.text('UserPrincipalName').toLowerCase();
        if (key === '') return;
        const entry = known.edit(key, () => ({ touchedMs: event.timeMs, list: [] }));
        const detection: Detection = {
          id: event.text('Id'),
          timeMs: event.timeMs,
          type: event.text('RiskEventType') || 'risk',
          level: event.text('RiskLevel').toLowerCase(),
          state: event.text('RiskState').toLowerCase(),
          stateMs: event.ingestedMs,
          event: event.evidence(),
        };
        if (entry.list.some(({ id, stateMs }) => id === detection.id && stateMs > detection.stateMs)) return;
        const others = entry.list.filter(({ id }) => id !== detection.id);
        entry.list = [...others, detection].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)).slice(-MAX_DETECTIONS);
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      },
      registration(unit) {
        passOn(unit);
      },
      later(unit, event) {
        if (unit.kind !== 'registration') return false;
        return event.eventClass === EventClass.risk || unit.evidence[PASSED_ON] !== undefined ? passOn(unit) : false;
      },
    };
  },
});

function isSame(a: Contribution | undefined, b: Contribution | undefined): boolean {
  return a?.llr === b?.llr && a?.words === b?.words;
}

function wordsOf({ type, level, timeMs }: Detection, unit: Unit): string {
  const minutes = Math.round(Math.abs(unit.openedMs - timeMs) / 60_000);
  const distance = minutes < 120 ? `${minutes} min` : `${Math.round((minutes * 60_000) / HOUR_MS)} h`;
  const side = timeMs <= unit.openedMs ? 'before' : 'after';
  return `Identity Protection: ${type} (${level}) of this user within a day of the registration, ${distance} ${side} it.`;
}

import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { EventView } from './stream/event-view.ts';
import { addEvent } from './stream/unit.ts';

const LEVELS: Readonly<Record<string, number>> = { none: -0.3, low: 1, medium: 2.5, high: 3.5 };
const PASSED_ON = 'D15-provider-risk';

export const detector: DetectorSpec = defineDetector({
  /**
   * What Identity Protection thinks of a sign-in, passed on as one piece of evidence among others: risk level during the sign-in, and risk
   * detections of the user within a day of a registration (offline ones come hours later and re-open it). Needs a P2 licence; where the level is
   * hidden or absent it says nothing. Blind where the provider is, which publishes no rates. Cost: a look at three bits. Memory: none.
   * ATT&CK T1078.004.
   */
  id: 'D15-provider-risk',
  title: 'Risk seen by Identity Protection',
  group: 'context',
  techniques: ['T1078.004'],
  benignIf: 'The risk was dismissed for a reason that holds here too, for example a VPN that the user always has.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create() {
    const judge = (event: EventView): number => {
      return event.hasRiskLevel ? Math.max(0, LEVELS[event.riskLevel] ?? 0) : 0;
    };
    return {
      judges: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
      judge,
      explain(event) {
        return [
          contribution(detector, judge(event), `Identity Protection: risk ${event.riskLevel} of this sign-in.`, {}, [event.text('Id')]),
        ];
      },
      later(unit, event) {
        if (event.eventClass !== EventClass.risk || unit.kind !== 'registration') return false;
        const level = event.text('RiskLevel').toLowerCase();
        const state = event.text('RiskState').toLowerCase();
        const before = unit.evidence[PASSED_ON]?.[0]?.llr ?? 0;
        const llr = state === 'dismissed' || state === 'confirmedsafe' || state === 'remediated' ? 0 : (LEVELS[level] ?? 0);
        if (llr <= before) return false;
        const words = `Identity Protection: ${event.text('RiskEventType') || 'risk'} (${level}) of this user within a day of the registration.`;
        unit.evidence[PASSED_ON] = [contribution(detector, llr, words, {}, [event.text('Id')])];
        addEvent(unit, event.evidence());
        return true;
      },
    };
  },
});

import { DAY_MS } from '../core/durations.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { commonTargets } from './shared/common-targets.ts';
import { type Unit, unitKey } from './stream/unit.ts';

/** Where the registration came from and what it planted, kept for the day on which somebody confirms it. */
interface Trace {
  touchedMs: number;
  ip: string;
  prefix: number;
  targets: readonly string[];
}
const HALF_LIFE_DAYS = 30;

/** What a verdict says of its own unit. */
export const OWN_VERDICT = {
  malicious: { llr: 4, words: 'An analyst confirmed this.' },
  benign: { llr: -6, words: 'An analyst called this benign.' },
} as const;

export const detector: DetectorSpec = defineDetector({
  /**
   * What analysts confirmed: a registration from the address or range of a confirmed takeover, or with its phone or device, counts for a
   * month by halves. A unit that was called benign before stays so. Addresses weigh little: they change hands, and attack data misleads
   * (Wiefling 2022).
   * Works with verdicts. Blind without them, and to an attacker who changes address and phone.
   * Cost: a comparison per confirmed incident and registration. Memory: a line a registration, 50,000 at most.
   * ATT&CK T1098.005. Ref: Wiefling 2022; detectors.md B1 D16.
   */
  id: 'D16-watch-list',
  title: 'Known from a confirmed incident',
  group: 'context',
  techniques: ['T1098.005'],
  benignIf: 'The incident was confirmed by mistake, or its address has changed hands.',
  parameters: {
    days: { default: 120, doc: 'Days after which a confirmed incident is forgotten' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const common = commonTargets(host);
    const traces = host.objects<Trace>('D16.traces', 50_000);
    const own = (unit: Unit) =>
      host.verdicts.find(({ kind, subject, anchor }) => kind === unit.kind && subject === unit.subject && anchor === unit.anchor);
    return {
      registration(unit, fact, event) {
        const facts = unit.registration!;
        const key = unitKey(unit.kind, '', unit.subject, unit.anchor);
        const trace = traces.edit(key, () => ({ touchedMs: event.timeMs, ip: '', prefix: 0, targets: [] }));
        Object.assign(trace, { touchedMs: event.timeMs, ip: facts.ip, prefix: facts.prefix, targets: facts.targets });
        const verdict = own(unit)?.verdict;
        if (verdict === 'benign' || verdict === 'malicious') {
          const { llr, words } = OWN_VERDICT[verdict];
          unit.evidence[detector.id] = [contribution(detector, llr, words, {}, [fact.id])];
          return;
        }
        let most = 0;
        let words = '';
        for (const confirmed of host.verdicts) {
          if (confirmed.verdict !== 'malicious' || confirmed.subject === unit.subject) continue;
          const known = traces.get(unitKey(confirmed.kind as 'registration', '', confirmed.subject, confirmed.anchor));
          const days = known === undefined ? Number.POSITIVE_INFINITY : Math.abs(event.timeMs - known.touchedMs) / DAY_MS;
          if (known === undefined || days > parameters.days) continue;
          const same = known.targets.some((target) => facts.targets.includes(target) && !common.has(fact.tenantId, target))
            ? 4
            : known.ip !== '' && known.ip === facts.ip
              ? 2
              : known.prefix !== 0 && known.prefix === facts.prefix
                ? 1
                : 0;
          const llr = same * 2 ** (-days / HALF_LIFE_DAYS);
          if (llr <= most) continue;
          most = llr;
          words = `${same === 4 ? 'The phone or device' : same === 2 ? 'The address' : 'The address range'} of a takeover that was confirmed ${Math.round(days)} days ago.`;
        }
        if (most > 0) unit.evidence[detector.id] = [contribution(detector, most, words, {}, [fact.id])];
      },
    };
  },
});

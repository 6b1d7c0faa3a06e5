import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { asn, country, device, HABIT_WORDS, HABITS_AT, lookUpPlace } from './shared/habits.ts';
import { clientRatio } from './shared/novelty/client-ratio.ts';
import { signInsOf, tenantHabits, warmPrefix } from './shared/novelty/habit-ratio.ts';
import { hourOf, isOddHour } from './shared/novelty/hours.ts';
import { learner } from './shared/novelty/learning.ts';
import { placeRatio } from './shared/novelty/place-ratio.ts';
import { noveltyCounts, noveltyWords } from './shared/novelty/words.ts';
import { isOfService } from './shared/service-address.ts';
import { warmCrowds } from './stream/crowds.ts';

const ODD_HOUR = 1.2;

export const detector: DetectorSpec = defineDetector({
  /**
   * New or rare country, network, address range, device, system and browser for this user: the log-likelihood ratio of Freeman et al. (NDSS
   * 2016) with the tenant's popularity as background and the user's own rate of new values as denominator, so that travellers explain
   * themselves. A value is learnt at once with a device that the user is known by, else in a probation of a week, three times as long where
   * place and device are both new. Places and devices are learnt from clients in the background too, at most once a day each.
   * Works from about ten sign-ins over five days; before, the tenant's popularity of the network stands in. Blind to an attacker in the
   * victim's own network and device; a value that is absent in the log says nothing.
   * Cost: five slot searches a sign-in. Memory: 84 bytes a user, tables of the tenant's values.
   * ATT&CK T1078.004. Ref: Freeman 2016; Wiefling 2022; detectors.md A1, B1 D1.
   */
  id: 'D1-novelty',
  title: 'New place or device for this user',
  group: 'network',
  techniques: ['T1078.004'],
  benignIf: 'The user confirms being in that place, or the address belongs to a VPN or proxy of the organisation.',
  parameters: {
    learn_sign_ins: { default: 10, doc: 'Sign-ins before a user counts as known' },
    learn_days: { default: 5, doc: 'Days before a user counts as known' },
    probation_days: { default: 7, doc: 'Days before a new value can become known' },
    probation_visits: { default: 3, doc: 'Days with a sign-in before a new value can become known' },
    tenant_sign_ins: { default: 500, doc: 'Sign-ins of the tenant before its popular networks say something of unknown users' },
  },
  userWords: HABIT_WORDS,
  sourceWords: 0,
  create(host, parameters, { user: base }) {
    if (base !== HABITS_AT) throw new Error('D1 must have the first words of a user');
    const learning = { signIns: parameters.learn_sign_ins, days: parameters.learn_days, tenantSignIns: parameters.tenant_sign_ins };
    const tenant = tenantHabits(host);
    const place = placeRatio(host, tenant, learning);
    const client = clientRatio(host, tenant, learning);
    const learns = learner(host, tenant, place, learning, { days: parameters.probation_days, visits: parameters.probation_visits });
    return {
      judges: [EventClass.signIn, EventClass.interrupt],
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      judge(event) {
        // An interrupt before the first factor was proved, or by policy of a known user, is somebody at the door: not the user.
        if (event.eventClass === EventClass.interrupt && !event.has(Flag.firstFactor)) return 0;
        if (isOfService(event)) return client.ofSignIn(event);
        return place.ofSignIn(event) + client.ofSignIn(event) + place.ofServer(event);
      },
      explain(event) {
        const out: Contribution[] = [];
        const level = place.level(event);
        const isPlaced = !isOfService(event);
        const network = isPlaced ? place.ofSignIn(event) : 0;
        if (level !== undefined && network !== 0) {
          const words = noveltyWords(tenant, event, level, network);
          out.push(contribution(detector, network, words, noveltyCounts(tenant, event, level), [event.text('Id')]));
        }
        const hosted = isPlaced ? place.ofServer(event) : 0;
        if (hosted !== 0) {
          const spec = { ...detector, group: 'credential' } as const;
          const words = `AS${event.text('Asn')} belongs to a hosting or VPN company, and the user was not known to come from one.`;
          out.push(contribution(spec, hosted, words, noveltyCounts(tenant, event, asn), [event.text('Id')]));
        }
        const byClient = client.ofSignIn(event);
        if (byClient !== 0) {
          const feature = byClient > 0 ? client.level(event) : device;
          const spec = { ...detector, group: 'client' } as const;
          const words = noveltyWords(tenant, event, feature, byClient);
          out.push(contribution(spec, byClient, words, noveltyCounts(tenant, event, feature), [event.text('Id')]));
        }
        return out;
      },
      warms: [
        // Who else is there is asked of sign-ins by hand.
        { classes: [EventClass.signIn, EventClass.interrupt], read: (words, ats, count) => warmCrowds(host.crowds, words, ats, count) },
        {
          classes: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
          read: (words, ats, count) => warmPrefix(tenant, words, ats, count),
        },
      ],
      learn(event) {
        if (event.eventClass === EventClass.backgroundSignIn) learns.background(event);
        else learns.signIn(event);
      },
      registration(unit, fact, event) {
        if (!fact.byOther && event.userAt >= 0 && isOddHour(event)) {
          const spec = { ...detector, group: 'context' } as const;
          const words = `The user was never seen about ${String(hourOf(event)).padStart(2, '0')}:00 UTC at a usual place.`;
          unit.evidence['D1-novelty:hour'] = [contribution(spec, ODD_HOUR, words, noveltyCounts(tenant, event, country), [fact.id])];
        }
        if (fact.ip === '' || fact.byOther || event.prefix === 0 || event.userAt < 0) return;
        lookUpPlace(event);
        const level = place.level(event);
        const llr = place.ofRegistration(event);
        if (level === undefined || llr === 0) return;
        const n = signInsOf(event);
        const words =
          llr > 0
            ? `Registered from ${fact.ip}, whose ${level.label} is not a usual one ${n === 0 ? 'of the user, of whom no earlier sign-in is known' : `in the user's ${n === 1 ? 'one sign-in' : `${n} sign-ins`} until then`}.`
            : `Registered from ${fact.ip}, whose ${level.label} is a usual one of the user or of colleagues.`;
        unit.evidence['D1-novelty'] = [contribution(detector, llr, words, noveltyCounts(tenant, event, level), [fact.id])];
      },
    };
  },
});

import { EventClass, Flag } from '../events/event-record.ts';
import type { CountTable } from '../state/count-table.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { findSlot, isKnown, knownValues, noteUse, usesOf } from './shared/slots.ts';
import type { EventView } from './stream/event-view.ts';
import { markUser, SourceWord, UserWord } from './stream/layout.ts';

/** A feature of a sign-in: its slots in the user's words, its prior rate of novelty, and how often an attacker's value is new. */
interface Feature {
  readonly name: string;
  readonly label: string;
  readonly at: number;
  readonly slots: number;
  /** Share of sign-ins that bring a new value, before the user's own history is known. */
  readonly rate: number;
  readonly attackerNovelty: number;
  /** Values an attacker could choose among, when the tenant knows fewer. */
  readonly choices: number;
  /** Most that novelty of this feature may say. */
  readonly cap: number;
}

const country: Feature = { name: 'country', label: 'country', at: 0, slots: 4, rate: 0.004, attackerNovelty: 0.9, choices: 60, cap: 6 };
const asn: Feature = { name: 'asn', label: 'network', at: 4, slots: 5, rate: 0.03, attackerNovelty: 0.9, choices: 1000, cap: 5 };
const prefix: Feature = {
  name: 'prefix',
  label: 'address range',
  at: 9,
  slots: 4,
  rate: 0.15,
  attackerNovelty: 0.95,
  choices: 20000,
  cap: 2,
};
const device: Feature = { name: 'device', label: 'device', at: 13, slots: 4, rate: 0.03, attackerNovelty: 0.9, choices: 0, cap: 4 };
const client: Feature = {
  name: 'client',
  label: 'system and browser',
  at: 17,
  slots: 3,
  rate: 0.02,
  attackerNovelty: 0.6,
  choices: 40,
  cap: 4,
};
const features = [country, asn, prefix, device, client] as const;
const WORDS = 22;
/** Eight bits a feature would overflow for travellers: two words, six bits each, halved together. */
const NOVEL_AT = 20;
const NOVEL_BITS = 6;
const NOVEL_MASK = (1 << NOVEL_BITS) - 1;
/** Weight of the prior in sign-ins. */
const PSEUDO = 20;
const FLOOR = -3;
const NO_DEVICE = 0x5e3d00d1;
const DAY_SECONDS = 86_400;

export const detector: DetectorSpec = defineDetector({
  /**
   * New or rare country, network, address range, device, system and browser for this user: the log-likelihood ratio of Freeman et al. (NDSS
   * 2016) with the tenant's popularity as background and the user's own rate of new values as denominator, so that travellers explain themselves.
   * Works from about ten sign-ins over five days; before, evidence is scaled down. Blind to an attacker in the victim's own network and device.
   * A value that is absent in the log says nothing. Cost: five slot searches a sign-in. Memory: 88 bytes a user, tables of the tenant's values.
   * ATT&CK T1078.004. Freeman 2016; Wiefling 2022 (detectors.md A1, B1).
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
  },
  userWords: WORDS,
  sourceWords: 0,
  create(host, parameters, { user: base }) {
    const tables: ReadonlyMap<Feature, CountTable> = new Map([
      [country, host.counts('D1.country', 1000)],
      [asn, host.counts('D1.asn', 65_536)],
      [prefix, host.counts('D1.prefix', 262_144)],
      [client, host.counts('D1.client', 10_000)],
    ]);
    const probation = { days: parameters.probation_days, visits: parameters.probation_visits };

    const hashOf = (event: EventView, feature: Feature): number => {
      if (feature === country) return event.country;
      if (feature === asn) return event.asn;
      if (feature === prefix) return event.prefix;
      if (feature === client) return event.client;
      return event.device === 0 ? NO_DEVICE : event.device;
    };
    const novelOf = (event: EventView, feature: Feature): number => {
      const index = features.indexOf(feature as never);
      return (event.user[event.userAt + base + NOVEL_AT + (index > 2 ? 1 : 0)]! >> ((index % 3) * NOVEL_BITS)) & NOVEL_MASK;
    };
    const signInsOf = (event: EventView) => event.user[event.userAt + UserWord.signIns]!;
    /** How far the user is known, 0..1. */
    const tenure = (event: EventView): number => {
      const first = event.user[event.userAt + UserWord.firstSeconds]!;
      if (first === 0) return 0;
      const days = (event.seconds - first) / DAY_SECONDS;
      return Math.min(1, signInsOf(event) / parameters.learn_sign_ins, Math.max(0, days) / parameters.learn_days);
    };

    const ratio = (event: EventView, feature: Feature, value: number): number => {
      const at = findSlot(event.user, event.userAt + base + feature.at, feature.slots, value);
      const word = at < 0 ? 0 : event.user[at]!;
      const n = signInsOf(event);
      const rho = (novelOf(event, feature) + PSEUDO * feature.rate) / (n + PSEUDO);
      const table = tables.get(feature);
      const seen = table?.get(value) ?? 0;
      const total = table?.total ?? 0;
      const distinct = Math.max(table?.distinct ?? 1, feature.choices, 1);
      const popularity = (seen + 0.5) / (total + 0.5 * (distinct + 1));
      if (!isKnown(word)) {
        const rarity = table === undefined ? 0 : Math.log((0.5 * popularity + 0.5 / distinct) / popularity);
        return Math.min(feature.cap, Math.max(0, Math.log(feature.attackerNovelty / rho) + rarity));
      }
      const own = Math.max(1, usesOf(word)) / Math.max(1, n);
      const background = table === undefined ? 0.02 : popularity;
      return Math.min(0, Math.max(FLOOR, Math.log(((1 - feature.attackerNovelty) * background) / ((1 - rho) * Math.min(1, own)))));
    };

    /** The coarsest new level speaks for the network; when all are known, the finest one does. */
    const networkLevel = (event: EventView): Feature | undefined => {
      let finest: Feature | undefined;
      for (let i = 0; i < 3; i++) {
        const feature = features[i]!;
        const value = hashOf(event, feature);
        if (value === 0) continue;
        finest = feature;
        const at = findSlot(event.user, event.userAt + base + feature.at, feature.slots, value);
        if (at < 0 || !isKnown(event.user[at]!)) return feature;
      }
      return finest;
    };
    const networkRatio = (event: EventView): number => {
      if (event.has(Flag.knownEgress)) return 0;
      const level = networkLevel(event);
      const llr = level === undefined ? 0 : ratio(event, level, hashOf(event, level));
      return event.has(Flag.trustedLocation) ? Math.min(llr, 0) : llr;
    };
    const clientLevel = (event: EventView): Feature =>
      event.client !== 0 && ratio(event, client, event.client) > ratio(event, device, hashOf(event, device)) ? client : device;
    const clientRatio = (event: EventView): number => {
      const byDevice = ratio(event, device, hashOf(event, device));
      // A device that is managed and known settles it; a new browser on it is an update.
      if (byDevice <= 0 && event.has(Flag.managedDevice)) return Math.max(FLOOR, byDevice - 1);
      return event.client === 0 ? byDevice : Math.max(byDevice, ratio(event, client, event.client));
    };

    const wordsFor = (event: EventView, feature: Feature, llr: number): string => {
      const n = signInsOf(event);
      const value = hashOf(event, feature);
      const names: Readonly<Record<string, string>> = {
        country: event.text('Country'),
        asn: event.text('Asn') === '' ? '' : `AS${event.text('Asn')}`,
        prefix: `the range of ${event.text('IPAddress')}`,
        device: event.text('DeviceName') || event.text('DeviceId') || 'a device without id',
        client: [event.text('OperatingSystem'), event.text('Browser')].filter((part) => part !== '').join(', '),
      };
      const known = knownValues(event.user, event.userAt + base + feature.at, feature.slots);
      const table = tables.get(feature);
      const share = table === undefined ? undefined : (100 * table.get(value)) / Math.max(1, table.total);
      const tenant = share === undefined ? '' : `; ${share < 0.01 ? 'under 0.01' : share.toFixed(2)} % of the tenant's sign-ins have it`;
      const name = names[feature.name] === '' ? `this ${feature.label}` : names[feature.name];
      if (llr > 0) return `Not a usual ${feature.label} of the user: ${name}, in ${n} sign-ins with ${known} usual ones${tenant}.`;
      const at = findSlot(event.user, event.userAt + base + feature.at, feature.slots, value);
      return `A usual ${feature.label} of the user: ${name}, in ${at < 0 ? 0 : usesOf(event.user[at]!)} of ${n} sign-ins${tenant}.`;
    };
    const counts = (event: EventView, feature: Feature) => ({
      sign_ins: signInsOf(event),
      known: knownValues(event.user, event.userAt + base + feature.at, feature.slots),
      tenant: tables.get(feature)?.get(hashOf(event, feature)) ?? 0,
    });

    const scaled = (llr: number, event: EventView) => llr * tenure(event);
    const learnFeature = (event: EventView, feature: Feature, trusted: boolean): void => {
      const value = hashOf(event, feature);
      if (value === 0) return;
      const from = event.userAt + base + feature.at;
      const day = Math.floor(event.seconds / DAY_SECONDS);
      const isNew = noteUse(event.user, from, feature.slots, value, day, trusted, probation);
      tables.get(feature)?.add(value);
      if (!isNew) return;
      const index = features.indexOf(feature as never);
      const word = event.userAt + base + NOVEL_AT + (index > 2 ? 1 : 0);
      const shift = (index % 3) * NOVEL_BITS;
      if (((event.user[word]! >> shift) & NOVEL_MASK) < NOVEL_MASK) event.user[word] = event.user[word]! + (1 << shift);
    };

    return {
      classes: [EventClass.signIn, EventClass.interrupt],
      judge(event) {
        // An interrupt before the first factor was proved, or by policy of a known user, is somebody at the door: not the user.
        if (event.eventClass === EventClass.interrupt && !event.has(Flag.firstFactor)) return 0;
        return scaled(networkRatio(event) + clientRatio(event), event);
      },
      explain(event) {
        const out: Contribution[] = [];
        const level = networkLevel(event);
        const network = scaled(networkRatio(event), event);
        if (level !== undefined && network !== 0) {
          out.push(contribution(detector, network, wordsFor(event, level, network), counts(event, level), [event.text('Id')]));
        }
        const clientLlr = scaled(clientRatio(event), event);
        const feature = clientLlr > 0 ? clientLevel(event) : device;
        if (clientLlr !== 0) {
          const spec = { ...detector, group: 'client' } as const;
          out.push(contribution(spec, clientLlr, wordsFor(event, feature, clientLlr), counts(event, feature), [event.text('Id')]));
        }
        return out;
      },
      learn(event) {
        if (event.eventClass !== EventClass.signIn) return;
        const at = findSlot(event.user, event.userAt + base + device.at, device.slots, hashOf(event, device));
        const proven = at >= 0 && isKnown(event.user[at]!) && event.device !== 0 && event.has(Flag.managedDevice);
        const trusted = tenure(event) < 1 || proven;
        for (const feature of features) learnFeature(event, feature, trusted);
        if (event.sourceAt < 0 || event.prefix === 0) return;
        const range = findSlot(event.user, event.userAt + base + prefix.at, prefix.slots, event.prefix);
        // Victims of an attacker's address do not make it an office.
        if (range >= 0 && isKnown(event.user[range]!)) markUser(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo);
      },
      registration(unit, fact, event) {
        if (fact.ip === '' || fact.byOther || event.prefix === 0 || event.userAt < 0) return;
        // The audit log has only the address; its network and country are known from sign-ins, where there were any.
        if (event.sourceAt >= 0) {
          event.asn = event.source[event.sourceAt + SourceWord.asn]!;
          event.country = event.source[event.sourceAt + SourceWord.country]!;
        }
        const level = networkLevel(event);
        const llr = scaled(networkRatio(event), event);
        if (level === undefined || llr === 0) return;
        const n = signInsOf(event);
        const words =
          llr > 0
            ? `Registered from ${fact.ip}, whose ${level.label} is not a usual one in the user's ${n} sign-ins.`
            : `Registered from ${fact.ip}, whose ${level.label} is a usual one of the user.`;
        unit.evidence['D1-novelty'] = [contribution(detector, llr, words, counts(event, level), [fact.id])];
      },
    };
  },
});

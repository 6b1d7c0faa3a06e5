import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { isMicrosoftAddress } from '../events/microsoft-addresses.ts';
import type { CountTable } from '../state/count-table.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import {
  asn,
  client,
  country,
  device,
  deviceUsers,
  type Feature,
  features,
  featureValue,
  HABIT_WORDS,
  HABITS_AT,
  isOfAnother,
  isUsualDevice,
  isUsualValue,
  lookUpPlace,
  neighbours,
  networkUsers,
  newLevel,
  noteDeviceUser,
  noteNeighbour,
  prefix,
  residents,
  tenureOf,
  usersOfNetwork,
  warmHabits,
} from './shared/habits.ts';
import { hostingAmong, isHosting } from './shared/hosting.ts';
import { findSlot, isKnown, knownValues, noteUse, usesOf } from './shared/slots.ts';
import type { EventView } from './stream/event-view.ts';
import { isMarked, markUser, SourceWord, UserFlag, UserWord } from './stream/layout.ts';

/** Novel values so far: six bits a feature. */
const NOVEL_AT = 20;
/** Hours of the day (UTC) at which the user was seen at usual places: 24 bits; above them what was last learnt of a client in the background. */
const HOURS_AT = 21;
const HOURS_BITS = 24;
const HOURS_MASK = (1 << HOURS_BITS) - 1;
const places = [country, asn, prefix];
const HOURS_SIGN_INS = 30;
const ODD_HOUR = 1.2;
const NOVEL_BITS = 6;
const NOVEL_MASK = (1 << NOVEL_BITS) - 1;
/** Weight of the prior in sign-ins. */
const PSEUDO = 20;
const FLOOR = -3;
const DAY_SECONDS = 86_400;
/** The count of novel values is full at 63: the rate is that of about so many sign-ins. */
const RATE_SIGN_INS = 250;
/** An address where so many colleagues live is the organisation's; what a new value there may say at most. */
const RESIDENTS = 8;
const AMONG_COLLEAGUES = -1;
const CROWDED = 3;
const UNKNOWN_USER_CAP = 5;
/** What a network of a hosting or VPN company adds to a new place. */
const HOSTED = 1;
const HOSTED_UNKNOWN = 3;
/** What a first sign-in from a hosting or VPN company says by itself, of a user who never used one. */
const FIRST_HOSTED = 2;
const NETWORK_CAP = 6;
const UNKNOWN_DEVICE_CAP = 1.5;
/** Keys of the count of sign-ins without and with a device id. */
const BARE = 1;
const WITH_DEVICE = 2;
/** Users of a device from which on it is one for all, and what a device with an id says that is new to the user. */
const SHARED_DEVICE = 3;
const SHARED = -0.5;
/** Most that a telephone without device id says: it is more often the user's new one than an attacker's. */
const MOBILE = 0.7;
const OF_A_COLLEAGUE = 4;
/** Keys of the count of devices that have become usual to somebody, and to somebody else as well; the share of the latter before any is known. */
const OWNED = 1;
const SHARED_BY_TWO = 2;
const SHARED_PRIOR = 0.02;
/** At a place where somebody else's device may be, the place does not speak for the user. */
const PLACE_OF_BOTH = -0.5;
/** Most that a missing device id says: private computers exist. */
const BARE_CAP = 2.9;
const NEW_MANAGED = -1.5;

export const detector: DetectorSpec = defineDetector({
  /**
   * New or rare country, network, address range, device, system and browser for this user: the log-likelihood ratio of Freeman et al. (NDSS
   * 2016) with the tenant's popularity as background and the user's own rate of new values as denominator, so that travellers explain themselves.
   * Works from about ten sign-ins over five days; before, the tenant's popularity of the network stands in. A value is learnt at once with a
   * device that the user is known by, else in a probation of a week, three times as long where place and device are both new. Places and devices are
   * learnt from clients in the background too, at most once a day each.
   * Blind to an attacker in the victim's own network and device. A value that is absent in the log says nothing. Cost: five slot searches a
   * sign-in. Memory: 84 bytes a user, tables of the tenant's values. ATT&CK T1078.004. Freeman 2016; Wiefling 2022 (detectors.md A1, B1).
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
    /** By a feature's index; a device is the user's own, not a habit of the tenant. */
    const tables: readonly (CountTable | undefined)[] = [
      host.counts('D1.country', 1000),
      host.counts('D1.asn', 65_536),
      host.counts('D1.prefix', 262_144),
      undefined,
      host.counts('D1.client', 10_000),
    ];
    const bare = host.counts('D1.bare', 4);
    const owned = host.counts('D1.owned', 4);
    const probation = { days: parameters.probation_days, visits: parameters.probation_visits };
    const learn = { signIns: parameters.learn_sign_ins, days: parameters.learn_days };

    const shiftOf = (feature: Feature) => feature.index * NOVEL_BITS;
    const novelOf = (event: EventView, feature: Feature): number =>
      (event.user[event.userAt + base + NOVEL_AT]! >>> shiftOf(feature)) & NOVEL_MASK;
    const signInsOf = (event: EventView) => event.user[event.userAt + UserWord.signIns]!;
    const tenure = (event: EventView) => tenureOf(event, learn);

    /** ln of how much likelier an attacker has this value than the tenant at large. */
    const rarity = (feature: Feature, value: number): number => {
      const table = tables[feature.index];
      if (table === undefined) return 0;
      const distinct = Math.max(table.distinct, feature.choices, 1);
      const popularity = (table.get(value) + 0.5) / (table.total + 0.5 * (distinct + 1));
      return Math.log((0.5 * popularity + 0.5 / distinct) / popularity);
    };
    const ratio = (event: EventView, feature: Feature, value: number): number => {
      const at = findSlot(event.user, event.userAt + base + feature.at, feature.slots, value);
      const word = at < 0 ? 0 : event.user[at]!;
      const n = signInsOf(event);
      const rho = (novelOf(event, feature) + PSEUDO * feature.rate) / (Math.min(n, RATE_SIGN_INS) + PSEUDO);
      if (!isKnown(word)) {
        return Math.min(feature.cap, Math.max(0, Math.log(feature.attackerNovelty / Math.min(1, rho)) + rarity(feature, value)));
      }
      const own = Math.max(1, usesOf(word)) / Math.max(1, n);
      const table = tables[feature.index];
      const background = table === undefined ? 0.02 : (table.get(value) + 0.5) / (table.total + 1);
      const ratioOfKnown = ((1 - feature.attackerNovelty) * background) / ((1 - Math.min(0.99, rho)) * Math.min(1, own));
      return Math.min(0, Math.max(FLOOR, Math.log(ratioOfKnown)));
    };

    /** The coarsest new level speaks for the network; when all are known, the finest one does. */
    const networkLevel = (event: EventView): Feature | undefined => {
      const level = newLevel(event);
      if (level !== undefined) return level;
      return [prefix, asn, country].find((feature) => featureValue(event, feature) !== 0);
    };
    /** What the tenant's habits say of the network of a user with none. */
    const unknownRatio = (event: EventView): number => {
      if ((tables[country.index]?.total ?? 0) < parameters.tenant_sign_ins) return 0;
      const byCountry = event.country === 0 ? -1 : rarity(country, event.country);
      const byNetwork = event.asn === 0 ? -1 : rarity(asn, event.asn) - 1;
      const most = Math.max(byCountry, byNetwork, event.asn === 0 && event.country === 0 ? 0 : -1);
      return Math.min(UNKNOWN_USER_CAP, isHosting(event.asn) ? Math.max(0, most) + HOSTED_UNKNOWN : most);
    };
    const networkRatio = (event: EventView): number => {
      if (event.has(Flag.knownEgress)) return 0;
      const level = networkLevel(event);
      const own = level === undefined ? 0 : ratio(event, level, featureValue(event, level));
      const share = tenure(event);
      let llr = share === 1 ? own : share * own + (1 - share) * unknownRatio(event);
      if (llr > 0 && share > 0 && isHosting(event.asn) && level !== prefix) llr = Math.min(NETWORK_CAP, llr + HOSTED);
      if (llr > AMONG_COLLEAGUES) {
        if (residents(event) >= RESIDENTS) llr = AMONG_COLLEAGUES;
        else if (llr > 0 && neighbours(host.sources, event) >= RESIDENTS) llr = 0;
        else if (llr > CROWDED && networkUsers(host.sources, event) >= RESIDENTS) llr = CROWDED;
      }
      return event.has(Flag.trustedLocation) ? Math.min(llr, 0) : llr;
    };
    /** A server where a person should be: people who use a VPN of their own are known by it. */
    const hostedRatio = (event: EventView): number => {
      if (!isHosting(event.asn) || event.device !== 0 || event.has(Flag.trustedLocation)) return 0;
      const known = 0.5 + 0.5 * tenure(event);
      const level = networkLevel(event);
      if (level === prefix || networkRatio(event) <= 0 || networkUsers(host.sources, event) >= RESIDENTS) return 0;
      // The organisation's own gateway in a cloud is no habit of the user's.
      const own = hostingAmong(event.user, event.userAt + base + asn.at, asn.slots);
      return own.some((network) => usersOfNetwork(host.sources, network, event) < RESIDENTS) ? 0 : known * FIRST_HOSTED;
    };
    /** Where many devices have more than one user, one more on a colleague's is everyday life. */
    const ofAColleague = (): number => {
      const share = (owned.get(SHARED_BY_TWO) + SHARED_PRIOR) / (owned.get(OWNED) + 1);
      return Math.max(0, Math.min(OF_A_COLLEAGUE, OF_A_COLLEAGUE + Math.log(SHARED_PRIOR / share)));
    };
    /** A device with an id that is new to the user: a colleague's, one for all, or one that the organisation has just handed out. */
    const newDeviceRatio = (event: EventView): number => {
      const others = deviceUsers(host.sources, event);
      if (others >= SHARED_DEVICE) return SHARED;
      if (others > 0) return ofAColleague();
      return event.has(Flag.managedDevice) ? NEW_MANAGED : event.has(Flag.joinedDevice) ? 0.5 : 0;
    };
    /** Hardly any attacker shows a device id; what it says depends on how often the user shows none. A telephone is more often the user's new one. */
    /** What the tenant's habits say of a missing device id of a user with none. */
    const unknownDevice = (): number => {
      if (bare.total < parameters.tenant_sign_ins) return 0;
      return Math.min(UNKNOWN_DEVICE_CAP, Math.max(0, Math.log(device.attackerNovelty / ((bare.get(BARE) + 1) / (bare.total + 1)))));
    };
    const withoutDevice = (event: EventView): number => {
      const at = findSlot(event.user, event.userAt + base + device.at, device.slots, featureValue(event, device));
      const uses = at < 0 ? 0 : usesOf(event.user[at]!);
      const share = (uses + PSEUDO * device.rate) / (signInsOf(event) + PSEUDO);
      const byDevice = Math.min(BARE_CAP, Math.log(device.attackerNovelty / share));
      const byClient = event.client === 0 ? 0 : ratio(event, client, event.client);
      const llr = Math.max(byDevice, byClient);
      return event.has(Flag.mobile) ? Math.min(llr, MOBILE) : llr;
    };
    const clientLevel = (event: EventView): Feature =>
      event.client !== 0 && ratio(event, client, event.client) > ratio(event, device, featureValue(event, device)) ? client : device;
    const clientRatio = (event: EventView): number => {
      if (event.device === 0) return withoutDevice(event) * tenure(event) + unknownDevice() * (1 - tenure(event));
      const byDevice = isUsualDevice(event) ? ratio(event, device, event.device) : newDeviceRatio(event);
      // A device with an id that is known settles it; a new browser on it is an update.
      return Math.max(FLOOR, isUsualDevice(event) ? byDevice - 1 : byDevice) * tenure(event);
    };

    const isOnAColleagues = (event: EventView): boolean => {
      if (event.device === 0 || isUsualDevice(event)) return false;
      const others = deviceUsers(host.sources, event);
      return others > 0 && others < SHARED_DEVICE;
    };
    /** Somebody signed in to the account from this address, on what is not the user's. */
    const cameOnAnothers = (event: EventView): boolean =>
      host.person(event)?.sessions.some(({ ipLo, evidence }) => ipLo === event.ipLo && evidence.some(isOfAnother)) === true;
    const placeRatio = (event: EventView): number => {
      const llr = networkRatio(event);
      return llr < PLACE_OF_BOTH && isOnAColleagues(event) ? PLACE_OF_BOTH : llr;
    };

    const wordsFor = (event: EventView, feature: Feature, llr: number): string => {
      const n = signInsOf(event);
      const value = featureValue(event, feature);
      const names: Readonly<Record<string, string>> = {
        country: event.text('Country'),
        asn: event.text('Asn') === '' ? '' : `AS${event.text('Asn')}`,
        prefix: `the range of ${event.text('IPAddress')}`,
        device: event.text('DeviceName') || event.text('DeviceId') || 'a device without id',
        client: [event.text('OperatingSystem'), event.text('Browser')].filter((part) => part !== '').join(', '),
      };
      const known = knownValues(event.user, event.userAt + base + feature.at, feature.slots);
      const table = tables[feature.index];
      const share = table === undefined ? undefined : (100 * table.get(value)) / Math.max(1, table.total);
      const tenant = share === undefined ? '' : `; ${share < 0.01 ? 'under 0.01' : share.toFixed(2)} % of the tenant's sign-ins have it`;
      const name = names[feature.name] === '' ? `this ${feature.label}` : names[feature.name];
      if (llr > 0) {
        const past =
          n === 0
            ? 'no earlier sign-in is known'
            : `${known} ${known === 1 ? 'is' : 'are'} usual, in ${n} ${n === 1 ? 'sign-in' : 'sign-ins'}`;
        return `Not a usual ${feature.label} of the user: ${name} (${past})${tenant}.`;
      }
      if (!isUsualValue(event.user, event.userAt, feature, value)) {
        return `New to the user, but usual to colleagues: ${name}${tenant}; about ${Math.round(residents(event))} of them live at this address.`;
      }
      const at = findSlot(event.user, event.userAt + base + feature.at, feature.slots, value);
      return `A usual ${feature.label} of the user: ${name}, in ${usesOf(event.user[at]!)} of ${n} sign-ins${tenant}.`;
    };
    const counts = (event: EventView, feature: Feature) => ({
      sign_ins: signInsOf(event),
      known: knownValues(event.user, event.userAt + base + feature.at, feature.slots),
      tenant: tables[feature.index]?.get(featureValue(event, feature)) ?? 0,
    });

    const noteOwner = (event: EventView): void => {
      const others = deviceUsers(host.sources, event);
      if (others === 0) owned.add(OWNED);
      else if (others === 1) owned.add(SHARED_BY_TWO);
      noteDeviceUser(host.sources, event);
    };
    const learnFeature = (event: EventView, feature: Feature, trusted: boolean, alone: number): void => {
      const value = featureValue(event, feature);
      if (value === 0) return;
      const from = event.userAt + base + feature.at;
      const day = Math.floor(event.seconds / DAY_SECONDS);
      const wasUsual = feature !== device || isUsualDevice(event);
      const isNew = noteUse(event.user, from, feature.slots, value, day, trusted, {
        days: alone * probation.days,
        visits: probation.visits,
      });
      event.forget();
      tables[feature.index]?.add(value);
      if (!wasUsual && isUsualDevice(event)) noteOwner(event);
      if (!isNew || event.eventClass !== EventClass.signIn) return;
      const word = event.userAt + base + NOVEL_AT;
      if (novelOf(event, feature) < NOVEL_MASK) event.user[word] = event.user[word]! + (1 << shiftOf(feature));
    };

    /**
     * Mail and chat go on at home, on the way and in the hotel, long before somebody signs in there by hand: places and devices are learnt from
     * them too, once a day each. Some are fetched by a service on the user's behalf, from its own addresses.
     */
    const learnInBackground = (event: EventView): void => {
      const at = event.userAt + base + HOURS_AT;
      const print = combine(combine(event.prefix, event.device), Math.floor(event.seconds / DAY_SECONDS)) >>> HOURS_BITS;
      if (event.user[at]! >>> HOURS_BITS === print) return;
      event.user[at] = ((event.user[at]! & HOURS_MASK) | (print << HOURS_BITS)) >>> 0;
      if (isHosting(event.asn) || (event.asn === 0 && isMicrosoftAddress(event.text('IPAddress')))) return;
      const trusted = isUsualDevice(event);
      const knownDevice = isUsualValue(event.user, event.userAt, device, featureValue(event, device));
      const knownNetwork = event.asn === 0 || isUsualValue(event.user, event.userAt, asn, event.asn);
      // Apps on a telephone show no device id: they take twice as long, as such sign-ins by hand do.
      const slow = event.device === 0 ? 2 : 3;
      for (const feature of places) learnFeature(event, feature, trusted, knownDevice ? 1 : slow);
      if (event.device !== 0) learnFeature(event, device, trusted, knownNetwork ? 1 : 3);
    };

    const hourOf = (event: EventView) => Math.floor((event.seconds % DAY_SECONDS) / 3600);
    /** An hour, and the ones around it, at which the user was never seen. */
    const isOddHour = (event: EventView): boolean => {
      if (signInsOf(event) < HOURS_SIGN_INS) return false;
      const seen = event.user[event.userAt + base + HOURS_AT]!;
      return [-2, -1, 0, 1, 2].every((by) => ((seen >>> ((hourOf(event) + by + 24) % 24)) & 1) === 0);
    };

    return {
      classes: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
      judge(event) {
        // An interrupt before the first factor was proved, or by policy of a known user, is somebody at the door: not the user.
        if (event.eventClass === EventClass.interrupt && !event.has(Flag.firstFactor)) return 0;
        if (event.eventClass === EventClass.backgroundSignIn) return 0;
        return placeRatio(event) + clientRatio(event) + hostedRatio(event);
      },
      explain(event) {
        const out: Contribution[] = [];
        const level = networkLevel(event);
        const network = placeRatio(event);
        if (level !== undefined && network !== 0) {
          out.push(contribution(detector, network, wordsFor(event, level, network), counts(event, level), [event.text('Id')]));
        }
        const hosted = hostedRatio(event);
        if (hosted !== 0) {
          const spec = { ...detector, group: 'credential' } as const;
          const words = `AS${event.text('Asn')} belongs to a hosting or VPN company, and the user was not known to come from one.`;
          out.push(contribution(spec, hosted, words, counts(event, asn), [event.text('Id')]));
        }
        const clientLlr = clientRatio(event);
        const feature = clientLlr > 0 ? clientLevel(event) : device;
        if (clientLlr !== 0) {
          const spec = { ...detector, group: 'client' } as const;
          out.push(contribution(spec, clientLlr, wordsFor(event, feature, clientLlr), counts(event, feature), [event.text('Id')]));
        }
        return out;
      },
      warm: (words, at) => warmHabits(host.sources, words, at),
      learn(event) {
        if (event.eventClass === EventClass.backgroundSignIn) learnInBackground(event);
        if (event.eventClass !== EventClass.signIn) return;
        const proven = isUsualDevice(event);
        const flags = event.user[event.userAt + UserWord.flags]! & ~UserFlag.usualDevice;
        event.user[event.userAt + UserWord.flags] = proven ? flags | UserFlag.usualDevice : flags;
        // The first habits of a user are taken as they come, unless hardly anybody in the tenant has them.
        const trusted = proven || (tenure(event) < 1 && (signInsOf(event) < 3 || unknownRatio(event) < 2));
        // Who comes from a new network with a new device does not make either known by coming again soon.
        const knownClient = isUsualValue(event.user, event.userAt, device, featureValue(event, device));
        const knownNetwork = event.asn === 0 || isUsualValue(event.user, event.userAt, asn, event.asn);
        for (const feature of features) {
          const other = feature === device || feature === client ? knownNetwork : knownClient;
          // Where no device is shown, coming again proves less: a country or network takes twice as long.
          const slow = event.device === 0 && (feature === country || feature === asn);
          learnFeature(event, feature, trusted, other ? (slow ? 2 : 1) : 3);
        }
        bare.add(event.device === 0 ? BARE : WITH_DEVICE);
        if (proven || newLevel(event) === undefined)
          event.user[event.userAt + base + HOURS_AT] = event.user[event.userAt + base + HOURS_AT]! | (1 << hourOf(event));
        if (event.sourceAt < 0 || event.prefix === 0) return;
        // Victims of an attacker's address do not make it an office.
        const lives = isUsualValue(event.user, event.userAt, prefix, event.prefix);
        if (!lives && !(knownClient && isUsualValue(event.user, event.userAt, client, event.client))) return;
        if (isMarked(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo)) return;
        markUser(event.source, event.sourceAt + SourceWord.usualUsers, event.userLo);
        noteNeighbour(host.sources, event);
      },
      registration(unit, fact, event) {
        if (!fact.byOther && event.userAt >= 0 && isOddHour(event)) {
          const spec = { ...detector, group: 'context' } as const;
          const hour = `${String(hourOf(event)).padStart(2, '0')}:00 UTC`;
          unit.evidence['D1-novelty:hour'] = [
            contribution(spec, ODD_HOUR, `The user was never seen about ${hour} at a usual place.`, counts(event, country), [fact.id]),
          ];
        }
        if (fact.ip === '' || fact.byOther || event.prefix === 0 || event.userAt < 0) return;
        lookUpPlace(event);
        const level = networkLevel(event);
        const usual = networkRatio(event);
        const llr = usual < PLACE_OF_BOTH && cameOnAnothers(event) ? PLACE_OF_BOTH : usual;
        if (level === undefined || llr === 0) return;
        const n = signInsOf(event);
        const words =
          llr > 0
            ? `Registered from ${fact.ip}, whose ${level.label} is not a usual one in the user's ${n} sign-ins.`
            : `Registered from ${fact.ip}, whose ${level.label} is a usual one of the user or of colleagues.`;
        unit.evidence['D1-novelty'] = [contribution(detector, llr, words, counts(event, level), [fact.id])];
      },
    };
  },
});

import { HOUR_MS } from '../core/durations.ts';
import { isTwin } from '../events/audit/interpret.ts';
import { EventClass, Flag, GEO_UNKNOWN } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isInDesktopCloud } from './shared/desktop-cloud.ts';
import {
  AWAY_BITS,
  cameFromNewPlace,
  client,
  country,
  device,
  hoursSinceUsual,
  isUsual,
  isUsualPlace,
  LAST_USUAL_AT,
  lookUpPlace,
  newLevel,
} from './shared/habits.ts';
import { neighbours, networkUsers } from './stream/crowds.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';

const LAST_GEO = 1;
/** The word of the last usual place: minutes since 1970, and sign-ins in other countries since then. */
const AWAY_MASK = (1 << AWAY_BITS) - 1;
const AWAY_SIGN_INS = 4;
const EARTH_KM = 6371;
/** Uncertainty of a place by address. */
const RADIUS_KM = 100;
const MOST = 4;
const ID = 'D2-travel';
const STAYED = 'D2-travel:stayed';
const STILL_THERE = -1.2;
/** Hours without a sign of the user at home, and what they say. */
const AWAY = [
  [96, -3.5],
  [48, -2.5],
  [0, -1],
] as const;

/** Kilometres between two packed places (hundredths of a degree, 16 bits each). */
function distanceKm(a: number, b: number): number {
  const rad = (hundredths: number) => (hundredths * Math.PI) / 18_000;
  const [lat1, lon1, lat2, lon2] = [rad(a >> 16), rad((a << 16) >> 16), rad(b >> 16), rad((b << 16) >> 16)];
  const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

const ago = (seconds: number) => (seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`);

export const detector: DetectorSpec = defineDetector({
  /**
   * In two places at once: the speed between two interactive sign-ins in different countries, and for a registration in a country that is
   * new to the user when the user was last seen, or is next seen, where they usually are. A traveller is at home neither before nor after;
   * the owner of a stolen account goes on working. Places where many colleagues live (gateways) are left out and do not move the user.
   * Works where the log has countries. Blind to attackers in the user's own country.
   * Cost: two words a sign-in. Memory: 8 bytes a user.
   * ATT&CK T1078.004. Ref: Elastic's 500 km rule; Panther #780 (relays are not cached); detectors.md B1 D2.
   */
  id: ID,
  title: 'In two places at once',
  group: 'network',
  techniques: ['T1078.004'],
  benignIf: 'One of the two places is a gateway or a VPN that the user has.',
  parameters: {
    least_km: { default: 500, doc: 'Distances below this are not travel' },
    speed: { default: 900, doc: 'Fastest travel in km/h' },
    together_hours: { default: 5, doc: 'Hours within which nobody is at home and in another country' },
    stay_hours: { default: 9, doc: 'Hours after a registration abroad, without a sign at home, that are a stay' },
    away_hours: { default: 22, doc: 'Hours without a sign of the user at home that a journey takes' },
  },
  userWords: 2,
  sourceWords: 0,
  create(host, parameters, { user: base }) {
    if (base !== LAST_USUAL_AT) throw new Error('D2 must have the words after the habits');
    /** Somebody else's sign-ins from elsewhere are no journey of the user. Apps in the background show clients of their own. */
    const isOwnClient = (event: EventView) =>
      isUsual(event, device) && ((event.eventClass === EventClass.backgroundSignIn && event.device !== 0) || isUsual(event, client));
    // Networks are fewer than ranges: what is known of one is mostly at hand.
    const isGateway = (event: EventView) =>
      event.has(Flag.knownEgress) || networkUsers(host.crowds, event) >= 8 || neighbours(host.crowds, event) >= 5;
    const isNewCountry = (event: EventView) =>
      event.country !== 0 && newLevel(event) === country && !isGateway(event) && !isInDesktopCloud(host.crowds, event);
    const speedOf = (event: EventView): readonly [number, number, number] => {
      const before = event.user[event.userAt + base + LAST_GEO]!;
      if (event.geo === GEO_UNKNOWN || before === 0 || before === GEO_UNKNOWN) return [0, 0, 0];
      const km = Math.max(0, distanceKm(before, event.geo) - 2 * RADIUS_KM);
      const seconds = Math.max(60, Math.abs(event.seconds - event.user[event.userAt + UserWord.lastSeconds]!));
      return [km, (km * 3600) / seconds, seconds];
    };
    const judge = (event: EventView): number => {
      if (event.user[event.userAt + UserWord.signIns]! < 3 || !isNewCountry(event)) return 0;
      const [km, speed] = speedOf(event);
      return km < parameters.least_km ? 0 : MOST / (1 + Math.exp(-(speed - parameters.speed) / 150));
    };

    /** Seen at home shortly before a registration abroad, or not for long. */
    const athome = (event: EventView): Contribution | undefined => {
      const word = event.user[event.userAt + base]!;
      if (word === 0) return undefined;
      const hours = hoursSinceUsual(event);
      const spec = { ...detector, group: 'context' } as const;
      if (hours >= parameters.away_hours) {
        // Nobody at home is no sign of a journey; somebody elsewhere, and nobody at home, is.
        if ((word & AWAY_MASK) < AWAY_SIGN_INS) return undefined;
        const llr = AWAY.find(([least]) => hours >= least)![1];
        return contribution(
          spec,
          llr,
          `No sign of the user at the usual places in the ${Math.round(hours)} h before: the user may be travelling.`,
          {},
          [],
        );
      }
      if (hours > parameters.together_hours) return undefined;
      const words = `Seen at a usual place ${hours < 1 ? 'within the hour' : `${Math.round(hours)} h`} before, and registered from another country.`;
      return contribution(spec, 2, words, {}, []);
    };
    const put = (unit: Unit, item: Contribution): boolean => {
      const before = unit.evidence[ID]?.[0];
      if (before !== undefined && before.llr >= item.llr) return false;
      unit.evidence[ID] = [item];
      return true;
    };

    /** A sign of the user at home soon after a registration abroad; nobody has stayed there then. */
    const cameHome = (unit: Unit, event: EventView): boolean => {
      const hadStayed = unit.evidence[STAYED] !== undefined;
      delete unit.evidence[STAYED];
      const hours = Math.abs(event.timeMs - unit.openedMs) / HOUR_MS;
      if (unit.evidence[ID] === undefined || hours > parameters.together_hours) return hadStayed;
      const words = `Seen at a usual place ${Math.round(hours)} h after, while the method was registered from another country.`;
      return put(unit, contribution({ ...detector, group: 'context' }, 2.5, words, {}, [event.text('Id')])) || hadStayed;
    };
    /** Half a day later still abroad, and no sign at home meanwhile: a journey. Whoever stole an account is not at home in the owner's stead. */
    const stayed = (unit: Unit, event: EventView): boolean => {
      const hours = (event.timeMs - unit.openedMs) / HOUR_MS;
      if (hours < parameters.stay_hours || unit.evidence[STAYED] !== undefined || newLevel(event) !== country || !isOwnClient(event))
        return false;
      // Who was never seen at home is not away from it.
      if (event.user[event.userAt + base] === 0 || !cameFromNewPlace(unit) || hoursSinceUsual(event) < hours + parameters.stay_hours / 2)
        return false;
      const words = `Still abroad ${Math.round(hours)} h after, on a computer or phone like the user's, and no sign of the user at home since ${Math.round(hoursSinceUsual(event) - hours)} h before.`;
      unit.evidence[STAYED] = [contribution({ ...detector, group: 'context' }, STILL_THERE, words, {}, [event.text('Id')])];
      return true;
    };

    return {
      judges: [EventClass.signIn],
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      judge,
      explain(event) {
        const [km, speed, seconds] = speedOf(event);
        const words = `At least ${Math.round(km)} km from the last sign-in by hand at another place, and ${ago(seconds)} after any sign-in: ${Math.round(speed)} km/h, to a country that is new to the user.`;
        return [contribution(detector, judge(event), words, { km: Math.round(km) }, [event.text('Id')])];
      },
      learn(event) {
        const at = event.userAt + base;
        const word = event.user[at]!;
        const minute = Math.floor(event.seconds / 60);
        if (event.country !== 0 && isUsualPlace(event)) {
          if (minute > word >>> AWAY_BITS) event.user[at] = (minute << AWAY_BITS) >>> 0;
        } else if (
          word !== 0 &&
          newLevel(event) === country &&
          isOwnClient(event) &&
          minute > word >>> AWAY_BITS &&
          (word & AWAY_MASK) < AWAY_MASK
        )
          event.user[at] = word + 1;
        if (event.eventClass !== EventClass.signIn || event.geo === GEO_UNKNOWN || event.user[at + LAST_GEO] === event.geo) return;
        if (!isGateway(event)) event.user[at + LAST_GEO] = event.geo;
      },
      registration(unit, fact, event) {
        if (fact.ip === '' || fact.byOther || event.userAt < 0 || isTwin(fact)) return;
        lookUpPlace(event);
        if (!isNewCountry(event)) return;
        const item = athome(event);
        if (item !== undefined) put(unit, item);
      },
      later(unit, event) {
        const facts = unit.registration;
        if (facts === undefined || facts.ipLo === 0 || event.country === 0 || facts.byOther) return false;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return false;
        // A country that was learnt meanwhile is not home.
        const isThere = facts.prefix === event.prefix || (unit.source.country !== '' && unit.source.country === event.text('Country'));
        return isThere ? stayed(unit, event) : isUsualPlace(event) && cameHome(unit, event);
      },
    };
  },
});

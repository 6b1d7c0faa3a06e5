import { DAY_SECONDS, HOUR_MS } from '../core/durations.ts';
import { isSecurityInfo } from '../events/security-info.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isOfAnother, residents, SHARED_ADDRESS } from './shared/habits.ts';
import { lastProof, lastWasOwn, Proof, signedInOnOwn } from './shared/own-hand.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import type { Person, RiskySession, Unit } from './stream/unit.ts';

const LINK_CAP = 6;
/** What it says that the owner was there, by what proved it. */
const OWN = { [Proof.session]: -2, [Proof.resistant]: -3, [Proof.device]: -4 } as const;
const OWN_MEANS = {
  [Proof.session]: 'a browser that is known from usual places',
  [Proof.resistant]: 'a key that cannot be phished',
  [Proof.device]: 'a device of their own',
} as const;
/**
 * The key was there within the hour: no password, cookie, code or number that was taken brings it along, and no page in between passes it on.
 * A stolen session may be at the place of an earlier proof, the key's holder is at this one.
 */
const RESISTANT_NOW = -4.5;
/** What is left of the sequence where refused prompts at a usual place are all that came before: D3 has said so of the sign-in. */
const PROMPTS_ALONE = 0.4;
/** A registration on the computer of a colleague, above what the computer says of the sign-in. */
const ON_ANOTHERS = 1.5;
const OWN_SHORTLY = 'Registered within half an hour after the user signed in';
const OWN_WORDS = 'Registered from the address range where the user was last seen';
const STEP_MS = 30 * 60_000;
const FADE_MS = 5 * STEP_MS;
const NO_SIGN_INS = 'No sign-in logs in the 24 h before, failed ones aside: scored without network evidence.';
const NO_ADDRESS = 'The registration shows no address of a person: it could not be compared with the sign-ins.';

interface Link {
  readonly session: RiskySession;
  readonly weight: number;
  readonly words: string;
}

function minutes(ms: number): string {
  const value = Math.round(Math.abs(ms) / 60_000);
  return value < 120 ? `${value} min` : `${Math.round(value / 60)} h`;
}

export const detector: DetectorSpec = defineDetector({
  /**
   * A method registered within a day after (or half an hour before) a sign-in of the same user that looked wrong: the sign-in's evidence
   * times 2^(-distance / half-life) times how closely the two are linked (same correlation or address 1, same range 0.95, else down to
   * 0.2); from one address range within a week, with a longer half-life. The main detector: neither a new place nor a new method is rare,
   * the two together are. A registration from the range where the owner was within a day (a device of their own, a key that cannot be
   * phished, a session known from usual places) is evidence against.
   * Works with the sign-ins of the day before; an administrator's registration is linked by time alone. Blind when the sign-in was not
   * logged or looked like the user; says so in the gaps.
   * Cost: at most four sessions a registration. Memory: at most four sessions a risky user, for a week.
   * ATT&CK T1098.005, T1556.006. Ref: MFAMethodAddedRiskyAccount of Azure-Sentinel (risky sign-in, then a new method); detectors.md B1 D6.
   */
  id: 'D6-registration-after-risk',
  title: 'Method registered after a suspicious sign-in',
  group: 'registration',
  techniques: ['T1098.005', 'T1556.006'],
  benignIf: 'The user confirms both the sign-in and the registration, for example a new phone set up while travelling.',
  parameters: {
    half_life_hours: { default: 6, doc: 'Half-life of the evidence between sign-in and registration' },
    same_place_half_life_hours: { default: 100, doc: 'The same where both come from one address range' },
    same_place_days: { default: 7, doc: 'How long before the registration a sign-in from the same address range may lie' },
    before_hours: { default: 24, doc: 'How long before the registration a sign-in may lie' },
    after_minutes: { default: 30, doc: 'How long after the registration a sign-in may lie' },
    helped_hours: { default: 6, doc: 'How long after a registration by somebody else a sign-in may lie' },
    share: { default: 0.6, doc: 'Share of the sign-in evidence that the sequence adds' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    /** How closely a sign-in and a registration belong together, 0..1, and in words. */
    const closenessOf = (unit: Unit, session: RiskySession, isNewPlace: boolean): readonly [number, string] => {
      const facts = unit.registration!;
      if (unit.anchor !== '' && unit.anchor === session.correlationId) return [1, 'in the same flow'];
      const isPlaced = facts.ip !== '';
      if (isPlaced && facts.ipLo === session.ipLo && facts.ipHi === session.ipHi) return [1, 'from the same address'];
      if (isPlaced && facts.prefix !== 0 && facts.prefix === session.prefix) return [0.95, 'from the same address range'];
      const distance = Math.abs(unit.openedMs - session.timeMs);
      // Somebody else acted (an administrator), or nobody knows from where: time alone links them.
      if (facts.byOther) return [session.timeMs > unit.openedMs ? 0.9 : 0.4, ''];
      // Within three hours less and less.
      if (!isPlaced) return [Math.min(0.95, Math.max(0.5, 0.95 - (0.45 * (distance - STEP_MS)) / FADE_MS)), ''];
      // Methods are registered on the security-info page, and one signs in to it shortly before.
      if (distance <= STEP_MS && isSecurityInfo(session.event.app)) return [0.95, 'on the way to the security-info page'];
      // Proxies change their address between two steps; the user's own registration comes from where the user usually is.
      return isNewPlace ? [0.9, 'both from places that are not usual ones'] : [0.2, ''];
    };
    const isSameRange = (unit: Unit, session: RiskySession): boolean => {
      const { ip, prefix } = unit.registration!;
      return ip !== '' && prefix !== 0 && prefix === session.prefix;
    };
    const linkOf = (unit: Unit, session: RiskySession, isNewPlace: boolean): Link | undefined => {
      const distance = unit.openedMs - session.timeMs;
      if (
        distance > (isSameRange(unit, session) ? parameters.same_place_days * 24 : parameters.before_hours) * HOUR_MS ||
        distance < -(unit.registration!.byOther ? parameters.helped_hours * HOUR_MS : parameters.after_minutes * 60_000)
      )
        return undefined;
      const [closeness, how] = closenessOf(unit, session, isNewPlace);
      // Whoever comes back to the same new place after days is the same as before.
      const halfLifeHours = isSameRange(unit, session) ? parameters.same_place_half_life_hours : parameters.half_life_hours;
      const when = distance >= 0 ? `${minutes(distance)} after` : `${minutes(distance)} before`;
      return {
        session,
        weight: closeness * 2 ** (-Math.abs(distance) / (halfLifeHours * HOUR_MS)),
        words: `Registered ${when} a suspicious sign-in from ${session.event.ip || 'an unknown address'}${how === '' ? '' : `, ${how}`}.`,
      };
    };

    /** Neither a colleague's computer nor a new method is rare; to put one's own method into an account one borrows no computer. */
    const onAnothers = (unit: Unit, session: RiskySession, weight: number): Contribution => {
      const words = `Registered on a known computer of a colleague's (${session.event.deviceName || session.event.deviceId}) that is not known as the user's.`;
      return contribution(detector, ON_ANOTHERS * weight, words, {}, [session.event, unit.originalId]);
    };
    const evidenceOf = (unit: Unit, person: Readonly<Person> | undefined): readonly Contribution[] => {
      const isNewPlace = !(unit.evidence['D1-novelty'] ?? []).some(({ llr }) => llr < 0);
      const links = (person?.sessions ?? []).flatMap((session) => linkOf(unit, session, isNewPlace) ?? []);
      const strength = ({ session, weight }: Link) => riskOf(session) * weight;
      const best = links.reduce<Link | undefined>((a, b) => (a === undefined || strength(b) > strength(a) ? b : a), undefined);
      if (best === undefined) return [];
      const { session, weight } = best;
      const llr = Math.min(LINK_CAP, parameters.share * strength(best)) * (isPromptsAlone(session) ? PROMPTS_ALONE : 1);
      const counts = {
        minutes: Math.round((unit.openedMs - session.timeMs) / 60_000),
        risk: Math.round(10 * riskOf(session)) / 10,
        sessions: links.length,
      };
      assumePlace(unit, session);
      // A sign-in stopped on the way is none that the user is known by, and shows the network all the same.
      if (links.some(({ session: { timeMs } }) => timeMs <= unit.openedMs && unit.openedMs - timeMs <= DAY_SECONDS * 1000))
        unit.gaps = unit.gaps.filter((gap) => gap !== NO_SIGN_INS);
      const borrowed = session.event.deviceId !== '' && session.evidence.some(isOfAnother) ? [onAnothers(unit, session, weight)] : [];
      const inherited = session.evidence.map((item) => ({ ...item, llr: item.llr * weight }));
      unit.source = { ...unit.source, ...placeOf(session), ip: unit.source.ip || session.event.ip };
      if (!unit.events.some(({ id, table }) => id === session.event.id && table === session.event.table)) {
        unit.events = [...unit.events, session.event].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)).slice(0, 50);
        unit.startMs = Math.min(unit.startMs, session.timeMs);
        unit.endMs = Math.max(unit.endMs, session.timeMs);
      }
      return [contribution(detector, llr, best.words, counts, [session.event, unit.originalId]), ...borrowed, ...inherited];
    };

    /** The owner was at the same address lately: the user's own doing, with a new phone. */
    const byOwner = (unit: Unit, event: EventView): readonly Contribution[] => {
      if (unit.registration!.byOther) return [];
      const unplaced = unit.registration!.ip === '';
      // Behind the address of an office the user is not alone: there the last sign-in by hand must have been the owner's.
      const shared = residents(event) >= SHARED_ADDRESS;
      const last = lastProof(event);
      const isHere = last?.here === true && last.agoMs <= parameters.before_hours * HOUR_MS;
      const proof = unplaced ? (signedInOnOwn(event) ? Proof.device : Proof.none) : isHere ? last.proof : Proof.none;
      if (proof === Proof.none || (shared && !unplaced && !lastWasOwn(event))) return [];
      const words = `${unplaced ? OWN_SHORTLY : OWN_WORDS}, with ${OWN_MEANS[proof]}.`;
      const counts = { sign_ins: event.user[event.userAt + UserWord.signIns]! };
      const llr = proof === Proof.resistant && isHere && last.agoMs <= HOUR_MS ? RESISTANT_NOW : OWN[proof];
      // A telephone is in its carrier's range, as half of the town is.
      const isCarriers = last?.mobile === true && last.agoMs > HOUR_MS;
      return [contribution({ ...detector, group: 'client' }, llr / (unplaced || shared || isCarriers ? 2 : 1), words, counts, [])];
    };

    return {
      registration(unit, fact, event) {
        const last = event.userAt < 0 ? 0 : event.user[event.userAt + UserWord.lastSeconds]!;
        const silent = last === 0 || event.seconds - last > DAY_SECONDS;
        const gaps = new Set(unit.gaps);
        if (silent) gaps.add(NO_SIGN_INS);
        // The twin of the directory may come before the record that has the address.
        gaps.delete(NO_ADDRESS);
        if (unit.registration!.ip === '' && !fact.byOther) gaps.add(NO_ADDRESS);
        unit.gaps = [...gaps];
        const own = byOwner(unit, event);
        const before = (unit.evidence['D6-registration-after-risk'] ?? []).filter(
          ({ group, words }) => group === 'client' && (words.startsWith(OWN_WORDS) || words.startsWith(OWN_SHORTLY)),
        );
        unit.evidence['D6-registration-after-risk'] = [...evidenceOf(unit, host.person(event)), ...(own.length > 0 ? own : before)];
      },
      later(unit, event, session) {
        if (session === undefined || unit.registration === undefined) return false;
        const kept = (unit.evidence['D6-registration-after-risk'] ?? []).filter(
          ({ group, words }) => group === 'client' && words.startsWith(OWN_WORDS),
        );
        const found = evidenceOf(unit, host.person(event));
        if (found.length === 0) return false;
        unit.evidence['D6-registration-after-risk'] = [...found, ...kept];
        return true;
      },
    };
  },
});

/** Whether refused prompts are all that is odd about a sign-in, where the user usually is: D3 says so itself. */
function isPromptsAlone({ evidence }: RiskySession): boolean {
  return evidence.every(({ detector: id, llr }) => id === 'D3-mfa-fatigue' || llr <= 0);
}

/** As fusion would add it up: what is said twice of one fact counts once. */
function riskOf({ evidence }: RiskySession): number {
  const most = new Map<string, number>();
  let against = 0;
  for (const { group, llr } of evidence) {
    if (llr > 0) most.set(group, Math.max(llr, most.get(group) ?? 0));
    else against = Math.min(against, llr);
  }
  return Math.max(
    0,
    [...most.values()].reduce((sum, llr) => sum + llr, against),
  );
}

/** A registration without an address is taken to come from where the sign-in shortly before it came from, so that later use can be compared. */
function assumePlace(unit: Unit, { timeMs, ipLo, ipHi, prefix }: RiskySession): void {
  const facts = unit.registration!;
  const before = unit.openedMs - timeMs;
  if (facts.ip === '' && !facts.byOther && before >= 0 && before <= STEP_MS) unit.registration = { ...facts, ipLo, ipHi, prefix };
}

function placeOf(session: RiskySession): Omit<Unit['source'], 'ip'> {
  const { country, city, asn, deviceId, app } = session.event;
  return { country, city, asn, deviceId, app, sessionId: session.sessionId };
}

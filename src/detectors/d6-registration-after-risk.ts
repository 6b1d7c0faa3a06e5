import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';
import { HOUR_MS, type Person, type RiskySession, type Unit } from './stream/unit.ts';

const DAY_SECONDS = 86_400;
const LINK_CAP = 6;
const USUAL_DEVICE = -3;
const NO_SIGN_INS = 'No sign-in logs in the 24 h before: scored without network evidence.';
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
   * A method registered within a day after (or half an hour before) a sign-in of the same user that looked wrong: the sign-in's evidence times
   * 2^(-distance / half-life) times how closely the two are linked (same correlation or address 1, same range 0.8, else 0.4). The main detector:
   * neither a new place nor a new method is rare, the two together are. A registration from the address of a sign-in on a managed device is
   * evidence against. Blind when the sign-in was not logged or looked like the user; says so in the gaps. An administrator's registration is linked
   * by time alone. Cost: at most four sessions a registration. Memory: at most four sessions a risky user, for a day. ATT&CK T1098.005, T1556.006.
   */
  id: 'D6-registration-after-risk',
  title: 'Method registered after a suspicious sign-in',
  group: 'registration',
  techniques: ['T1098.005', 'T1556.006'],
  benignIf: 'The user confirms both the sign-in and the registration, for example a new phone set up while travelling.',
  parameters: {
    half_life_hours: { default: 6, doc: 'Half-life of the evidence between sign-in and registration' },
    before_hours: { default: 24, doc: 'How long before the registration a sign-in may lie' },
    after_minutes: { default: 30, doc: 'How long after the registration a sign-in may lie' },
    share: { default: 0.6, doc: 'Share of the sign-in evidence that the sequence adds' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const linkOf = (unit: Unit, session: RiskySession, correlationId: string): Link | undefined => {
      const distance = unit.openedMs - session.timeMs;
      if (distance > parameters.before_hours * HOUR_MS || distance < -parameters.after_minutes * 60_000) return undefined;
      const facts = unit.registration!;
      const sameAddress = facts.ipLo !== 0 && facts.ipLo === session.ipLo && facts.ipHi === session.ipHi;
      const sameRange = facts.prefix !== 0 && facts.prefix === session.prefix;
      const sameRequest = correlationId !== '' && correlationId === session.correlationId;
      const closeness = sameRequest || sameAddress ? 1 : sameRange ? 0.8 : 0.4;
      const when = distance >= 0 ? `${minutes(distance)} after` : `${minutes(distance)} before`;
      const how = sameRequest ? 'in the same flow' : sameAddress ? 'from the same address' : sameRange ? 'from the same address range' : '';
      return {
        session,
        weight: closeness * 2 ** (-Math.abs(distance) / (parameters.half_life_hours * HOUR_MS)),
        words: `Registered ${when} a suspicious sign-in from ${session.event.ip || 'an unknown address'}${how === '' ? '' : `, ${how}`}.`,
      };
    };

    const evidenceOf = (unit: Unit, person: Readonly<Person> | undefined): readonly Contribution[] => {
      const links = (person?.sessions ?? []).flatMap((session) => linkOf(unit, session, unit.anchor) ?? []);
      const strength = ({ session, weight }: Link) => session.risk * weight;
      const best = links.reduce<Link | undefined>((a, b) => (a === undefined || strength(b) > strength(a) ? b : a), undefined);
      if (best === undefined) return [];
      const { session, weight } = best;
      const llr = Math.min(LINK_CAP, parameters.share * strength(best));
      const counts = { minutes: Math.round((unit.openedMs - session.timeMs) / 60_000), risk: session.risk, sessions: links.length };
      const inherited = session.evidence.map((item) => ({ ...item, llr: item.llr * weight }));
      unit.source = { ...unit.source, ...placeOf(session), ip: unit.source.ip || session.event.ip };
      if (!unit.events.some(({ id, table }) => id === session.event.id && table === session.event.table)) {
        unit.events = [...unit.events, session.event].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)).slice(0, 50);
        unit.startMs = Math.min(unit.startMs, session.timeMs);
        unit.endMs = Math.max(unit.endMs, session.timeMs);
      }
      return [contribution(detector, llr, best.words, counts, [session.event, unit.originalId]), ...inherited];
    };

    /** The last sign-in came from the same address and from a managed device: the user's own, with a new phone. */
    const usualDevice = (unit: Unit, event: EventView): readonly Contribution[] => {
      const at = event.userAt;
      const facts = unit.registration!;
      if (at < 0 || facts.ipLo === 0 || facts.byOther) return [];
      const managed = (event.user[at + UserWord.flags]! & UserFlag.managed) !== 0;
      if (!managed || event.user[at + UserWord.lastIp] !== facts.ipLo) return [];
      const words = 'Registered from the address where the user last signed in, on a managed device.';
      return [contribution({ ...detector, group: 'client' }, USUAL_DEVICE, words, { sign_ins: event.user[at + UserWord.signIns]! }, [])];
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
        unit.evidence['D6-registration-after-risk'] = [...evidenceOf(unit, host.person(event)), ...usualDevice(unit, event)];
      },
      later(unit, event, session) {
        if (session === undefined || unit.registration === undefined) return false;
        const kept = (unit.evidence['D6-registration-after-risk'] ?? []).filter(({ llr }) => llr === USUAL_DEVICE);
        const found = evidenceOf(unit, host.person(event));
        if (found.length === 0) return false;
        unit.evidence['D6-registration-after-risk'] = [...found, ...kept];
        return true;
      },
    };
  },
});

function placeOf(session: RiskySession): Omit<Unit['source'], 'ip'> {
  const { country, city, asn, deviceId, app } = session.event;
  return { country, city, asn, deviceId, app, sessionId: session.sessionId };
}

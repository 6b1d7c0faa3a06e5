import { subjectOf } from '../../events/audit/interpret.ts';
import { Flag } from '../../events/event-record.ts';
import { foldedId } from '../../events/identity-text.ts';
import type { Contribution } from '../evidence.ts';
import type { Dispatch } from './dispatch.ts';
import type { EventView } from './event-view.ts';
import type { People } from './people.ts';
import { addEvent, addSession, dayText, type RiskySession } from './unit.ts';
import type { Units } from './units.ts';

/** Risk in nats from which a sign-in is kept for a day, and from which the user's day is judged by itself. */
export const KEEP_RISK = 2;
export const DAY_RISK = 6;

/** Keeps a sign-in that looked wrong, with its evidence. */
export function keepRisky(view: EventView, risk: number, dispatch: Dispatch, people: People, units: Units): RiskySession {
  const session: RiskySession = {
    timeMs: view.timeMs,
    fold: view.foldLo,
    risk,
    evidence: dispatch.explain(view),
    event: view.evidence(),
    correlationId: foldedId(view.id('CorrelationId')),
    sessionId: view.text('SessionId'),
    ipLo: view.ipLo,
    ipHi: view.ipHi,
    prefix: view.prefix,
    asn: view.asn,
    mobile: view.has(Flag.mobile),
  };
  addSession(people.edit(view), session);
  if (risk >= DAY_RISK) judgeDay(view, session, units);
  return session;
}

/** A user's day speaks through its riskiest sign-in. */
function judgeDay(view: EventView, session: RiskySession, units: Units): void {
  const party = view.party();
  const subject = subjectOf(party);
  if (subject === '') return;
  const unit = units.obtain('user-day', view.text('TenantId'), subject, dayText(view.timeMs), view, [party]);
  addEvent(unit, session.event);
  if (session.risk <= unit.risk) return;
  unit.risk = session.risk;
  const byDetector = new Map<string, Contribution[]>();
  for (const item of session.evidence) byDetector.set(item.detector, [...(byDetector.get(item.detector) ?? []), item]);
  // What others than the sign-in's detectors said of the day stands, under keys of its own: the user's report of a prompt.
  const ofOthers = Object.entries(unit.evidence).filter(([key]) => key.includes(':'));
  unit.evidence = Object.fromEntries([...ofOthers, ...byDetector]);
  const { ip, country, city, asn, deviceId, app } = session.event;
  unit.source = { ip, country, city, asn, deviceId, app, sessionId: session.sessionId };
}

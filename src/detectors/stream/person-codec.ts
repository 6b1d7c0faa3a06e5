import type { ValueCodec } from '../../state/entries-codec.ts';
import type { PlainReader, PlainWriter } from '../../state/plain-columns.ts';
import type { Contribution, EvidenceEvent } from '../evidence.ts';
import type { MethodChange, Person, RiskySession } from './unit.ts';

/** Marks of a contribution. */
const HARD = 1;
const PRIOR = 2;

/** As JSON they took a fifth of the time of saving what changed. Lists are written by loops: the calls of list() took a fifth of what was left. */
export const personCodec: ValueCodec<Person> = {
  write(out, { touchedMs, sessions, units, changes }) {
    out.number(touchedMs);
    out.number(sessions.length);
    for (const session of sessions) writeSession(out, session);
    out.texts(units);
    out.number(changes.length);
    for (const change of changes) writeChange(out, change);
  },
  read: (from) => ({
    touchedMs: from.number(),
    sessions: from.list(() => readSession(from)),
    units: from.list(() => from.text()),
    changes: from.list(() => readChange(from)),
  }),
};

function writeSession(out: PlainWriter, session: RiskySession): void {
  out.number(session.timeMs);
  out.number(session.fold);
  out.number(session.risk);
  out.number(session.evidence.length);
  for (const item of session.evidence) writeContribution(out, item);
  writeEvent(out, session.event);
  out.text(session.correlationId);
  out.text(session.sessionId);
  out.number(session.ipLo);
  out.number(session.ipHi);
  out.number(session.prefix);
  out.number(session.asn);
  out.number(session.mobile ? 1 : 0);
}

const readSession = (from: PlainReader): RiskySession => ({
  timeMs: from.number(),
  fold: from.number(),
  risk: from.number(),
  evidence: from.list(() => readContribution(from)),
  event: readEvent(from),
  correlationId: from.text(),
  sessionId: from.text(),
  ipLo: from.number(),
  ipHi: from.number(),
  prefix: from.number(),
  asn: from.number(),
  mobile: from.number() === 1,
});

function writeContribution(out: PlainWriter, item: Contribution): void {
  out.term(item.detector);
  out.term(item.group);
  out.number(item.llr);
  out.text(item.words);
  const names = Object.keys(item.counts);
  out.number(names.length);
  for (const name of names) {
    out.term(name);
    out.number(item.counts[name]!);
  }
  out.texts(item.eventIds);
  out.number(item.techniques.length);
  for (const technique of item.techniques) out.term(technique);
  out.number((item.hard ? HARD : 0) + (item.prior ? PRIOR : 0));
  out.number(item.least ?? Number.NaN);
}

function readContribution(from: PlainReader): Contribution {
  const contribution = {
    detector: from.term(),
    group: from.term() as Contribution['group'],
    llr: from.number(),
    words: from.text(),
    counts: Object.fromEntries(from.list(() => [from.term(), from.number()] as const)),
    eventIds: from.list(() => from.text()),
    techniques: from.list(() => from.term()),
  };
  const marks = from.number();
  const least = from.number();
  return {
    ...contribution,
    ...((marks & HARD) === 0 ? {} : { hard: true }),
    ...(Number.isNaN(least) ? {} : { least }),
    ...((marks & PRIOR) === 0 ? {} : { prior: true }),
  };
}

function writeEvent(out: PlainWriter, event: EvidenceEvent): void {
  out.term(event.table);
  out.text(event.id);
  out.number(event.timeMs);
  out.term(event.what);
  out.text(event.ip);
  out.term(event.country);
  out.text(event.city);
  out.text(event.asn);
  out.text(event.deviceId);
  out.text(event.deviceName);
  out.text(event.app);
}

const readEvent = (from: PlainReader): EvidenceEvent => ({
  table: from.term() as EvidenceEvent['table'],
  id: from.text(),
  timeMs: from.number(),
  what: from.term(),
  ip: from.text(),
  country: from.term(),
  city: from.text(),
  asn: from.text(),
  deviceId: from.text(),
  deviceName: from.text(),
  app: from.text(),
});

function writeChange(out: PlainWriter, change: MethodChange): void {
  out.number(change.timeMs);
  out.term(change.happening);
  out.term(change.methodKind);
  out.text(change.method);
  out.text(change.unit);
  out.number(change.isTwin ? 1 : 0);
}

const readChange = (from: PlainReader): MethodChange => ({
  timeMs: from.number(),
  happening: from.term() as MethodChange['happening'],
  methodKind: from.term() as MethodChange['methodKind'],
  method: from.text(),
  unit: from.text(),
  isTwin: from.number() === 1,
});

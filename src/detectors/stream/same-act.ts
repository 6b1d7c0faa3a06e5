import { type AuditFact, isTwin, TWIN_MS, WIZARD_MS } from '../../events/audit/interpret.ts';
import type { MethodKind } from '../../events/audit/methods.ts';
import { idText } from '../../events/identity-text.ts';
import { auditWords } from './event-view.ts';
import { isClosingRecord, isDefaultChange } from './opening.ts';
import type { RegistrationFacts, Unit } from './unit.ts';

/** Nobody adds two methods within this time: the records are of one change, whatever each calls it. */
const ONE_CHANGE_MS = 5000;
/** Records of one operation, by what their Ids say. */
const OPERATION_MS = 60 * 60_000;

/** Methods that the directory and the service call by different names. */
const families: Readonly<Record<MethodKind, string>> = {
  fido2: 'key',
  passkey: 'key',
  'windows-hello': 'computer',
  certificate: 'certificate',
  'phone-sign-in': 'app',
  authenticator: 'app',
  totp: 'app',
  sms: 'phone',
  voice: 'phone',
  phone: 'phone',
  tap: 'pass',
  email: 'email',
  questions: 'questions',
  'app-password': 'app-password',
  unknown: '',
};

/** What the two records of a change would both call it, by kind of method, else by what it goes to; empty where neither says. */
export function familyOf(kind: MethodKind, targets: readonly string[]): string {
  if (kind !== 'unknown') return families[kind];
  const target = targets[0] ?? '';
  return target.startsWith('phone:') ? 'phone' : target.startsWith('device:') ? 'app' : '';
}

/** A changed number is an update to the service and a registration to the directory. */
const happeningOf = ({ happening }: Pick<AuditFact, 'happening'>) => (happening === 'updated' ? 'registered' : happening);

function isSameChange(fact: AuditFact, facts: RegistrationFacts): boolean {
  const [one, other] = [familyOf(fact.methodKind, fact.targets), familyOf(facts.methodKind, facts.targets)];
  return happeningOf(fact) === happeningOf(facts) && (one === '' || other === '' || one === other);
}

/** The directory may name the service, not the person, as who acted. */
function isSameActor(fact: AuditFact, facts: RegistrationFacts): boolean {
  return fact.byOther === facts.byOther || (isTwin(fact) ? fact.actorId === '' && fact.actorUpn === '' : !facts.hasActor);
}

/** `IAMUX_<operation>_<letters>_<n>` of the service, `Directory_<operation>_...` of the directory. */
const NUMBERED = /^[a-z]+_([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})_/i;

/** The operation that an Id of AuditLogs carries: its CorrelationId, also where an exporter has removed or renewed that; '' where it carries none. */
const operationOf = (id: string) => idText(NUMBERED.exec(id)?.[1]?.toLowerCase() ?? '');

function isSameOperation(fact: AuditFact, timeMs: number, unit: Readonly<Unit>): boolean {
  if (Math.abs(timeMs - unit.openedMs) > OPERATION_MS) return false;
  const operation = operationOf(fact.id);
  return operation !== '' && unit.events.some(({ table, id }) => table === 'AuditLogs' && operationOf(id) === operation);
}

/** Some pipelines deliver a record twice and number both: nobody does the same thing twice at one instant. */
function isCopy({ operation, reason }: AuditFact, timeMs: number, unit: Readonly<Unit>): boolean {
  const what = auditWords(operation, reason);
  return unit.events.some((event) => event.table === 'AuditLogs' && event.timeMs === timeMs && event.what === what);
}

/** Whoever registered a method made it, or another, the default then and there; an administrator's is not the user's, another place another person's. */
function isNewDefault(fact: AuditFact, timeMs: number, unit: Readonly<Unit>, facts: RegistrationFacts): boolean {
  const since = timeMs - unit.openedMs;
  return since >= 0 && since <= WIZARD_MS && fact.byOther === facts.byOther && (fact.ip === '' || facts.ip === '' || fact.ip === facts.ip);
}

/**
 * Whether a record under a CorrelationId of its own tells of the act that a unit is about: one of the same operation by its Id, another of those that
 * one change writes (Authentication Methods, Core Directory and, of keys, the Device Registration Service), the closing record of a wizard, a new
 * default, or a copy. A unit has one record of each writer: the next is another change's.
 */
export function isSameAct(fact: AuditFact, timeMs: number, unit: Readonly<Unit>): boolean {
  const facts = unit.registration;
  if (facts === undefined) return false;
  if (isSameOperation(fact, timeMs, unit) || isCopy(fact, timeMs, unit)) return true;
  if (isClosingRecord(fact)) return Math.abs(timeMs - unit.touchedMs) <= WIZARD_MS;
  if (isDefaultChange(fact) && isNewDefault(fact, timeMs, unit, facts)) return true;
  if (Math.abs(timeMs - unit.openedMs) > TWIN_MS || facts.writers.includes(fact.writer)) return false;
  const isAtOnce = Math.abs(timeMs - unit.openedMs) <= ONE_CHANGE_MS;
  return (isAtOnce || isSameChange(fact, facts)) && isSameActor(fact, facts);
}

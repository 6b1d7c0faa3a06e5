import { type AuditFact, isTwin } from '../../events/audit/interpret.ts';
import type { Happening } from '../../events/audit/operations.ts';
import type { EventView } from './event-view.ts';
import { addEvent, type RegistrationFacts, type Unit } from './unit.ts';

/** What opens a registration unit, when it succeeded: from here on the account can be used in another way than before. */
const opening: ReadonlySet<Happening> = new Set(['registered', 'updated', 'default-changed', 'mfa-disabled']);

export function opensUnit(fact: AuditFact): boolean {
  return fact.succeeded && opening.has(fact.happening) && (fact.userId !== '' || fact.upn !== '');
}

/** The closing record of a wizard; it belongs to the registration that it follows. */
export function isClosingRecord(fact: AuditFact): boolean {
  return /all required security info/i.test(fact.operation);
}

/** To make a method the default is a step of its registration, where it comes right after. */
export function isDefaultChange({ happening }: Pick<AuditFact, 'happening'>): boolean {
  return happening === 'default-changed';
}

function rank(fact: AuditFact): number {
  if (isTwin(fact)) return 0;
  return isClosingRecord(fact) || isDefaultChange(fact) ? 1 : 2;
}

/** Folds an audit record into its registration: twins share a CorrelationId, count once, and may come in any order. */
export function foldRecord(unit: Unit, fact: AuditFact, event: EventView): void {
  addEvent(unit, event.evidence());
  const words = [fact.method, ...fact.removed.map((method) => `${method} (removed)`)].filter((text) => text !== '');
  unit.methods = [...new Set([...unit.methods, ...words])].slice(0, 20);
  const before = unit.registration;
  const telling = before === undefined || rank(fact) > before.rank;
  // The address counts where the user acted: an administrator's or a service's says nothing of the user's own places.
  const placed = fact.ip !== '' && !fact.byOther && (before === undefined || before.ip === '');
  const { happening, methodKind, strength, byOther } = telling ? fact : before;
  const { ip, ipLo, ipHi, prefix } = placed ? { ...event, ip: fact.ip } : (before ?? { ip: '', ipLo: 0, ipHi: 0, prefix: 0 });
  const known = methodKind !== 'unknown' || before === undefined;
  const facts: RegistrationFacts = {
    happening,
    methodKind: known ? methodKind : before.methodKind,
    strength: known ? strength : before.strength,
    byOther,
    ip,
    ipLo,
    ipHi,
    prefix,
    targets: [...new Set([...(before?.targets ?? []), ...fact.targets])].slice(0, 16),
    rank: Math.max(rank(fact), before?.rank ?? 0),
    writers: [...new Set([...(before?.writers ?? []), fact.writer])],
    hasActor: fact.actorId !== '' || fact.actorUpn !== '' || before?.hasActor === true,
  };
  if (telling) {
    unit.originalId = fact.id;
    if (byOther) unit.actor = { userId: fact.actorId, upn: fact.actorUpn || fact.actorApp };
  }
  unit.registration = facts;
  if (ip !== '' && unit.source.ip === '') unit.source = { ...unit.source, ip };
}

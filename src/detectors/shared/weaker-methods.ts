import type { AuditFact } from '../../events/audit/interpret.ts';
import { methodKind, methodStrength } from '../../events/audit/methods.ts';
import { contribution, type DetectorSpec } from '../detector.ts';
import type { Contribution } from '../evidence.ts';
import type { Unit } from '../stream/unit.ts';

/** Strength (1 to 5) up to which a method is weak: the telephone network's, and ways to recover an account. */
const WEAK = 2;
/** A default taken down from something stronger says more than one that is merely weak, and so does a weak method that is all that is left. */
const WEAK_DEFAULT = 1;
const DOWNGRADE = 1.5;
/** A method that becomes the default as it is registered: people who give up an app for a number do so too. */
const ADDED_AS_DEFAULT = 0.3;
const LEFT_WEAK = 1;

const isWeak = (strength: number) => strength > 0 && strength <= WEAK;

/** The strongest of some methods; 0 where none is known. */
const strongest = (methods: readonly string[]) => Math.max(0, ...methods.map((words) => methodStrength[methodKind(words)]));

/** Whether the change is the default alone, or that of a registration of something stronger. */
function isByItself(fact: AuditFact, { registration }: Readonly<Unit>): boolean {
  if (fact.happening !== 'default-changed') return false;
  return registration === undefined || registration.happening === 'default-changed' || !isWeak(registration.strength);
}

/** What a weak new default says: by the service's record only how weak it is, by the directory's from what it was taken down, too. */
export function newDefault(detector: DetectorSpec, unit: Readonly<Unit>, fact: AuditFact): Contribution | undefined {
  const [before, after] = [strongest([fact.defaultBefore]), strongest([fact.defaultAfter])];
  if (before > after && isWeak(after)) {
    const words = `The default was taken down from ${fact.defaultBefore} to a weak method: ${fact.defaultAfter}.`;
    return contribution(detector, isByItself(fact, unit) ? DOWNGRADE : ADDED_AS_DEFAULT, words, { before, after }, [fact.id]);
  }
  if (fact.happening !== 'default-changed' || !isWeak(fact.strength)) return undefined;
  const words = `The default was changed to a weak method: ${fact.method}.`;
  const llr = isByItself(fact, unit) ? WEAK_DEFAULT : ADDED_AS_DEFAULT;
  return contribution(detector, llr, words, { strength: fact.strength }, [fact.id]);
}

/** What a change says that took the stronger of the app and phone methods away. */
export function onlyWeakLeft(detector: DetectorSpec, fact: AuditFact): Contribution | undefined {
  if (!isWeak(strongest(fact.methodsAfter)) || strongest(fact.methodsBefore) <= WEAK) return undefined;
  const gone = fact.methodsBefore.filter((words) => !fact.methodsAfter.includes(words));
  const words = `The same change removed ${gone.join(', ')}: of the app and phone methods only ${fact.methodsAfter.join(', ')} is left.`;
  return contribution(detector, LEFT_WEAK, words, { before: fact.methodsBefore.length, after: fact.methodsAfter.length }, [fact.id]);
}

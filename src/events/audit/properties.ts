import { changesOf } from './changes.ts';
import { readers, type Seen } from './property-readers.ts';

/** What the changed properties of an audit record say about methods. */
export interface PropertyFacts {
  /** Something about methods changed (a rewrite of the same set is not a change). */
  readonly changed: boolean;
  /** Method words that were added and removed. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly defaultChanged: boolean;
  /** The default before and after, in words, where it changed; '' where it did not or the number has no words. */
  readonly defaultBefore: string;
  readonly defaultAfter: string;
  /** What there was and is of app and telephone methods (StrongAuthenticationMethod); empty where the record does not say. */
  readonly methodsBefore: readonly string[];
  readonly methodsAfter: readonly string[];
  /** Whether per-user MFA was switched; '' where it was not. */
  readonly requirement: 'on' | 'off' | '';
  /** The new value of a property that is named for the state of per-user MFA, as logged. */
  readonly state: string;
  /** New phone numbers ('phone:+15550100') and device tokens ('device:<token>'), which can be the same for many users. */
  readonly targets: readonly string[];
  /** Targets that were there before: whose they are. */
  readonly held: readonly string[];
  /** Those of them that are gone after the change. */
  readonly dropped: readonly string[];
  /** The names of the phones that have those tokens, by target; empty where the record does not say. */
  readonly names: ReadonlyMap<string, string>;
  /** Names of the phones whose app came, and of those whose app was there before ('iPhone 15'). */
  readonly phones: readonly string[];
  readonly heldPhones: readonly string[];
  /** Object ids, lower case, that a Conditional Access policy excludes and did not before. */
  readonly excluded: readonly string[];
  /** The same of groups. */
  readonly excludedGroups: readonly string[];
  /** Object id, lower case, of the group that somebody was put into; '' where none was. */
  readonly group: string;
}

const MAX_TARGETS = 16;
const MAX_EXCLUDED = 1000;

const nothing = (): Seen => ({
  added: new Set(),
  removed: new Set(),
  targets: new Set(),
  held: new Set(),
  dropped: new Set(),
  names: new Map(),
  phones: new Set(),
  heldPhones: new Set(),
  excluded: new Set(),
  excludedGroups: new Set(),
  came: new Set(),
  gone: new Set(),
  group: '',
  changed: false,
  defaultChanged: false,
  defaultBefore: '',
  defaultAfter: '',
  methodsBefore: [],
  methodsAfter: [],
  requirement: '',
  state: '',
});

const some = (texts: ReadonlySet<string>, most: number) => [...texts].filter((text) => text !== '').slice(0, most);

/** What the changed properties of a record say; see the table of readers. */
export function propertyFacts(modifiedProperties: string): PropertyFacts {
  const seen = nothing();
  for (const change of changesOf(modifiedProperties)) readers.find(({ property }) => property.test(change.name))?.read(change, seen);
  const { added, removed, targets, came, gone, changed, requirement } = seen;
  added.delete('');
  removed.delete('');
  if (added.size === 0 && targets.size === 0) {
    for (const words of came) added.add(words);
    if (came.size === 0 && removed.size === 0) for (const words of gone) removed.add(words);
  }
  const { defaultChanged, defaultBefore, defaultAfter, methodsBefore, methodsAfter, state, group } = seen;
  return {
    changed: changed || defaultChanged || requirement !== '' || added.size > 0 || removed.size > 0,
    added: [...added],
    removed: [...removed],
    defaultChanged,
    defaultBefore,
    defaultAfter,
    methodsBefore,
    methodsAfter,
    requirement,
    state,
    targets: [...targets].slice(0, MAX_TARGETS),
    held: some(seen.held, MAX_TARGETS),
    dropped: some(seen.dropped, MAX_TARGETS),
    names: new Map([...seen.names].filter(([target, name]) => target !== '' && name !== '')),
    phones: some(seen.phones, MAX_TARGETS),
    heldPhones: some(seen.heldPhones, MAX_TARGETS),
    excluded: [...seen.excluded].slice(0, MAX_EXCLUDED),
    excludedGroups: [...seen.excludedGroups].slice(0, MAX_EXCLUDED),
    group,
  };
}

import { isIdentity, isToken, phoneDigits } from '../identity-text.ts';
import { methodTypeWords } from './methods.ts';

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

interface Change {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

const MAX_TARGETS = 16;
const MAX_NAME = 100;
const MAX_EXCLUDED = 1000;

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value of a change: JSON inside a JSON string, which some exporters quote once more. */
function valueIn(text: unknown): unknown {
  const value = parsed(text);
  return typeof value === 'string' && /^["[{]/.test(value) ? parsed(value) : value;
}

/** The changes as logged; anything that is not the expected JSON counts as no change. */
export function changesOf(modifiedProperties: string): readonly Change[] {
  const list = modifiedProperties === '' ? [] : parsed(modifiedProperties);
  if (!Array.isArray(list)) return [];
  return list.slice(0, 100).flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { name, displayName, oldValue, newValue } = item as Record<string, unknown>;
    const label = typeof name === 'string' ? name : displayName;
    return typeof label === 'string' ? [{ name: label, before: valueIn(oldValue), after: valueIn(newValue) }] : [];
  });
}

/** AdditionalDetails: a list of key and value. */
export function pairsOf(additionalDetails: string): readonly Readonly<Record<string, unknown>>[] {
  return entries(parsed(additionalDetails));
}

function entries(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const list = Array.isArray(value) ? value : [value];
  return list.slice(0, 100).filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

/** A phone number with nothing but its digits, so that '+1 5550100' and '+15550100' are one; '' where it is none, or is masked. */
export function phoneTarget(value: unknown): string {
  const digits = typeof value === 'string' ? phoneDigits(value) : '';
  return digits === '' ? '' : `phone:${digits}`;
}

function phonesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [phoneTarget(value)];
  return entries(value).flatMap((entry) =>
    ['PhoneNumber', 'AlternativePhoneNumber', 'VoiceOnlyPhoneNumber'].map((key) => phoneTarget(entry[key])),
  );
}

/** The app on one phone: the phone's token as a target, and its name; '' where the record does not say. */
interface App {
  readonly token: string;
  readonly name: string;
}

/** By what tells one from the other: the app's own id, else the phone's token, else its name and which of that name it is. */
function appsOf(value: unknown): ReadonlyMap<string, App> {
  const apps = new Map<string, App>();
  for (const entry of entries(value)) {
    const text = (key: string) => (['string', 'number'].includes(typeof entry[key]) ? String(entry[key]) : '');
    const name = text('DeviceName').trim().slice(0, MAX_NAME);
    const token = isToken(text('DeviceToken')) ? `device:${text('DeviceToken')}` : '';
    const id = [text('Id'), text('DeviceId'), token].find(isIdentity);
    let nth = 0;
    while (id === undefined && apps.has(`${name}\n${nth}`)) nth++;
    apps.set(id ?? `${name}\n${nth}`, { token, name });
  }
  return apps;
}

function methodTypes(value: unknown): ReadonlyMap<number, boolean> {
  const types = entries(value).map((entry) => [Number(entry['MethodType']), entry['Default'] === true] as const);
  return new Map(types.filter(([type]) => Number.isInteger(type)));
}

/** Passkeys and Windows Hello by the key's identifier; other usages (a device's own transport key) are no way to sign in. */
const KEY_WORDS: Readonly<Record<string, string>> = { fido: 'Fido', ngc: 'Windows Hello for Business' };
function keysOf(value: unknown): ReadonlyMap<string, string> {
  const keys = entries(value).map((entry) => {
    const usage = String(entry['Usage'] ?? entry['usage'] ?? '').toLowerCase();
    return [String(entry['KeyIdentifier'] ?? entry['keyIdentifier'] ?? ''), KEY_WORDS[usage] ?? ''] as const;
  });
  return new Map(keys.filter(([id, words]) => id !== '' && words !== ''));
}

/** StrongAuthenticationRequirement: 1 enabled, 2 enforced; a rewrite (remembered devices forgotten) keeps the state. */
const isRequired = (value: unknown) => entries(value).some((entry) => Number(entry['State']) > 0);

const defaultOf = (types: ReadonlyMap<number, boolean>) => [...types].find(([, isDefault]) => isDefault)?.[0];

const wordsOf = (types: ReadonlyMap<number, boolean>) =>
  [...new Set([...types.keys()].map(methodTypeWords))].filter((words) => words !== '');

const objectAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** ConditionalAccessPolicy: the policy as Graph writes it, with conditions.users.excludeUsers and excludeGroups. */
function excludedBy(policy: unknown, key: 'excludeUsers' | 'excludeGroups'): readonly string[] {
  const ids = objectAt(objectAt(objectAt(policy, 'conditions'), 'users'), key);
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string').map((id) => id.toLowerCase()) : [];
}

/** Reads StrongAuthenticationMethod, -PhoneAppDetail, -UserDetails, -Requirement, SearchableDeviceKey and *.Phone.PhoneNumber. */
export function propertyFacts(modifiedProperties: string): PropertyFacts {
  const added = new Set<string>();
  const removed = new Set<string>();
  const targets = new Set<string>();
  const held = new Set<string>();
  const dropped = new Set<string>();
  const names = new Map<string, string>();
  const phones = new Set<string>();
  const heldPhones = new Set<string>();
  const excluded = new Set<string>();
  const excludedGroups = new Set<string>();
  let group = '';
  /** Apps that came and went, numbers that went: beside another of its kind no method does. The default may move with them; that is no act of its own. */
  const came = new Set<string>();
  const gone = new Set<string>();
  let changed = false;
  let defaultChanged = false;
  let [defaultBefore, defaultAfter] = ['', ''];
  let methodsBefore: readonly string[] = [];
  let methodsAfter: readonly string[] = [];
  let requirement: PropertyFacts['requirement'] = '';
  let state = '';
  for (const { name, before, after } of changesOf(modifiedProperties)) {
    if (name === 'StrongAuthenticationMethod') {
      const was = methodTypes(before);
      const is = methodTypes(after);
      for (const type of is.keys()) if (!was.has(type)) added.add(methodTypeWords(type));
      for (const type of was.keys()) if (!is.has(type)) removed.add(methodTypeWords(type));
      [methodsBefore, methodsAfter] = [wordsOf(was), wordsOf(is)];
      if (was.size > 0 && is.size > 0 && defaultOf(was) !== defaultOf(is)) {
        defaultChanged = true;
        [defaultBefore, defaultAfter] = [methodTypeWords(defaultOf(was) ?? -1), methodTypeWords(defaultOf(is) ?? -1)];
      }
    } else if (name === 'StrongAuthenticationPhoneAppDetail') {
      const was = appsOf(before);
      const is = appsOf(after);
      for (const { token, name } of was.values()) {
        held.add(token);
        heldPhones.add(name);
        names.set(token, name);
      }
      for (const [id, { token, name }] of is) {
        if (was.has(id)) continue;
        changed = true;
        phones.add(name);
        names.set(token, name);
        if (token === '') came.add('Authenticator App');
        else targets.add(token);
      }
      for (const [id, { token }] of was) {
        if (is.has(id)) continue;
        changed = gone.add('Authenticator App').size > 0;
        dropped.add(token);
      }
    } else if (name === 'StrongAuthenticationUserDetails' || /\bPhone\.PhoneNumber$/.test(name)) {
      const was = new Set(phonesOf(before));
      for (const phone of was) held.add(phone);
      for (const phone of phonesOf(after)) {
        if (phone === '' || was.has(phone)) continue;
        changed = true;
        targets.add(phone);
      }
      const is = new Set(phonesOf(after));
      for (const phone of was) {
        if (phone === '' || is.has(phone)) continue;
        changed = gone.add('Phone').size > 0;
        dropped.add(phone);
      }
    } else if (name === 'ConditionalAccessPolicy') {
      for (const [key, into] of [
        ['excludeUsers', excluded],
        ['excludeGroups', excludedGroups],
      ] as const) {
        const was = new Set(excludedBy(before, key));
        for (const id of excludedBy(after, key)) if (!was.has(id)) into.add(id);
      }
    } else if (name === 'Group.ObjectID') {
      group = typeof after === 'string' ? after.slice(0, 64).toLowerCase() : '';
    } else if (name === 'SearchableDeviceKey') {
      const was = keysOf(before);
      const is = keysOf(after);
      for (const [id, words] of is) if (!was.has(id)) added.add(words);
      for (const [id, words] of was) if (!is.has(id)) removed.add(words);
    } else if (name === 'StrongAuthenticationRequirement') {
      if (isRequired(before) !== isRequired(after)) requirement = isRequired(after) ? 'on' : 'off';
    } else if (/mfa ?state|authentication ?state/i.test(name)) {
      state = typeof after === 'string' ? after.slice(0, 100) : '';
    } else if (/^TemporaryAccessPass/.test(name) && after !== null && after !== undefined) {
      added.add('temporary access pass');
    }
  }
  added.delete('');
  removed.delete('');
  if (added.size === 0 && targets.size === 0) {
    for (const words of came) added.add(words);
    if (came.size === 0 && removed.size === 0) for (const words of gone) removed.add(words);
  }
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
    held: [...held].filter((target) => target !== '').slice(0, MAX_TARGETS),
    dropped: [...dropped].filter((target) => target !== '').slice(0, MAX_TARGETS),
    names: new Map([...names].filter(([target, name]) => target !== '' && name !== '')),
    phones: [...phones].filter((name) => name !== '').slice(0, MAX_TARGETS),
    heldPhones: [...heldPhones].filter((name) => name !== '').slice(0, MAX_TARGETS),
    excluded: [...excluded].slice(0, MAX_EXCLUDED),
    excludedGroups: [...excludedGroups].slice(0, MAX_EXCLUDED),
    group,
  };
}

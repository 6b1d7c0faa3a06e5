import { isIdentity, isToken } from '../identity-text.ts';
import { type Change, entries } from './changes.ts';
import { methodTypeWords } from './methods.ts';
import { phoneTarget } from './phone-target.ts';

const MAX_NAME = 100;

/** What the properties of one record have shown so far; see PropertyFacts. */
export interface Seen {
  readonly added: Set<string>;
  readonly removed: Set<string>;
  readonly targets: Set<string>;
  readonly held: Set<string>;
  readonly dropped: Set<string>;
  readonly names: Map<string, string>;
  readonly phones: Set<string>;
  readonly heldPhones: Set<string>;
  readonly excluded: Set<string>;
  readonly excludedGroups: Set<string>;
  /** Apps that came and went, numbers that went: beside another of its kind no method does. The default may move with them; that is no act of its own. */
  readonly came: Set<string>;
  readonly gone: Set<string>;
  group: string;
  changed: boolean;
  defaultChanged: boolean;
  defaultBefore: string;
  defaultAfter: string;
  methodsBefore: readonly string[];
  methodsAfter: readonly string[];
  requirement: 'on' | 'off' | '';
  state: string;
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

function readMethods({ before, after }: Change, seen: Seen): void {
  const was = methodTypes(before);
  const is = methodTypes(after);
  for (const type of is.keys()) if (!was.has(type)) seen.added.add(methodTypeWords(type));
  for (const type of was.keys()) if (!is.has(type)) seen.removed.add(methodTypeWords(type));
  seen.methodsBefore = wordsOf(was);
  seen.methodsAfter = wordsOf(is);
  if (was.size === 0 || is.size === 0 || defaultOf(was) === defaultOf(is)) return;
  seen.defaultChanged = true;
  seen.defaultBefore = methodTypeWords(defaultOf(was) ?? -1);
  seen.defaultAfter = methodTypeWords(defaultOf(is) ?? -1);
}

function readApps({ before, after }: Change, seen: Seen): void {
  const was = appsOf(before);
  const is = appsOf(after);
  for (const { token, name } of was.values()) {
    seen.held.add(token);
    seen.heldPhones.add(name);
    seen.names.set(token, name);
  }
  for (const [id, { token, name }] of is) {
    if (was.has(id)) continue;
    seen.changed = true;
    seen.phones.add(name);
    seen.names.set(token, name);
    if (token === '') seen.came.add('Authenticator App');
    else seen.targets.add(token);
  }
  for (const [id, { token }] of was) {
    if (is.has(id)) continue;
    seen.changed = true;
    seen.gone.add('Authenticator App');
    seen.dropped.add(token);
  }
}

function readPhones({ before, after }: Change, seen: Seen): void {
  const was = new Set(phonesOf(before));
  const is = new Set(phonesOf(after));
  for (const phone of was) seen.held.add(phone);
  for (const phone of is) {
    if (phone === '' || was.has(phone)) continue;
    seen.changed = true;
    seen.targets.add(phone);
  }
  for (const phone of was) {
    if (phone === '' || is.has(phone)) continue;
    seen.changed = true;
    seen.gone.add('Phone');
    seen.dropped.add(phone);
  }
}

function readPolicy({ before, after }: Change, seen: Seen): void {
  const note = (key: 'excludeUsers' | 'excludeGroups', into: Set<string>) => {
    const was = new Set(excludedBy(before, key));
    for (const id of excludedBy(after, key)) if (!was.has(id)) into.add(id);
  };
  note('excludeUsers', seen.excluded);
  note('excludeGroups', seen.excludedGroups);
}

function readKeys({ before, after }: Change, seen: Seen): void {
  const was = keysOf(before);
  const is = keysOf(after);
  for (const [id, words] of is) if (!was.has(id)) seen.added.add(words);
  for (const [id, words] of was) if (!is.has(id)) seen.removed.add(words);
}

const textOf = (value: unknown, most: number) => (typeof value === 'string' ? value.slice(0, most) : '');

interface Reader {
  readonly property: RegExp;
  readonly read: (change: Change, seen: Seen) => void;
}

/** The properties that say something; the first that matches reads a change. */
export const readers: readonly Reader[] = [
  { property: /^StrongAuthenticationMethod$/, read: readMethods },
  { property: /^StrongAuthenticationPhoneAppDetail$/, read: readApps },
  { property: /^StrongAuthenticationUserDetails$|\bPhone\.PhoneNumber$/, read: readPhones },
  { property: /^ConditionalAccessPolicy$/, read: readPolicy },
  {
    property: /^Group\.ObjectID$/,
    read: ({ after }, seen) => {
      seen.group = textOf(after, 64).toLowerCase();
    },
  },
  { property: /^SearchableDeviceKey$/, read: readKeys },
  {
    property: /^StrongAuthenticationRequirement$/,
    read: ({ before, after }, seen) => {
      if (isRequired(before) !== isRequired(after)) seen.requirement = isRequired(after) ? 'on' : 'off';
    },
  },
  {
    property: /mfa ?state|authentication ?state/i,
    read: ({ after }, seen) => {
      seen.state = textOf(after, 100);
    },
  },
  {
    property: /^TemporaryAccessPass/,
    read: ({ after }, seen) => {
      if (after !== null && after !== undefined) seen.added.add('temporary access pass');
    },
  },
];

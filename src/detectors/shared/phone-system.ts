import type { AuditFact } from '../../events/audit/interpret.ts';
import { Flag, systemOf } from '../../events/event-record.ts';
import { LAST_SECONDS, RECORD_HEAD } from '../../state/record-table.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { client, HABITS_AT } from './habits.ts';
import { fingerprint, isKnown } from './slots.ts';

export type PhoneSystem = 'iOS' | 'Android';

/**
 * What the app calls a phone. An iPhone says iPhone and its model, or what its owner called it; Android the maker's code for the model
 * (android.os.Build.MODEL). First match holds; a name that tells neither is of no system.
 */
const NAMES: readonly (readonly [RegExp, PhoneSystem])[] = [
  [/\b(?:iphone|ipad|ipod)/i, 'iOS'],
  [
    /\b(?:android|samsung|galaxy|pixel|nexus|xiaomi|redmi|poco|huawei|honor|oppo|realme|vivo|oneplus|motorola|xperia|fairphone)\b/i,
    'Android',
  ],
  [/^(?:nokia|tecno|infinix|itel|moto|asus|zte|htc|wiko|doro|cat)\b/i, 'Android'],
  // Samsung, LG, Google, OPPO, realme, OnePlus, Xiaomi, Sony, Fairphone, Motorola, vivo, Nothing, Nokia; the emulator.
  [/^(?:SM|GT|LM|LG|XQ|SO|TA)-[A-Z]?\d/i, 'Android'],
  [/^(?:CPH|RMX|XT|V|A)\d{3,4}\b/i, 'Android'],
  [/^(?:M?2\d{3}[A-Z0-9]{4,8}|FP\d|sdk_gphone\w*|(?:HD|GM|IN|LE|KB|NE|AC|DN)\d{4})\b/, 'Android'],
];

const firstOf = (table: typeof NAMES, text: string) => table.find(([pattern]) => pattern.test(text.slice(0, 256)))?.[1];

/** What system a phone has by the name that its app gave it; undefined where the name does not tell. */
export function systemOfPhone(name: string): PhoneSystem | undefined {
  return firstOf(NAMES, name);
}

/** The service that wakes the app up: Apple's or Google's. */
const TOKENS: readonly (readonly [RegExp, PhoneSystem])[] = [
  [/^device:apns/i, 'iOS'],
  [/^device:(?:fcm|gcm)|:APA91/i, 'Android'],
];

/** What an audit record says a phone is of whose app came; undefined where it does not tell, or names two. */
export function systemInRecord({ phones, targets, names }: AuditFact): PhoneSystem | undefined {
  const ofNames = phones.map(systemOfPhone);
  const ofTokens = targets.map((target) => (systemOfPhone(names.get(target) ?? '') === undefined ? firstOf(TOKENS, target) : undefined));
  const found = new Set([...ofNames, ...ofTokens].filter((system) => system !== undefined));
  return found.size === 1 ? [...found][0] : undefined;
}

/** What a telephone shows that signs in; undefined for computers, and where the log does not tell. */
export function systemOfTelephone({ flags }: EventView): PhoneSystem | undefined {
  if ((flags & Flag.mobile) === 0) return undefined;
  const kind = systemOf(flags);
  return kind === 2 ? 'iOS' : kind === 3 ? 'Android' : undefined;
}

const BITS = { iOS: 1, Android: 2 } as const;
const SHOWN = RECORD_HEAD;
/** A fingerprint of a client has 16 bits. */
const MOST_CLIENTS = 65_536;
/** Second half of a client's key. */
const KEY = 0x70686f6e;

/**
 * On what telephones users are seen, without a word more in their records: of the systems and browsers that a user is known by, those that telephones
 * show. Memory: 16 bytes and an index for each of those, 65,536 at most.
 */
export class PhoneSystems {
  readonly #clients: ReturnType<Host['records']>;

  constructor(host: Host, name: string) {
    this.#clients = host.records(name, SHOWN + 1, MOST_CLIENTS);
  }

  /** Takes what a telephone shows that has signed in. */
  note(event: EventView): void {
    const system = event.client === 0 ? undefined : systemOfTelephone(event);
    if (system === undefined) return;
    const key = fingerprint(event.client);
    const found = this.#clients.find(key, KEY);
    if (found >= 0 && (this.#clients.segment(found)[this.#clients.offset(found) + SHOWN]! & BITS[system]) !== 0) return;
    const record = this.#clients.obtain(key, KEY);
    this.#clients.touch(record);
    const words = this.#clients.segment(record);
    const at = this.#clients.offset(record);
    words[at + LAST_SECONDS] = event.seconds;
    words[at + SHOWN] = words[at + SHOWN]! | BITS[system];
  }

  /** Systems of the telephones that the event's user is known by. */
  of({ user, userAt }: EventView): ReadonlySet<PhoneSystem> {
    const found = new Set<PhoneSystem>();
    if (userAt < 0) return found;
    const first = userAt + HABITS_AT + client.at;
    for (let at = first; at < first + client.slots; at++) {
      if (!isKnown(user[at]!)) continue;
      const record = this.#clients.find(user[at]! >>> 16, KEY);
      const shown = record < 0 ? 0 : this.#clients.segment(record)[this.#clients.offset(record) + SHOWN]!;
      // Shown by both, as a browser is that names no system, it tells nothing.
      if (shown === BITS.iOS) found.add('iOS');
      if (shown === BITS.Android) found.add('Android');
    }
    return found;
  }
}

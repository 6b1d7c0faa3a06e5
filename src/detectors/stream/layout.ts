import { popCount } from '../../core/pop-count.ts';
import { RECORD_HEAD } from '../../state/record-table.ts';
import type { DetectorSpec, Place } from '../detector.ts';

/** Words of a user's record that belong to the stream itself; the detectors' follow. */
export const UserWord = {
  lastSeconds: 2,
  firstSeconds: 3,
  /** Interactive successes, one a sign-in. */
  signIns: 4,
  flags: 5,
  /** Fold key of the last sign-in row: rows of one sign-in follow each other closely. */
  lastFold: 6,
  /** Address range where the owner last proved to be; when and how is in the upper bits of `flags`, see shared/own-hand.ts. */
  ownRange: 7,
} as const;
export const USER_OWN = 8;

export const UserFlag = {
  /** `people` has registrations of this user, to which later evidence may be added. */
  registered: 1,
  /** The last interactive success came from a managed device. */
  managed: 2,
  /** The last interactive success came from a device with an id that the user is known by. D1 writes it. */
  usualDevice: 4,
  /** Somebody had a wrong password for the user in a new place; D5 knows more. */
  passwordTried: 8,
  /** The user turned down an MFA prompt, or let it pass; D3 knows more. */
  prompted: 16,
  /** The user is usually seen at a place that is nobody's office. D29 writes it. */
  elsewhere: 32,
} as const;

/** Words of an address's record that belong to the stream itself. */
export const SourceWord = {
  lastSeconds: 2,
  asn: 3,
  country: 4,
  /** Linear-counting bitmap of 64 bits: users who have this network as a usual one. */
  usualUsers: 5,
} as const;
const SOURCE_OWN = RECORD_HEAD + 4;

export interface Layout {
  readonly userWords: number;
  readonly sourceWords: number;
  readonly places: ReadonlyMap<string, Place>;
  /** Names the layout: a state of another layout cannot be read. */
  readonly text: string;
}

/** Places for all detectors that exist, switched on or not, so that switching one on leaves the state readable. */
export function layoutOf(specs: readonly DetectorSpec[]): Layout {
  const places = new Map<string, Place>();
  let user = USER_OWN;
  let source = SOURCE_OWN;
  for (const spec of specs) {
    places.set(spec.id, { user, source });
    user += spec.userWords;
    source += spec.sourceWords;
  }
  const text = specs
    .filter((spec) => spec.userWords + spec.sourceWords > 0)
    .map((spec) => `${spec.id}:${spec.userWords}/${spec.sourceWords}`);
  return { userWords: user, sourceWords: source, places, text: `${USER_OWN}/${SOURCE_OWN} ${text.join(' ')}` };
}

const BITS = 64;

const bitOf = (userLo: number) => (Math.imul(userLo, 0x9e3779b1) >>> 20) % BITS;

/** Sets the bit of a user in a bitmap of 64 bits at words[at], words[at + 1]. */
export function markUser(words: Uint32Array, at: number, userLo: number): void {
  const bit = bitOf(userLo);
  words[at + (bit >> 5)] = words[at + (bit >> 5)]! | (1 << (bit & 31));
}

/** Whether the user may be one of those; in a large office nearly everybody may. */
export function isMarked(words: Uint32Array, at: number, userLo: number): boolean {
  const bit = bitOf(userLo);
  return ((words[at + (bit >> 5)]! >>> (bit & 31)) & 1) === 1;
}

/** Distinct users behind a bitmap by linear counting: -b ln(zeros / b); a full one says at least 266 for 64 bits. */
export function distinctUsers(setBits: number, bits: number): number {
  return setBits >= bits ? bits * Math.log(bits) : -bits * Math.log((bits - setBits) / bits);
}

/** By number of set bits: asked several times a sign-in. */
const usersOfBits = Float64Array.from({ length: BITS + 1 }, (_, setBits) => distinctUsers(setBits, BITS));

/** Users behind the bitmap of 64 bits at words[at], words[at + 1]. */
export function usersOf(words: Uint32Array, at: number): number {
  return usersOfBits[popCount(words[at]!) + popCount(words[at + 1]!)]!;
}

/** Users for whom this address is a usual one. */
export function usualUsers(source: Uint32Array, at: number): number {
  return at < 0 ? 0 : usersOf(source, at + SourceWord.usualUsers);
}

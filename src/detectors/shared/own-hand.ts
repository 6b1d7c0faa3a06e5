import { DAY_MS, HOUR_MS } from '../../core/durations.ts';
import { Flag } from '../../events/event-record.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { UserFlag, UserWord } from '../stream/layout.ts';
import { isPerhapsPhone, isUsualDevice, residents, SHARED_ADDRESS, WORKPLACE } from './habits.ts';
import { isHosting } from './hosting.ts';

/** What shows that a sign-in was the owner's: the stronger the larger. */
export const Proof = {
  none: 0,
  /** A session that the user has at usual places, in a browser that the user is known by; cookies can be stolen. */
  session: 1,
  /** A key, passkey or certificate that the user has had for long: it does not answer to a phishing page. */
  resistant: 2,
  /** A device with an id that the user is known by. */
  device: 3,
} as const;
export type Proof = (typeof Proof)[keyof typeof Proof];

/**
 * Bits of the user's flags: the proof, whether a telephone gave it, and above them the time (23 bits, in two minutes since 2020: until 2051); the
 * address range is in `ownRange`.
 */
const PROOF_SHIFT = 6;
const PROOF_MASK = 3;
const MOBILE = 1 << 8;
const TIME_SHIFT = 9;
const TICK_SECONDS = 120;
const FIRST_SECONDS = Date.UTC(2020, 0, 1) / 1000;
const MOST_TICKS = 2 ** 23 - 1;
const FLAGS_MASK = (1 << PROOF_SHIFT) - 1;

const RESISTANT: ReadonlySet<string> = new Set(['fido2', 'passkey', 'windows-hello', 'certificate', 'unknown']);
/** A key that was registered in this time may be an intruder's. */
const SETTLED_MS = 21 * DAY_MS;

/**
 * Whether a sign-in was proved with a key that cannot be phished and was not registered lately. One by a device code is not: the key is where the code
 * is typed in, the session where it was asked for.
 */
function isResistant(host: Host, event: EventView): boolean {
  if (!event.has(Flag.phishingResistant) || event.has(Flag.deviceCode)) return false;
  if ((event.user[event.userAt + UserWord.flags]! & UserFlag.registered) === 0) return true;
  const changes = host.person(event)?.changes ?? [];
  return !changes.some(
    ({ happening, methodKind, timeMs }) =>
      happening !== 'deleted' && RESISTANT.has(methodKind) && timeMs <= event.timeMs && event.timeMs - timeMs <= SETTLED_MS,
  );
}

export function proofOf(host: Host, event: EventView): Proof {
  return isUsualDevice(event) ? Proof.device : isResistant(host, event) ? Proof.resistant : Proof.none;
}

/** Whether what gave a proof may have gone on to another place with its owner: a telephone does, and where the log has no sessions a browser is not seen to. */
export const goesAlong = (event: EventView, proof: Proof) => isPerhapsPhone(event) || (proof === Proof.session && event.session === 0);

/** Notes where the owner was; the newest proof counts, of one moment the strongest. */
export function noteOwn(event: EventView, proof: Proof): void {
  if (event.prefix === 0) return;
  const at = event.userAt + UserWord.flags;
  const tick = Math.floor((event.seconds - FIRST_SECONDS) / TICK_SECONDS);
  if (tick < 0 || tick > MOST_TICKS) return;
  const held = event.user[at]! >>> TIME_SHIFT;
  if (tick < held || (tick === held && proof < ((event.user[at]! >>> PROOF_SHIFT) & PROOF_MASK))) return;
  const mobile = goesAlong(event, proof) ? MOBILE : 0;
  event.user[at] = ((event.user[at]! & FLAGS_MASK) | (proof << PROOF_SHIFT) | mobile | (tick << TIME_SHIFT)) >>> 0;
  event.user[event.userAt + UserWord.ownRange] = event.prefix;
}

/** Where the owner last proved to be. */
export interface LastProof {
  readonly proof: Proof;
  readonly agoMs: number;
  readonly mobile: boolean;
  /** In the event's own address range. */
  readonly here: boolean;
}

export function lastProof(event: EventView): LastProof | undefined {
  const word = event.userAt < 0 ? 0 : event.user[event.userAt + UserWord.flags]!;
  const proof = ((word >>> PROOF_SHIFT) & PROOF_MASK) as Proof;
  if (proof === Proof.none) return undefined;
  const agoMs = Math.max(0, event.seconds - FIRST_SECONDS - (word >>> TIME_SHIFT) * TICK_SECONDS) * 1000;
  const here = event.prefix !== 0 && (event.user[event.userAt + UserWord.ownRange]! | 0) === event.prefix;
  return { proof, agoMs, mobile: (word & MOBILE) !== 0, here };
}

/** The proof that the event itself has just given. */
export function provedNow(event: EventView): Proof {
  const last = lastProof(event);
  return last?.here === true && last.agoMs < TICK_SECONDS * 1000 ? last.proof : Proof.none;
}

/** Whether the user's last interactive success came from a usual device, within half an hour, wherever. */
export function signedInOnOwn(event: EventView): boolean {
  if (event.userAt < 0 || event.seconds * 1000 - event.user[event.userAt + UserWord.lastSeconds]! * 1000 > HOUR_MS / 2) return false;
  return lastWasOwn(event);
}

/** Whether the user's last interactive success came from a usual device. */
export function lastWasOwn(event: EventView): boolean {
  return event.userAt >= 0 && (event.user[event.userAt + UserWord.flags]! & UserFlag.usualDevice) !== 0;
}

/**
 * Whether a device of the user's own was in an address range, that of the event's or the registration's whose record it is, within the day. Where many
 * are, and where the record shows no address, it must have been the last that signed in.
 */
export function isAtOwnDevice(event: EventView, range: number): boolean {
  const last = lastProof(event);
  if (last?.proof !== Proof.device || last.agoMs > DAY_MS || range === 0) return false;
  if ((event.user[event.userAt + UserWord.ownRange]! | 0) !== range) return false;
  return (event.prefix !== 0 && residents(event) < SHARED_ADDRESS) || lastWasOwn(event);
}

/**
 * Whether the event is at an address of many colleagues, and the user's last interactive success, within the day, was on a device that the organisation
 * manages: a ward's or a counter's computer is nobody's own.
 */
export function isAtManagedWorkplace(event: EventView): boolean {
  if (event.userAt < 0 || event.prefix === 0 || residents(event) < WORKPLACE || isHosting(event.asn)) return false;
  const { user, userAt, seconds } = event;
  return (user[userAt + UserWord.flags]! & UserFlag.managed) !== 0 && 1000 * (seconds - user[userAt + UserWord.lastSeconds]!) <= DAY_MS;
}

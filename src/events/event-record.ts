/**
 * The compact form of an event: 24 words of 32 bits in one buffer, everything that the hot path reads.
 * Hashes stand for strings (0 = absent); the words themselves stay in the batch, at `batch` and `row`.
 */
export const EVENT_WORDS = 24;

/** Word offsets. `order`, `time` are float64 (Unix ms). */
export const Word = {
  /** Place in the total order, see ordering.ts. */
  order: 0,
  time: 2,
  idLo: 4,
  idHi: 5,
  /** Hash over the other columns: rows that share an Id but differ are different events. */
  content: 6,
  flags: 7,
  userLo: 8,
  userHi: 9,
  ipLo: 10,
  ipHi: 11,
  prefix: 12,
  asn: 13,
  country: 14,
  device: 15,
  client: 16,
  app: 17,
  session: 18,
  /** Rows of one sign-in share it (OriginalRequestId, else Id). */
  foldLo: 19,
  foldHi: 20,
  /** Latitude and longitude in hundredths of a degree, 16 bits each; GEO_UNKNOWN where absent. */
  geo: 21,
  batch: 22,
  row: 23,
} as const;

export const GEO_UNKNOWN = 0x80008000;

/** What kind of thing happened: the low bits of `flags`. Detectors subscribe to these. */
export const EventClass = {
  signIn: 0,
  backgroundSignIn: 1,
  interrupt: 2,
  passwordFailure: 3,
  promptRefused: 4,
  otherFailure: 5,
  audit: 6,
  risk: 7,
  identity: 8,
} as const;
export type EventClass = (typeof EventClass)[keyof typeof EventClass];
export const EVENT_CLASSES = 9;
export const CLASS_MASK = 0xff;

/** Bits of `flags` above the class. */
export const Flag = {
  interactive: 1 << 8,
  managedDevice: 1 << 9,
  joinedDevice: 1 << 10,
  mfa: 1 << 11,
  phishingResistant: 1 << 12,
  trustedLocation: 1 << 13,
  guest: 1 << 14,
  firstFactor: 1 << 15,
  deviceCode: 1 << 16,
  legacyProtocol: 1 << 17,
  knownEgress: 1 << 18,
  /** A telephone's operating system. */
  mobile: 1 << 19,
  /** A method was asked for and given: more than a password or a claim. */
  answered: 1 << 25,
  /** A sign-in to a page on which users change their methods. */
  securityInfo: 1 << 26,
  /** A method that is at least as hard to take over as the telephone network was asked for and given. */
  gaveMethod: 1 << 27,
  /** The user's key is that of a name: the row has no object id. */
  byName: 1 << 28,
  /** By a program that speaks HTTP by a library, not a browser. */
  script: 1 << 29,
  /** Nothing was proved: all that was asked for had been satisfied before, as the token says. */
  claimed: 1 << 30,
} as const;

/** Two bits for the kind of operating system: 1 Windows, 2 Apple's, 3 Android, Linux and ChromeOS, 0 not known. */
export const SYSTEM_SHIFT = 23;
export const SYSTEM_KINDS = [/^\s*windows/i, /^\s*(?:mac|ios|ipad|os x)/i, /^\s*(?:android|linux|ubuntu|chrome ?os)/i] as const;

export function systemOf(flags: number): number {
  return (flags >>> SYSTEM_SHIFT) & 3;
}

/** By the user agent: what programs name themselves that speak HTTP by a library. */
export const SCRIPTS =
  /^\s*(?:python|axios|node|undici|got |go-http|curl|wget|aiohttp|httpx|okhttp|java\/|apache-httpclient|libwww|ruby|powershell)/i;

/** Three bits of provider risk: see RISK_LEVELS. */
export const RISK_SHIFT = 20;
export const RISK_LEVELS = ['', 'none', 'low', 'medium', 'high', 'hidden'] as const;

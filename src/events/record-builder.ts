import { addressKeys } from './address.ts';
import type { ColumnBatch, StringColumn } from './column-batch.ts';
import { EVENT_WORDS, EventClass, Flag, GEO_UNKNOWN, RISK_LEVELS, RISK_SHIFT, Word } from './event-record.ts';
import { combine, hashAll, hashText } from './hash.ts';
import { isRefusedPrompt, resultMeaning } from './sign-in-results.ts';

const decoder = new TextDecoder();
const DAY = 86_400_000;
/** Event times further before the ingestion than this say nothing of tenure or dormancy. */
const OLDEST_MS = 400 * DAY;

/** Until when (Unix ms, 0 = never) the operator vouches for an address or for named locations; asked once per dictionary entry. */
export interface EgressTest {
  address(address: string): number;
  location(names: string): number;
}
export const noEgress: EgressTest = { address: () => 0, location: () => 0 };

const empty: StringColumn = { indices: new Int32Array(0), offsets: new Int32Array(1), bytes: new Uint8Array(0), size: 0 };

function column(batch: ColumnBatch, name: string): StringColumn {
  return batch.strings.get(name) ?? empty;
}

function entryText(strings: StringColumn, entry: number): string {
  return decoder.decode(strings.bytes.subarray(strings.offsets[entry]!, strings.offsets[entry + 1]!));
}

function hashes(strings: StringColumn): Uint32Array {
  return hashAll(strings.bytes, strings.offsets, strings.size);
}

/** A number worked out once per dictionary entry, not once per row. */
function perEntry(strings: StringColumn, value: (text: string) => number): Uint32Array {
  return Uint32Array.from({ length: strings.size }, (_, entry) => value(entryText(strings, entry)));
}

/** The family of an operating system: 'Windows 10', 'Windows10' and 'windows 11' are one. */
function familyHash(text: string): number {
  const family = /^[^\d]*/.exec(text.trim().toLowerCase())?.[0].trim() ?? '';
  return hashText(family)[0];
}

interface AddressHashes {
  readonly address: Uint32Array;
  readonly prefix: Uint32Array;
  readonly vouchedMs: Float64Array;
}

function addressHashes(strings: StringColumn, egress: EgressTest): AddressHashes {
  const address = new Uint32Array(strings.size * 2);
  const prefix = new Uint32Array(strings.size);
  const vouchedMs = new Float64Array(strings.size);
  for (let entry = 0; entry < strings.size; entry++) {
    const keys = addressKeys(entryText(strings, entry));
    if (keys.address === '') continue;
    const [lo, hi] = hashText(keys.address);
    address[2 * entry] = lo;
    address[2 * entry + 1] = hi;
    prefix[entry] = hashText(keys.prefix)[0];
    vouchedMs[entry] = egress.address(keys.address.endsWith('/64') ? entryText(strings, entry) : keys.address);
  }
  return { address, prefix, vouchedMs };
}

/** The column whose hash is a user's key; a row without object id falls back to the UPN. */
const userColumns = {
  'sign-in': ['UserId', 'UserPrincipalName'],
  risk: ['UserId', 'UserPrincipalName'],
  audit: ['TargetUserId', 'TargetUpn', 'ActorUserId', 'ActorUpn'],
} as const;
const addressColumn = { 'sign-in': 'IPAddress', risk: 'IPAddress', audit: 'ActorIp' } as const;

/**
 * Where a row stands in the order: at its event time, but not before ingestion - lateness (its place would be committed already)
 * and not after its ingestion (an event of the year 9999 would never come up).
 */
export function orderTime(timeMs: number, ingestedMs: number, latenessMs: number): number {
  return Math.min(Math.max(timeMs, ingestedMs - latenessMs), ingestedMs);
}

/** Writes the records of a batch to `words` from record `first` on; the batch field is `batchNumber`. Allocates per batch and dictionary, not per row. */
export function buildRecords(
  batch: ColumnBatch,
  batchNumber: number,
  latenessMs: number,
  egress: EgressTest,
  words: Uint32Array,
  first: number,
): void {
  const doubles = new Float64Array(words.buffer, words.byteOffset, words.length >> 1);
  const times = batch.numbers.get('EventTime') ?? new Float64Array(batch.rows).fill(Number.NaN);
  const ingested = batch.numbers.get('IngestedAt') ?? times;
  const id = column(batch, 'Id');
  const idHash = hashes(id);
  const tenant = column(batch, 'TenantId');
  const tenantHash = hashes(tenant);
  const users = userColumns[batch.kind].map((name) => column(batch, name));
  const userHash = users.map((strings, i) => (i % 2 === 0 ? hashes(strings) : lowerHashes(strings)));
  const ip = column(batch, addressColumn[batch.kind]);
  const addresses = addressHashes(ip, egress);
  fillContent(batch, words, first);
  for (let row = 0; row < batch.rows; row++) {
    const at = (first + row) * EVENT_WORDS;
    let time = times[row]!;
    let taken = ingested[row]!;
    if (Number.isNaN(taken)) taken = Number.isNaN(time) ? 0 : time;
    if (Number.isNaN(time)) time = taken;
    doubles[(at + Word.order) >> 1] = orderTime(time, taken, latenessMs);
    doubles[(at + Word.time) >> 1] = Math.min(Math.max(time, taken - OLDEST_MS), taken);
    const idEntry = id.indices[row]!;
    words[at + Word.idLo] = idEntry < 0 ? 0 : idHash[2 * idEntry]!;
    words[at + Word.idHi] = idEntry < 0 ? 0 : idHash[2 * idEntry + 1]!;
    const tenantEntry = tenant.indices[row] ?? -1;
    const salt = tenantEntry < 0 ? 0 : tenantHash[2 * tenantEntry]!;
    for (let i = 0; i < users.length; i++) {
      const entry = users[i]!.indices[row] ?? -1;
      const lo = entry < 0 ? 0 : userHash[i]![2 * entry]!;
      if (lo === 0) continue;
      words[at + Word.userLo] = combine(lo, salt);
      words[at + Word.userHi] = userHash[i]![2 * entry + 1]!;
      break;
    }
    const ipEntry = ip.indices[row]!;
    if (ipEntry >= 0) {
      words[at + Word.ipLo] = addresses.address[2 * ipEntry]!;
      words[at + Word.ipHi] = addresses.address[2 * ipEntry + 1]!;
      words[at + Word.prefix] = addresses.prefix[ipEntry]!;
      if (time < addresses.vouchedMs[ipEntry]!) words[at + Word.flags] = words[at + Word.flags]! | Flag.knownEgress;
    }
    words[at + Word.foldLo] = words[at + Word.idLo]!;
    words[at + Word.foldHi] = words[at + Word.idHi]!;
    words[at + Word.geo] = GEO_UNKNOWN;
    words[at + Word.batch] = batchNumber;
    words[at + Word.row] = row;
  }
  if (batch.kind === 'sign-in') fillSignIns(batch, egress, words, first);
  else fillClass(batch, words, first, batch.kind === 'audit' ? EventClass.audit : EventClass.risk);
}

/** UPNs differ in case between rows of one user. */
function lowerHashes(strings: StringColumn): Uint32Array {
  const out = new Uint32Array(strings.size * 2);
  for (let entry = 0; entry < strings.size; entry++) {
    const [lo, hi] = hashText(entryText(strings, entry).toLowerCase());
    out[2 * entry] = lo;
    out[2 * entry + 1] = hi;
  }
  return out;
}

/** Correlation and session ids differ whenever anything else does: leaving them out saves two hashes a row. */
const notContent = new Set(['Id', 'CorrelationId', 'SessionId', 'OriginalRequestId']);

function fillContent(batch: ColumnBatch, words: Uint32Array, first: number): void {
  words.fill(0, first * EVENT_WORDS, (first + batch.rows) * EVENT_WORDS);
  for (const [name, strings] of batch.strings) {
    if (notContent.has(name) || strings.size === 0) continue;
    const hash = hashes(strings);
    for (let row = 0, at = first * EVENT_WORDS + Word.content; row < batch.rows; row++, at += EVENT_WORDS) {
      const entry = strings.indices[row]!;
      words[at] = Math.imul(words[at]! ^ (entry < 0 ? 0 : hash[2 * entry]!), 0x9e3779b1) + 0x165667b1;
    }
  }
}

function fillClass(batch: ColumnBatch, words: Uint32Array, first: number, eventClass: EventClass): void {
  for (let row = 0, at = first * EVENT_WORDS + Word.flags; row < batch.rows; row++, at += EVENT_WORDS) words[at] = words[at]! | eventClass;
}

/** A hash column of the record and the column that it comes from. */
const signInHashes = [
  ['Asn', Word.asn],
  ['Country', Word.country],
  ['DeviceId', Word.device],
  ['AppId', Word.app],
  ['SessionId', Word.session],
] as const;

/** Flags that one column decides: `bits` is asked once per dictionary entry. */
const signInFlags: readonly (readonly [column: string, bits: (text: string) => number])[] = [
  ['DeviceTrust', (text) => (text === 'managed' ? Flag.managedDevice | Flag.joinedDevice : text === 'joined' ? Flag.joinedDevice : 0)],
  ['Requirement', (text) => (text.toLowerCase() === 'multifactorauthentication' ? Flag.mfa : 0)],
  ['Methods', (text) => (/fido|passkey|windows hello|certificate|x\.?509/i.test(text) ? Flag.phishingResistant : 0)],
  ['NamedLocation', (text) => (text.includes('trusted:') ? Flag.trustedLocation : 0)],
  ['OperatingSystem', (text) => (/^\s*(?:ios|ipados|android)/i.test(text) ? Flag.mobile : 0)],
  ['UserType', (text) => (text.toLowerCase() === 'guest' ? Flag.guest : 0)],
  [
    'Protocol',
    (text) => {
      const protocol = text.toLowerCase();
      if (protocol === 'devicecode') return Flag.deviceCode;
      return protocol === 'ropc' ? Flag.legacyProtocol : 0;
    },
  ],
  ['RiskLevel', (text) => Math.max(0, (RISK_LEVELS as readonly string[]).indexOf(text.toLowerCase())) << RISK_SHIFT],
];

function fillSignIns(batch: ColumnBatch, egress: EgressTest, words: Uint32Array, first: number): void {
  const start = first * EVENT_WORDS;
  for (const [name, word] of signInHashes) {
    const strings = column(batch, name);
    const hash = hashes(strings);
    for (let row = 0, at = start + word; row < batch.rows; row++, at += EVENT_WORDS) {
      const entry = strings.indices[row]!;
      words[at] = entry < 0 ? 0 : hash[2 * entry]!;
    }
  }
  for (const [name, bits] of signInFlags) {
    const strings = column(batch, name);
    const flags = perEntry(strings, bits);
    for (let row = 0, at = start + Word.flags; row < batch.rows; row++, at += EVENT_WORDS) {
      const entry = strings.indices[row]!;
      if (entry >= 0) words[at] = words[at]! | flags[entry]!;
    }
  }
  fillVouchedLocations(batch, egress, words, start);
  fillOutcome(batch, words, start);
  fillClientAndFold(batch, words, start);
  fillGeo(batch, words, start);
}

function fillVouchedLocations(batch: ColumnBatch, egress: EgressTest, words: Uint32Array, start: number): void {
  const strings = column(batch, 'NamedLocation');
  const until = Float64Array.from({ length: strings.size }, (_, entry) => egress.location(entryText(strings, entry)));
  if (until.every((ms) => ms === 0)) return;
  const doubles = new Float64Array(words.buffer, words.byteOffset, words.length >> 1);
  for (let row = 0, at = start; row < batch.rows; row++, at += EVENT_WORDS) {
    const entry = strings.indices[row]!;
    if (entry < 0 || doubles[(at + Word.time) >> 1]! >= until[entry]!) continue;
    words[at + Word.flags] = words[at + Word.flags]! | Flag.knownEgress;
  }
}

function fillOutcome(batch: ColumnBatch, words: Uint32Array, start: number): void {
  const results = column(batch, 'ResultType');
  const meaning = Array.from({ length: results.size }, (_, entry) => resultMeaning(entryText(results, entry)));
  const details = column(batch, 'ResultDetail');
  const refused = perEntry(details, (text) => (isRefusedPrompt(text) ? 1 : 0));
  const interactive = batch.bools.get('IsInteractive');
  for (let row = 0, at = start + Word.flags; row < batch.rows; row++, at += EVENT_WORDS) {
    const entry = results.indices[row]!;
    const { outcome, firstFactor } = entry < 0 ? resultMeaning('') : meaning[entry]!;
    const detail = details.indices[row]!;
    const person = interactive?.[row] !== 0;
    let flags = (person ? Flag.interactive : 0) | (firstFactor ? Flag.firstFactor : 0);
    if (outcome === 'success') flags |= person ? EventClass.signIn : EventClass.backgroundSignIn;
    else if (outcome === 'interrupt' || outcome === 'blocked') flags |= EventClass.interrupt;
    else if (outcome === 'password-failure') flags |= EventClass.passwordFailure;
    else if (outcome === 'mfa-failure' && (detail < 0 || refused[detail] === 1)) flags |= EventClass.promptRefused;
    else flags |= EventClass.otherFailure;
    words[at] = words[at]! | flags;
  }
}

function fillClientAndFold(batch: ColumnBatch, words: Uint32Array, start: number): void {
  const system = column(batch, 'OperatingSystem');
  const browser = column(batch, 'Browser');
  const systemHash = perEntry(system, familyHash);
  const browserHash = perEntry(browser, familyHash);
  const original = column(batch, 'OriginalRequestId');
  const originalHash = hashes(original);
  for (let row = 0, at = start; row < batch.rows; row++, at += EVENT_WORDS) {
    const systemEntry = system.indices[row]!;
    const browserEntry = browser.indices[row]!;
    words[at + Word.client] = combine(systemEntry < 0 ? 0 : systemHash[systemEntry]!, browserEntry < 0 ? 0 : browserHash[browserEntry]!);
    const entry = original.indices[row]!;
    if (entry < 0 || originalHash[2 * entry] === 0) continue;
    words[at + Word.foldLo] = originalHash[2 * entry]!;
    words[at + Word.foldHi] = originalHash[2 * entry + 1]!;
  }
}

function fillGeo(batch: ColumnBatch, words: Uint32Array, start: number): void {
  const latitude = batch.numbers.get('Latitude')!;
  const longitude = batch.numbers.get('Longitude')!;
  for (let row = 0, at = start + Word.geo; row < batch.rows; row++, at += EVENT_WORDS) {
    const lat = Math.round(latitude[row]! * 100);
    const lon = Math.round(longitude[row]! * 100);
    // Not a place: null, out of range, or (0, 0), which stands for "unknown" in real rows.
    if (!(Math.abs(lat) <= 9000 && Math.abs(lon) <= 18000) || (lat === 0 && lon === 0)) continue;
    words[at] = ((lat & 0xffff) << 16) | (lon & 0xffff);
  }
}

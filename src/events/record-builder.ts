import { addressHashes, type EgressTest } from './address-hashes.ts';
import type { ColumnBatch } from './column-batch.ts';
import { Dictionaries, lowerHashes } from './dictionary.ts';
import { EVENT_WORDS, EventClass, Flag, GEO_UNKNOWN, Word } from './event-record.ts';
import { combine } from './hash.ts';
import { fillSignIns } from './sign-in-records.ts';

const DAY = 86_400_000;
/** Event times further before the ingestion than this say nothing of tenure or dormancy. */
const OLDEST_MS = 400 * DAY;

/** The columns whose hash is a user's key; a row without object id falls back to the UPN. */
const userColumns = {
  'sign-in': [
    ['UserId', 'exact'],
    ['UserPrincipalName', 'lower'],
  ],
  risk: [
    ['UserId', 'exact'],
    ['UserPrincipalName', 'lower'],
  ],
  audit: [
    ['TargetUserId', 'exact'],
    ['TargetUpn', 'lower'],
    ['ActorUserId', 'exact'],
    ['ActorUpn', 'lower'],
  ],
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
  const dictionaries = new Dictionaries(batch);
  const times = batch.numbers.get('EventTime') ?? new Float64Array(batch.rows).fill(Number.NaN);
  const ingested = batch.numbers.get('IngestedAt') ?? times;
  const id = dictionaries.column('Id');
  const idHash = dictionaries.hashes(id);
  const ip = dictionaries.column(addressColumn[batch.kind]);
  const addresses = addressHashes(ip, egress);
  const content = contentOf(batch, dictionaries);
  words.fill(0, first * EVENT_WORDS, (first + batch.rows) * EVENT_WORDS);
  for (let row = 0, at = first * EVENT_WORDS; row < batch.rows; row++, at += EVENT_WORDS) {
    let time = times[row]!;
    let taken = ingested[row]!;
    if (Number.isNaN(taken)) taken = Number.isNaN(time) ? 0 : time;
    if (Number.isNaN(time)) time = taken;
    doubles[(at + Word.order) >> 1] = orderTime(time, taken, latenessMs);
    doubles[(at + Word.time) >> 1] = Math.min(Math.max(time, taken - OLDEST_MS), taken);
    words[at + Word.content] = content[row]!;
    const idEntry = id.indices[row]!;
    if (idEntry >= 0) {
      words[at + Word.idLo] = idHash[2 * idEntry]!;
      words[at + Word.idHi] = idHash[2 * idEntry + 1]!;
      words[at + Word.foldLo] = idHash[2 * idEntry]!;
      words[at + Word.foldHi] = idHash[2 * idEntry + 1]!;
    }
    const ipEntry = ip.indices[row]!;
    if (ipEntry >= 0) {
      words[at + Word.ipLo] = addresses.address[2 * ipEntry]!;
      words[at + Word.ipHi] = addresses.address[2 * ipEntry + 1]!;
      words[at + Word.prefix] = addresses.prefix[ipEntry]!;
      if (time < addresses.vouchedMs[ipEntry]!) words[at + Word.flags] = Flag.knownEgress;
    }
    words[at + Word.geo] = GEO_UNKNOWN;
    words[at + Word.batch] = batchNumber;
    words[at + Word.row] = row;
  }
  fillUsers(batch, dictionaries, words, first * EVENT_WORDS);
  if (batch.kind === 'sign-in') fillSignIns(batch, dictionaries, egress, words, first * EVENT_WORDS);
  else fillClass(batch, words, first, batch.kind === 'audit' ? EventClass.audit : EventClass.risk);
}

/** The first column that has a name for the user gives the key; the others are not even hashed where it always does. */
function fillUsers(batch: ColumnBatch, dictionaries: Dictionaries, words: Uint32Array, start: number): void {
  const tenant = dictionaries.column('TenantId');
  const tenantHash = dictionaries.hashes(tenant);
  let missing = batch.rows;
  for (const [name, fold] of userColumns[batch.kind]) {
    if (missing === 0) return;
    const strings = dictionaries.column(name);
    // UPNs differ in case between rows of one user.
    const hash = fold === 'lower' ? lowerHashes(strings) : dictionaries.hashes(strings);
    for (let row = 0, at = start + Word.userLo; row < batch.rows; row++, at += EVENT_WORDS) {
      const entry = strings.indices[row]!;
      if (entry < 0 || words[at] !== 0 || hash[2 * entry] === 0) continue;
      const tenantEntry = tenant.indices[row]!;
      words[at] = combine(hash[2 * entry]!, tenantEntry < 0 ? 0 : tenantHash[2 * tenantEntry]!);
      words[at + 1] = hash[2 * entry + 1]!;
      missing--;
    }
  }
}

/** Correlation and session ids differ whenever anything else does: leaving them out saves two hashes a row. */
const notContent = new Set(['Id', 'CorrelationId', 'SessionId', 'OriginalRequestId']);

/** For each row a hash over its texts. */
function contentOf(batch: ColumnBatch, dictionaries: Dictionaries): Uint32Array {
  const content = new Uint32Array(batch.rows);
  for (const [name, strings] of batch.strings) {
    if (notContent.has(name) || strings.size === 0) continue;
    const hash = dictionaries.hashes(strings);
    const { indices } = strings;
    for (let row = 0; row < content.length; row++) {
      const entry = indices[row]!;
      content[row] = Math.imul(content[row]! ^ (entry < 0 ? 0 : hash[2 * entry]!), 0x9e3779b1) + 0x165667b1;
    }
  }
  return content;
}

function fillClass(batch: ColumnBatch, words: Uint32Array, first: number, eventClass: EventClass): void {
  for (let row = 0, at = first * EVENT_WORDS + Word.flags; row < batch.rows; row++, at += EVENT_WORDS) words[at] = words[at]! | eventClass;
}

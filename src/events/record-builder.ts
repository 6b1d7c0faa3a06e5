import { DAY_MS } from '../core/durations.ts';
import { accountHashes } from './account-hash.ts';
import { addressHashes, type EgressTest } from './address-hashes.ts';
import { type ColumnBatch, isBlank, type StringColumn } from './column-batch.ts';
import { Dictionaries, type Filler } from './dictionary.ts';
import { EVENT_WORDS, EventClass, Flag, GEO_UNKNOWN, Word } from './event-record.ts';
import { combine } from './hash.ts';
import { signInFillers } from './sign-in-records.ts';

/** Event times further before the ingestion than this say nothing of tenure or dormancy. */
const OLDEST_MS = 400 * DAY_MS;

/**
 * The columns whose hash is a user's key; a row without object id falls back to the UPN. The tenant is no part of it: an object id is one tenant's
 * anyhow, and so is the domain of a name, while some exports leave the tenant out in one table and not in the other.
 */
const userColumns = {
  'sign-in': [
    ['UserId', 'id'],
    ['UserPrincipalName', 'name'],
  ],
  risk: [
    ['UserId', 'id'],
    ['UserPrincipalName', 'name'],
  ],
  identity: [
    ['UserId', 'id'],
    ['UserPrincipalName', 'name'],
  ],
  audit: [
    ['TargetUserId', 'id'],
    ['TargetUpn', 'name'],
    ['ActorUserId', 'id'],
    ['ActorUpn', 'name'],
  ],
} as const;
const addressColumn = { 'sign-in': 'IPAddress', risk: 'IPAddress', identity: 'IPAddress', audit: 'ActorIp' } as const;
const classes = { audit: EventClass.audit, risk: EventClass.risk, identity: EventClass.identity } as const;

/**
 * Where a row stands in the order: at its event time, but not before ingestion - lateness (its place would be committed already)
 * and not after its ingestion (an event of the year 9999 would never come up).
 */
function orderTime(timeMs: number, ingestedMs: number, latenessMs: number): number {
  return Math.min(Math.max(timeMs, ingestedMs - latenessMs), ingestedMs);
}

/**
 * Rows that are filled one column after the other: their records (400 KB) stay in the cache meanwhile. All that goes over rows does so by blocks: a
 * function that is called often is compiled once, the loop of one that is called once a batch over and over.
 */
export const BLOCK_ROWS = 4096;

/**
 * Writes the records of a batch to `words` from record `first` on; the batch field is `batchNumber`. What depends on a text is worked out once
 * a dictionary entry, when a column's filler is made; the fillers then go over the rows block by block. Nothing is allocated per row.
 */
export function buildRecords(
  batch: ColumnBatch,
  batchNumber: number,
  latenessMs: number,
  egress: EgressTest,
  words: Uint32Array,
  first: number,
): void {
  const dictionaries = new Dictionaries(batch);
  const start = first * EVENT_WORDS;
  words.fill(0, start, start + batch.rows * EVENT_WORDS);
  const fillers = [
    commonFiller(batch, dictionaries, batchNumber, latenessMs, egress, words, start),
    contentFiller(batch, dictionaries, words, start),
    ...namelessFillers(batch, dictionaries, words, start),
    ...userFillers(batch, dictionaries, words, start),
  ];
  if (batch.kind === 'sign-in') fillers.push(...signInFillers(batch, dictionaries, egress, words, start));
  else fillers.push(classFiller(classes[batch.kind], words, start));
  for (let from = 0; from < batch.rows; from += BLOCK_ROWS) {
    const to = Math.min(batch.rows, from + BLOCK_ROWS);
    for (const fill of fillers) fill(from, to);
  }
}

/** Place, time, id, content, address. */
function commonFiller(
  batch: ColumnBatch,
  dictionaries: Dictionaries,
  batchNumber: number,
  latenessMs: number,
  egress: EgressTest,
  words: Uint32Array,
  start: number,
): Filler {
  const doubles = new Float64Array(words.buffer, words.byteOffset, words.length >> 1);
  const times = batch.numbers.get('EventTime') ?? new Float64Array(batch.rows).fill(Number.NaN);
  const ingested = batch.numbers.get('IngestedAt') ?? times;
  const id = dictionaries.column('Id');
  const idHash = dictionaries.ids(id);
  const ip = dictionaries.column(addressColumn[batch.kind]);
  const addresses = addressHashes(ip, dictionaries.hashes(ip), egress);
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS; row < to; row++, at += EVENT_WORDS) {
      let time = times[row]!;
      let taken = ingested[row]!;
      if (Number.isNaN(taken)) taken = Number.isNaN(time) ? 0 : time;
      if (Number.isNaN(time)) time = taken;
      doubles[(at + Word.order) >> 1] = orderTime(time, taken, latenessMs);
      doubles[(at + Word.time) >> 1] = Math.min(Math.max(time, taken - OLDEST_MS), taken);
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
  };
}

/** The first column that has a name for the user gives the key; the others are not even hashed where it always does. */
function userFillers(batch: ColumnBatch, dictionaries: Dictionaries, words: Uint32Array, start: number): readonly Filler[] {
  const fillers: Filler[] = [];
  for (const [name, what] of userColumns[batch.kind]) {
    const strings = dictionaries.column(name);
    const hash = what === 'name' ? accountHashes(strings) : dictionaries.ids(strings);
    const flag = what === 'name' ? Flag.byName : 0;
    fillers.push((from, to) => {
      for (let row = from, at = start + from * EVENT_WORDS + Word.userLo; row < to; row++, at += EVENT_WORDS) {
        const entry = strings.indices[row]!;
        if (entry < 0 || words[at] !== 0 || hash[2 * entry] === 0) continue;
        words[at] = hash[2 * entry]!;
        words[at + 1] = hash[2 * entry + 1]!;
        words[at + Word.flags - Word.userLo] = words[at + Word.flags - Word.userLo]! | flag;
      }
    });
    if (namesEveryRow(strings, hash, batch.rows)) break;
  }
  return fillers;
}

function namesEveryRow({ indices }: StringColumn, hash: Uint32Array, rows: number): boolean {
  for (let from = 0; from < rows; from += BLOCK_ROWS) if (!namesRows(indices, hash, from, Math.min(rows, from + BLOCK_ROWS))) return false;
  return true;
}

function namesRows(indices: Int32Array, hash: Uint32Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) if (indices[row]! < 0 || hash[2 * indices[row]!] === 0) return false;
  return true;
}

/**
 * Rows without an Id, or with a mask in its place: two of them are one row only where all else is the same, ids and the time among it. Rows of samples/
 * without their Ids were one for every tenth otherwise.
 */
function namelessFillers(batch: ColumnBatch, dictionaries: Dictionaries, words: Uint32Array, start: number): readonly Filler[] {
  const id = dictionaries.column('Id');
  const idHash = dictionaries.ids(id);
  if (namesEveryRow(id, idHash, batch.rows)) return [];
  const times = batch.numbers.get('EventTime');
  let factor = 1;
  const columns = [...batch.strings].flatMap(([name, strings]) => {
    factor = Math.imul(factor, 0x9e3779b1);
    return name === 'Id' || isBlank(strings) ? [] : [{ indices: strings.indices, hash: dictionaries.hashes(strings), factor }];
  });
  const time = new DataView(new ArrayBuffer(8));
  return [
    (from, to) => {
      for (let row = from, at = start + from * EVENT_WORDS; row < to; row++, at += EVENT_WORDS) {
        const own = id.indices[row]!;
        if (own >= 0 && idHash[2 * own] !== 0) continue;
        time.setFloat64(0, times?.[row] ?? Number.NaN);
        let lo = combine(time.getUint32(0), time.getUint32(4));
        let hi = combine(time.getUint32(4), time.getUint32(0));
        for (const column of columns) {
          const entry = column.indices[row]!;
          if (entry < 0) continue;
          lo = (lo + Math.imul(column.hash[2 * entry]!, column.factor)) | 0;
          hi = (hi + Math.imul(column.hash[2 * entry + 1]!, column.factor)) | 0;
        }
        words[at + Word.idLo] = lo;
        words[at + Word.idHi] = hi;
        words[at + Word.foldLo] = lo;
        words[at + Word.foldHi] = hi;
      }
    },
  ];
}

/** Correlation and session ids come with an Id, by which rows are told apart: leaving them out saves two hashes a row. */
const notContent = new Set(['Id', 'CorrelationId', 'SessionId', 'OriginalRequestId']);

/**
 * For each row a hash over its texts: a sum in which each column has a factor of its own and an empty text, as an absent one, adds nothing. Summed up
 * side by side, sixteen rows a cache line, and written to the records at the end.
 */
function contentFiller(batch: ColumnBatch, dictionaries: Dictionaries, words: Uint32Array, start: number): Filler {
  const columns: { readonly indices: Int32Array; readonly parts: Int32Array }[] = [];
  let factor = 1;
  for (const [name, strings] of batch.strings) {
    factor = Math.imul(factor, 0x9e3779b1);
    if (!notContent.has(name) && !isBlank(strings))
      columns.push({ indices: strings.indices, parts: partsOf(dictionaries.hashes(strings), strings.size, factor) });
  }
  const sums = new Int32Array(BLOCK_ROWS);
  return (from, to) => {
    sums.fill(0);
    for (let i = 0; i < columns.length; i++) addParts(sums, columns[i]!.indices, columns[i]!.parts, from, to);
    for (let row = from, at = start + from * EVENT_WORDS + Word.content; row < to; row++, at += EVENT_WORDS) words[at] = sums[row - from]!;
  };
}

/** What an entry of a column adds to its row's content. */
function partsOf(hash: Uint32Array, size: number, factor: number): Int32Array {
  const parts = new Int32Array(size);
  for (let entry = 0; entry < size; entry++) parts[entry] = Math.imul(hash[2 * entry]!, factor);
  return parts;
}

function addParts(sums: Int32Array, indices: Int32Array, parts: Int32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const entry = indices[row]!;
    if (entry >= 0) sums[row - from] = sums[row - from]! + parts[entry]!;
  }
}

function classFiller(eventClass: EventClass, words: Uint32Array, start: number): Filler {
  return (from, to) => {
    const end = start + to * EVENT_WORDS;
    for (let at = start + from * EVENT_WORDS + Word.flags; at < end; at += EVENT_WORDS) words[at] = words[at]! | eventClass;
  };
}

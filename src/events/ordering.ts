import { EVENT_WORDS, Word } from './event-record.ts';

const RADIX_BITS = 11;
const BUCKETS = 1 << RADIX_BITS;

/** Unsigned comparison of one word of two records. */
function byWord(words: Uint32Array, a: number, b: number, word: number): number {
  return words[a * EVENT_WORDS + word]! - words[b * EVENT_WORDS + word]!;
}

/**
 * The total order of events: (place, event time, id, content). It is a function of the rows alone, so that any cut into batches and any order
 * of arrival gives the same sequence.
 */
function compare(words: Uint32Array, doubles: Float64Array, a: number, b: number): number {
  return (
    doubles[(a * EVENT_WORDS + Word.time) >> 1]! - doubles[(b * EVENT_WORDS + Word.time) >> 1]! ||
    byWord(words, a, b, Word.idHi) ||
    byWord(words, a, b, Word.idLo) ||
    byWord(words, a, b, Word.content) ||
    byWord(words, a, b, Word.userLo)
  );
}

/**
 * Record numbers 0..count-1 in the total order: nothing to do where they stand so, as rows of one query nearly always do; else radix sort on
 * the places, copied side by side (one cache line has eight), then ties by the rest.
 */
export function sortedRecords(words: Uint32Array, count: number): Uint32Array {
  const doubles = new Float64Array(words.buffer, words.byteOffset, words.length >> 1);
  const places = new Float64Array(count);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let ascending = true;
  for (let record = 0, at = Word.order; record < count; record++, at += EVENT_WORDS) {
    const place = doubles[at >> 1]!;
    places[record] = place;
    if (place < most) ascending = false;
    else most = place;
    if (place < least) least = place;
  }
  let order = new Uint32Array(count);
  for (let record = 0; record < count; record++) order[record] = record;
  if (!ascending) order = radixSorted(places, order, least, most);
  for (let from = 0; from < count; ) {
    const place = places[order[from]!]!;
    let to = from + 1;
    while (to < count && places[order[to]!] === place) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compare(words, doubles, a, b));
    from = to;
  }
  return order;
}

function radixSorted(places: Float64Array, records: Uint32Array<ArrayBuffer>, least: number, most: number): Uint32Array<ArrayBuffer> {
  let order = records;
  let other = new Uint32Array(order.length);
  const counts = new Uint32Array(BUCKETS);
  for (let divisor = 1; divisor <= most - least; divisor *= BUCKETS) {
    counts.fill(0);
    for (let i = 0; i < order.length; i++) counts[Math.floor((places[i]! - least) / divisor) % BUCKETS]!++;
    for (let b = 0, sum = 0; b < BUCKETS; b++) {
      const here = counts[b]!;
      counts[b] = sum;
      sum += here;
    }
    for (let i = 0; i < order.length; i++) {
      const record = order[i]!;
      other[counts[Math.floor((places[record]! - least) / divisor) % BUCKETS]!++] = record;
    }
    [order, other] = [other, order];
  }
  return order;
}

import { AHEAD } from '../../events/pending.ts';
import type { RecordTable } from '../../state/record-table.ts';

/** Keys of the events ahead; filled and read at once. */
const los = new Int32Array(AHEAD);
const his = new Int32Array(AHEAD);

/** Warms the records whose key is the pair of words at `word` of each event. */
export function warmRecords(table: RecordTable, words: Uint32Array, ats: Int32Array, count: number, word: number): number {
  for (let i = 0; i < count; i++) {
    const at = ats[i]! + word;
    los[i] = words[at]!;
    his[i] = words[at + 1]!;
  }
  return table.warm(los, his, count);
}

/** Warms the records whose key is the word at `word` of each event, and `hi`. */
export function warmKind(table: RecordTable, words: Uint32Array, ats: Int32Array, count: number, word: number, hi: number): number {
  for (let i = 0; i < count; i++) los[i] = words[ats[i]! + word]!;
  return table.warm(los, his.fill(hi), count);
}

import { accountName } from './account-name.ts';
import { entryText, type StringColumn } from './column-batch.ts';
import { hashInto, hashText, viewOf } from './hash.ts';

/** Names of at most so many bytes are folded where they lie; Entra allows 113 characters. */
const LONGEST = 256;
const HASH = 0x23;
const SPACE = 0x20;
const NOT_ASCII = 0x80;
const [A, Z] = [0x41, 0x5a];
const TO_LOWER = 0x20;
const folded = new Uint8Array(LONGEST);
const foldedView = viewOf(folded);

/** Copies the bytes start..end to `folded` as accountName folds them; false where only the text can be folded: not ASCII, spaces around it, a guest's mark. */
function fold(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0 || length > LONGEST || bytes[start]! <= SPACE || bytes[end - 1]! <= SPACE) return false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i]!;
    if (byte >= NOT_ASCII || byte === HASH) return false;
    folded[i] = byte >= A && byte <= Z ? byte + TO_LOWER : byte;
  }
  return true;
}

/** Writes the pair that hashText gives for the accountName of a dictionary's entry to out[at], out[at + 1]; of most names no text is made. */
export function hashAccount(names: StringColumn, entry: number, out: Uint32Array, at: number): void {
  const start = names.offsets[entry]!;
  const end = names.offsets[entry + 1]!;
  if (fold(names.bytes, start, end)) hashInto(foldedView, 0, end - start, out, at);
  else [out[at], out[at + 1]] = hashText(accountName(entryText(names, entry)));
}

/** The same of all entries: pairs (lo, hi). */
export function accountHashes(names: StringColumn): Uint32Array {
  const out = new Uint32Array(names.size * 2);
  for (let entry = 0; entry < names.size; entry++) hashAccount(names, entry, out, 2 * entry);
  return out;
}

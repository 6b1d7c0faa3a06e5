import { skipValue } from './decode/json-bytes.ts';

/** The rows of a JSON array by their number and largest size in bytes; undefined where the text is no array of objects. */
export function rowSizes(json: Buffer): { readonly rows: number; readonly largest: number } | undefined {
  const end = json.length;
  if (json[0] !== 0x5b || json[end - 1] !== 0x5d) return undefined;
  let rows = 0;
  let largest = 0;
  for (let pos = 1; pos < end - 1; ) {
    if (json[pos] !== 0x7b) return undefined;
    const after = skipValue(json, pos, end);
    if (after < 0 || (json[after] !== 0x2c && after !== end - 1)) return undefined;
    largest = Math.max(largest, after - pos);
    rows++;
    pos = after + 1;
  }
  return { rows, largest };
}

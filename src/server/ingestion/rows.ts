import type { OutputTable } from '../../schema/output-table.ts';
import { isRecord } from '../body.ts';
import { WireError } from '../wire-error.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The first so many bytes of a text in UTF-8, no character cut in two. */
function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function cutField(value: unknown, maxBytes: number): unknown {
  if (typeof value === 'string') return cutText(value, maxBytes);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  const cut = cutText(text, maxBytes);
  return cut === text ? value : cut;
}

/**
 * The rows of an ingestion call as the stream declares them: columns that it does not declare are dropped, fields that are too
 * large are cut, as the service does.
 */
export function declaredRows(json: unknown, table: OutputTable, fieldBytes: number): readonly Row[] {
  if (!Array.isArray(json)) throw new WireError(400, 'InvalidRequestBody', 'The request body is not a JSON array.');
  return json.map((record: unknown, index) => {
    if (!isRecord(record)) throw new WireError(400, 'InvalidRequestBody', `Element ${index} of the request body is not an object.`);
    const row: Record<string, unknown> = {};
    for (const { name } of table.columns) {
      if (Object.hasOwn(record, name)) row[name] = cutField(record[name], fieldBytes);
    }
    return row;
  });
}

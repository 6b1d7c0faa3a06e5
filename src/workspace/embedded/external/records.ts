/** The cells of one record, as text; null where there is none. */
export type Cells = readonly (string | null)[];

/** Reads a text into records; of delimited ones the cells come by position, of JSON by the names of the columns. */
type Reader = (text: string, columns: readonly string[]) => Cells[];

const DELIMITERS = { csv: ',', tsv: '\t', tsve: '\t', psv: '|', scsv: ';', sohsv: '\u0001' } as const;

export const READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(Object.entries(DELIMITERS).map(([format, delimiter]) => [format, (text: string) => delimited(text, delimiter)])),
  txt: (text) => lines(text).map((line) => [line]),
  raw: (text) => [[text]],
  json: (text, columns) =>
    lines(text)
      .filter((line) => line.trim() !== '')
      .map((line) => byName(JSON.parse(line), columns)),
  multijson: (text, columns) => {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map((record) => byName(record, columns));
  },
};

function lines(text: string): string[] {
  const all = text.split(/\r\n|\n|\r/);
  if (all.at(-1) === '') all.pop();
  return all;
}

/** RFC 4180 with any delimiter: quotes around a cell, doubled inside. */
function delimited(text: string, delimiter: string): Cells[] {
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) throw new Error(`record ${records.length + 1} has a quote that is not closed`);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
    cells.push(cell + text.slice(at, end));
    at = end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      cells.push('');
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    if (cells.length > 1 || cells[0] !== '') records.push(cells);
    cells = [];
  }
  return records;
}

function byName(record: unknown, columns: readonly string[]): Cells {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new Error('a record is no JSON object');
  const fields = record as Readonly<Record<string, unknown>>;
  return columns.map((name) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : null;
    return value === null || typeof value === 'string' ? value : JSON.stringify(value);
  });
}

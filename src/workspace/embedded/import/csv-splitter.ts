import { headingOf, type PortalForm, portalForm } from '../../../events/shapes/portal-csv.ts';
import { RECORD_LIMIT, type RecordSplitter, type TextRecord } from './record-splitter.ts';

export interface CsvFault {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** `TimeGenerated [Local Time]` of Log Analytics, `Date (local)` of the admin center. */
const LOCAL_TIME = /^(?:\w*(?:Time|Date)\w*\s*\[(?!UTC\]).+\]|Date \((?!UTC\)).+\))$/i;

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * CSV with a header (RFC 4180) into JSON records. A cell is always text: a formula stays what it says. Empty cells are left out. Log
 * Analytics' export writes the zone into the header, ` [UTC]`, and a local form of the date into the cells. What the Entra admin center gives for download
 * comes out as objects of Microsoft Graph.
 */
export class CsvSplitter implements RecordSplitter {
  readonly #onFault: (fault: CsvFault) => void;
  #header: readonly string[] | undefined;
  #portal: PortalForm | undefined;
  #delimiter: string | undefined;
  #cells: string[] = [];
  #cell = '';
  /** outside: at the start of a cell or in a plain one; quote: just after a quote inside a quoted cell. */
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #line = 1;
  #recordLine = 1;

  constructor(onFault: (fault: CsvFault) => void) {
    this.#onFault = onFault;
  }

  /** Names of the columns, once the first line has been read. */
  get header(): readonly string[] {
    return this.#header ?? [];
  }

  /** Why no row of the file can be read, where its header says so. */
  get refused(): string | undefined {
    const local = this.header.find((name) => LOCAL_TIME.test(name));
    if (local === undefined) return undefined;
    return `the times of ${JSON.stringify(local)} are of a zone that is not told: set the zone of the portal to UTC and export again, or download JSON`;
  }

  *next(piece: string): Generator<TextRecord> {
    this.#delimiter ??= guessDelimiter(piece);
    const delimiter = this.#delimiter ?? ',';
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const c = piece[i] as string;
      if (c === '\n') this.#line++;
      if (this.#state === 'quoted') {
        if (c === '"') {
          this.#cell += piece.slice(from, i);
          from = i + 1;
          this.#state = 'quote';
        }
        continue;
      }
      if (c === '"' && this.#state === 'start') {
        this.#state = 'quoted';
        from = i + 1;
      } else if (c === '"' && this.#state === 'quote') {
        this.#cell += '"';
        from = i + 1;
        this.#state = 'quoted';
      } else if (c === delimiter || c === '\n' || c === '\r') {
        this.#cell += piece.slice(from, i);
        from = i + 1;
        if (c === delimiter || !(c === '\n' && this.#cells.length === 0 && this.#cell === '' && this.#state === 'start')) this.#endCell();
        if (c !== delimiter) yield* this.#endRecord();
        this.#state = 'start';
      } else if (this.#state !== 'plain') {
        if (this.#state === 'quote') from = i;
        this.#state = 'plain';
      }
    }
    this.#cell += piece.slice(from);
    if (this.#cell.length > RECORD_LIMIT) {
      this.#fault(`the cell is longer than ${RECORD_LIMIT} characters`);
      this.#reset();
    }
  }

  *end(): Generator<TextRecord> {
    if (this.#state === 'quoted') {
      this.#endCell();
      this.#fault('a quoted cell is not closed: the file is cut');
      this.#reset();
      return;
    }
    if (this.#cell !== '' || this.#cells.length > 0) {
      this.#endCell();
      yield* this.#endRecord();
    }
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
  }

  *#endRecord(): Generator<TextRecord> {
    const cells = this.#cells;
    const line = this.#recordLine;
    if (cells.some((cell) => cell !== '')) {
      if (!this.#header) this.#startWith(cells.map((name) => name.trim().replace(/\s*\[UTC\]$/, '')));
      else if (cells.length !== this.#header.length) this.#fault(`the row has ${cells.length} cells, the header ${this.#header.length}`);
      else if (this.#portal) yield* this.#portalRecord(this.#portal, this.#header, cells);
      else yield { line, text: recordText(this.#header, cells) };
    }
    this.#reset();
  }

  #startWith(names: readonly string[]): void {
    const headings = names.map(headingOf);
    this.#portal = portalForm(headings);
    this.#header = this.#portal ? headings : names;
  }

  *#portalRecord(form: PortalForm, header: readonly string[], cells: readonly string[]): Generator<TextRecord> {
    const byHeading = new Map<string, string>();
    for (const [i, heading] of header.entries()) if (cells[i] !== '' && !byHeading.has(heading)) byHeading.set(heading, cells[i] as string);
    const record = form.record(byHeading);
    if ('refused' in record) {
      this.#fault(record.refused as string);
      return;
    }
    // What has no place in the object is counted by its heading, as an unknown column.
    const others = [...byHeading].filter(([heading]) => !form.reads(heading));
    yield {
      line: this.#recordLine,
      text: JSON.stringify({ ...Object.fromEntries(others), ...record, ...(form.table !== undefined && { Type: form.table }) }),
    };
  }

  #fault(reason: string): void {
    this.#onFault({ line: this.#recordLine, reason, text: this.#cells.join(this.#delimiter ?? ',') });
  }

  #reset(): void {
    this.#cells = [];
    this.#cell = '';
    this.#state = 'start';
    this.#recordLine = this.#line;
  }
}

/** Written by hand: an object would not keep a column that is named __proto__. */
function recordText(header: readonly string[], cells: readonly string[]): string {
  const parts = cells.flatMap((cell, i) =>
    cell === '' || header[i] === '' ? [] : [`${JSON.stringify(header[i])}:${JSON.stringify(cell)}`],
  );
  return `{${parts.join(',')}}`;
}

function guessDelimiter(text: string): string {
  const header = text.slice(0, Math.max(0, text.search(/[\r\n]/))) || text;
  const counts = DELIMITERS.map((d) => header.split(d).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

import { RECORD_LIMIT, type RecordSplitter, type TextRecord } from './record-splitter.ts';

export interface CsvFault {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * CSV with a header (RFC 4180) into JSON records. A cell is always text: a formula stays what it says. Empty cells are left out. Log
 * Analytics' export writes the zone into the header, ` [UTC]`, and a local form of the date into the cells.
 */
export class CsvSplitter implements RecordSplitter {
  readonly #onFault: (fault: CsvFault) => void;
  #header: readonly string[] | undefined;
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
      if (!this.#header) this.#header = cells.map((name) => name.trim().replace(/\s*\[UTC\]$/, ''));
      else if (cells.length !== this.#header.length) this.#fault(`the row has ${cells.length} cells, the header ${this.#header.length}`);
      else yield { line, text: recordText(this.#header, cells) };
    }
    this.#reset();
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

import { MalformedAnswer } from './json-bytes.ts';

/** More than this outside the rows is no answer of the service. */
const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024;

interface Open {
  readonly array: boolean;
  readonly key: string;
}

/** Follows the JSON around the rows byte by byte, and stops where `tables[i].rows` opens its array. */
export class EnvelopeScanner {
  /** True when `scan` has stopped behind the bracket that opens the rows of a table. */
  atRows = false;
  /** True when the outermost object is closed. */
  complete = false;
  private readonly parts: Buffer[] = [];
  private size = 0;
  private readonly open: Open[] = [];
  private inString = false;
  private escaped = false;
  private string = '';
  private key = '';

  /** Position behind the last byte that was used. */
  scan(bytes: Buffer, pos: number, end: number): number {
    let p = pos;
    while (p < end && !this.atRows) this.step(bytes[p++]!);
    this.keep(bytes.subarray(pos, p));
    return p;
  }

  /** The rows have been read up to their closing bracket. */
  closeRows(): void {
    this.atRows = false;
    this.open.pop();
    this.keep(Buffer.from(']'));
  }

  text(): string {
    return Buffer.concat(this.parts).toString('utf8');
  }

  private keep(part: Uint8Array): void {
    this.size += part.length;
    if (this.size > MAX_ENVELOPE_BYTES) throw new MalformedAnswer('an answer with too much outside its rows');
    this.parts.push(Buffer.from(part));
  }

  private step(c: number): void {
    if (this.inString) this.stepString(c);
    else if (c === 0x22) {
      this.inString = true;
      this.string = '';
    } else if (c === 0x3a) this.key = this.string;
    else if (c === 0x7b || c === 0x5b) this.push(c === 0x5b);
    else if (c === 0x7d || c === 0x5d) {
      this.open.pop();
      if (this.open.length === 0) this.complete = true;
    } else if (c === 0x2c) this.key = '';
  }

  private stepString(c: number): void {
    if (this.escaped) this.escaped = false;
    else if (c === 0x5c) this.escaped = true;
    else if (c === 0x22) {
      this.inString = false;
      return;
    }
    // Only `tables` and `rows` are ever compared; longer strings need not be held.
    if (this.string.length < 8) this.string += String.fromCharCode(c);
  }

  private push(array: boolean): void {
    const [, tables, table] = this.open;
    const key = this.key;
    this.open.push({ array, key });
    this.key = '';
    this.atRows =
      array && key === 'rows' && this.open.length === 4 && table?.array === false && tables?.array === true && tables.key === 'tables';
  }
}

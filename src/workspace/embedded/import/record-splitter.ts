/** A record as it stands in the text, on one line, and the line on which it begins. */
export interface TextRecord {
  readonly line: number;
  readonly text: string;
}

/** Cuts a text that comes in pieces into records, without parsing them and thus without touching a digit. */
export interface RecordSplitter {
  next(piece: string): Generator<TextRecord>;
  end(): Generator<TextRecord>;
}

/** Longest record that is taken whole. */
export const RECORD_LIMIT = 32 * 1024 * 1024;

/** One record a line; a line ends with LF, CR LF or CR alone. */
export class LineSplitter implements RecordSplitter {
  #pending: string[] = [];
  #line = 1;
  #afterCr = false;

  *next(piece: string): Generator<TextRecord> {
    let from = this.#afterCr && piece.startsWith('\n') ? 1 : 0;
    if (piece !== '') this.#afterCr = false;
    for (const end = /\r\n|\n|\r/g; ; ) {
      end.lastIndex = from;
      const found = end.exec(piece);
      if (!found) break;
      yield* this.#take(piece.slice(from, found.index));
      this.#line++;
      from = found.index + found[0].length;
      this.#afterCr = found[0] === '\r' && from === piece.length;
    }
    if (from < piece.length) this.#pending.push(piece.slice(from));
  }

  *end(): Generator<TextRecord> {
    yield* this.#take('');
  }

  *#take(last: string): Generator<TextRecord> {
    const text = this.#pending.length === 0 ? last : this.#pending.join('') + last;
    this.#pending = [];
    if (text.trim() !== '') yield { line: this.#line, text };
  }
}

/** `{"records": [`, `{"@odata.context": "..", "value": [`: an object around an array of records. */
const ENVELOPE = /^\{\s*(?:"@odata\.[^"]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\d.]+|true|false|null)\s*,\s*)*"(?:records|value)"\s*:\s*\[$/;
/** What an envelope says before its records is short. */
const ENVELOPE_HEAD = 4096;

export function startsLikeEnvelope(text: string): boolean {
  const bracket = text.slice(0, ENVELOPE_HEAD).indexOf('[');
  return bracket >= 0 && ENVELOPE.test(text.slice(0, bracket + 1).trim());
}

const STRUCTURE = /["{}[\]\n]/g;
const STRING_END = /["\n\\]/g;

/** JSON over several lines: elements of arrays and envelopes, and values one after another. */
export class DocumentSplitter implements RecordSplitter {
  #text = '';
  /** Up to where `#text` was looked at. */
  #at = 0;
  #line = 1;
  #recordLine = 1;
  #recordAt = 0;
  #depth = 0;
  /** Depth at which records begin: 0 outside, 1 in an array, 2 in an envelope. */
  #base = 0;
  #inString = false;
  /** In an envelope behind its records. */
  #skipping = false;

  *next(piece: string): Generator<TextRecord> {
    this.#text += piece;
    for (;;) {
      const pattern = this.#inString ? STRING_END : STRUCTURE;
      pattern.lastIndex = this.#at;
      const found = pattern.exec(this.#text);
      if (!found) {
        this.#at = this.#text.length;
        break;
      }
      // A backslash takes the next character with it, which may not be here yet.
      if (found[0] === '\\' && found.index + 1 >= this.#text.length) {
        this.#at = found.index;
        break;
      }
      this.#at = found.index + (found[0] === '\\' ? 2 : 1);
      if (found[0] === '\n') this.#line++;
      else if (found[0] === '"') this.#inString = !this.#inString;
      else if (found[0] === '{' || found[0] === '[') yield* this.#open(found[0], found.index);
      else if (found[0] === '}' || found[0] === ']') yield* this.#close();
    }
    if (this.#text.length > RECORD_LIMIT) yield* this.#rest();
  }

  *end(): Generator<TextRecord> {
    if (!this.#skipping) yield* this.#rest();
  }

  *#open(bracket: string, at: number): Generator<TextRecord> {
    if (this.#depth === this.#base && !this.#skipping) {
      yield* this.#stray(at);
      this.#recordLine = this.#line;
      if (bracket === '[' && this.#base === 0) {
        this.#base = 1;
        this.#drop();
      }
    } else if (
      bracket === '[' &&
      this.#base === 0 &&
      this.#depth === 1 &&
      ENVELOPE.test(this.#text.slice(this.#recordAt, this.#at).slice(0, ENVELOPE_HEAD))
    ) {
      this.#base = 2;
      this.#drop();
    }
    this.#depth++;
  }

  *#close(): Generator<TextRecord> {
    if (this.#depth > 0) this.#depth--;
    if (this.#skipping) {
      if (this.#depth === 0) {
        this.#skipping = false;
        this.#drop();
      }
    } else if (this.#depth < this.#base) {
      yield* this.#stray(this.#at - 1);
      this.#skipping = this.#base === 2;
      this.#base = 0;
      this.#drop();
    } else if (this.#depth === this.#base) {
      yield* this.#emit(this.#text.slice(this.#recordAt, this.#at));
      this.#drop();
    }
  }

  /** What stands between records and is neither blank nor a comma is handed out, to be refused by name. */
  *#stray(before: number): Generator<TextRecord> {
    const text = trimmed(this.#text.slice(0, before));
    if (text !== '') yield* this.#emit(text);
    this.#text = this.#text.slice(before);
    this.#at -= before;
    this.#recordAt = 0;
  }

  *#rest(): Generator<TextRecord> {
    const text = trimmed(this.#text);
    this.#drop();
    if (text !== '') yield* this.#emit(text);
  }

  *#emit(text: string): Generator<TextRecord> {
    yield { line: this.#recordLine, text: text.replace(/[\r\n]+/g, ' ') };
  }

  #drop(): void {
    this.#text = this.#text.slice(this.#at);
    this.#at = 0;
    this.#recordAt = 0;
  }
}

/** Without blanks and commas at both ends. By index: a pattern for the end is tried from each of a run of blanks, 200,000 of them in 31 s. */
function trimmed(text: string): string {
  const skipped = /[\s,]/;
  let start = 0;
  let end = text.length;
  while (start < end && skipped.test(text[start]!)) start++;
  while (end > start && skipped.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

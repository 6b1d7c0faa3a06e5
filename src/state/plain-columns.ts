import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { readTexts, writeTexts } from './texts.ts';

const LEAST_NUMBERS = 1024;

/**
 * Takes the numbers and the texts of objects apart, since each kind is written in one go. What is taken in some order is read in the same.
 */
export class PlainWriter {
  #numbers = new Float64Array(LEAST_NUMBERS);
  #count = 0;
  readonly #texts: string[] = [];
  /** Numbers of the terms. */
  readonly #terms = new Map<string, number>();

  number(value: number): void {
    if (this.#count === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#count++] = value;
  }

  text(value: string): void {
    this.#texts.push(value);
  }

  /** A text of which there are few: equal ones are written once. */
  term(value: string): void {
    let term = this.#terms.get(value);
    if (term === undefined) {
      term = this.#terms.size;
      this.#terms.set(value, term);
    }
    this.number(term);
  }

  /** A list of texts, which list() reads. */
  texts(values: readonly string[]): void {
    this.number(values.length);
    for (const value of values) this.#texts.push(value);
  }

  writeTo(writer: ByteWriter): void {
    writer.array(this.#numbers.subarray(0, this.#count));
    writeTexts(writer, this.#texts);
    writeTexts(writer, [...this.#terms.keys()]);
  }
}

/** Gives back what a PlainWriter took. */
export class PlainReader {
  readonly #numbers: Float64Array;
  readonly #texts: readonly string[];
  readonly #terms: readonly string[];
  #number = 0;
  #text = 0;

  constructor(reader: ByteReader) {
    this.#numbers = reader.f64s();
    this.#texts = readTexts(reader);
    this.#terms = readTexts(reader);
  }

  number(): number {
    return this.#numbers[this.#number++]!;
  }

  text(): string {
    return this.#texts[this.#text++]!;
  }

  term(): string {
    return this.#terms[this.number()]!;
  }

  list<V>(read: () => V): V[] {
    const values: V[] = [];
    for (let left = this.number(); left > 0; left--) values.push(read());
    return values;
  }
}

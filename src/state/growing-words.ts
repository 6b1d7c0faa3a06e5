const LEAST = 256;

/** A list of words of 32 bits. An array of numbers takes twice the memory, and a number above 2^31 makes it one of doubles. */
export class GrowingWords {
  #words = new Uint32Array(LEAST);
  #length = 0;

  push(word: number): void {
    if (this.#length === this.#words.length) {
      const grown = new Uint32Array(2 * this.#length);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[this.#length++] = word;
  }

  /** All of them, where they lie: to be read before the next push. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  clear(): void {
    this.#words = new Uint32Array(LEAST);
    this.#length = 0;
  }
}

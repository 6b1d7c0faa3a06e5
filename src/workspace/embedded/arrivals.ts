/**
 * Numbers transactions in the order in which they may be seen. A reader who has read up to `mark` misses nothing: a number at or
 * below it is committed or will never be, also when transactions with higher numbers ended earlier.
 */
export class Arrivals {
  #last: bigint;
  #stored: bigint;
  readonly #running = new Set<bigint>();

  /** `last` is the highest number among the rows that are stored. */
  constructor(last: bigint) {
    this.#last = last;
    this.#stored = last;
  }

  /**
   * Never above the highest number that a stored row has: after a restart numbering goes on from there, and a mark beyond it would
   * hide the rows that then get these numbers again.
   */
  get mark(): bigint {
    let mark = this.#stored;
    for (const number of this.#running) if (number <= mark) mark = number - 1n;
    return mark;
  }

  /** The number of a transaction that begins now. */
  begin(): bigint {
    this.#last += 1n;
    this.#running.add(this.#last);
    return this.#last;
  }

  /** The transaction has ended; `stored` tells whether rows with its number are now in the database. */
  end(number: bigint, { stored }: { readonly stored: boolean }): void {
    this.#running.delete(number);
    if (stored && number > this.#stored) this.#stored = number;
  }
}

import type { RecordBatch } from 'apache-arrow';

const EVERY = 16;
const MOST = 50_000;

/** Samples how long after its event a row was taken in. */
export class LagSample {
  readonly #seconds: number[] = [];

  add(batch: RecordBatch): void {
    const event = batch.getChild('EventTime');
    const ingested = batch.getChild('IngestedAt');
    for (let i = 0; i < batch.numRows && this.#seconds.length < MOST; i += EVERY) {
      const [from, until] = [event?.get(i), ingested?.get(i)];
      if (typeof from === 'bigint' && typeof until === 'bigint') this.#seconds.push(Number(until - from) / 1e7);
    }
  }

  /** 95th percentile in seconds; null where nothing was read. */
  p95(): number | null {
    const sorted = this.#seconds.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? null;
  }
}

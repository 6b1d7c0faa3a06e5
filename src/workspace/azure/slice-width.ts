import { TICKS_PER_HOUR, type Ticks } from '../../core/ticks.ts';

/** What one answer should hold: a third of the service's cap, so that a busy hour still fits and four at once stay in memory. */
const TARGET_BYTES = 32 * 1024 * 1024;
const TARGET_ROWS = 100_000;
/** Growth from one answer to the next. */
const MOST_GROWTH = 8;
const MOST_SHRINKING = 1 / 8;

/** How wide the next slice of a query is, learnt from what came back. */
export class SliceWidth {
  private width: Ticks = TICKS_PER_HOUR;

  get ticks(): Ticks {
    return this.width;
  }

  /** A slice of this width held so much. */
  learn(width: Ticks, rows: number, bytes: number): void {
    const fits = Math.min(TARGET_ROWS / Math.max(rows, 1), TARGET_BYTES / Math.max(bytes, 1));
    const factor = Math.min(Math.max(fits, MOST_SHRINKING), MOST_GROWTH);
    this.set(BigInt(Math.max(1, Math.floor(Number(width) * factor))));
  }

  /** A slice of this width was too much. */
  tooWide(width: Ticks): void {
    this.set(width / 2n);
  }

  private set(width: Ticks): void {
    this.width = width > 1n ? width : 1n;
  }
}

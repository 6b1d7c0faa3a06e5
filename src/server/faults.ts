/** Parts of the server that can be told to fail. */
export const FAULT_ENDPOINTS = ['query', 'batch', 'ingest'] as const;
export type FaultEndpoint = (typeof FAULT_ENDPOINTS)[number];

/** What goes wrong. All of these were seen from the service, or from the network before it. */
export type Fault =
  /** An error answer; with `retryAfter` (seconds) the SDKs retry a 429, without it they do not. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number | undefined }
  /** The connection is reset before anything is done. */
  | { readonly kind: 'reset' }
  /** The work is done, then the connection is reset: the client cannot tell it from `reset`. */
  | { readonly kind: 'lost-answer' }
  /** The answer ends in the middle of its body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The answer begins only after a while. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Status 200 with the first rows and a PartialError. */
  | { readonly kind: 'partial'; readonly rows: number }
  /** 204 for a query: what the service says of a workspace with no data. */
  | { readonly kind: 'no-content' }
  /** 200 with no body: what the service says to a request whose body it did not understand. */
  | { readonly kind: 'empty' }
  /** Ingestion answers 204 at once and the rows can be read only after a while. They are not durable before that. */
  | { readonly kind: 'visible-after'; readonly delayMs: number }
  /** The answers of a $batch come in the reverse order. */
  | { readonly kind: 'reversed' };

/** When which fault happens. Calls are counted for each endpoint, from 1. */
export interface FaultRow {
  readonly on: FaultEndpoint;
  /** These calls, or every so many; all where both are absent. */
  readonly calls?: readonly number[] | undefined;
  readonly every?: number | undefined;
  readonly fault: Fault;
}

export interface FaultPlan {
  /** Counts a call and says what is to go wrong with it; the first row that fits holds. */
  next(endpoint: FaultEndpoint): { readonly call: number; readonly fault: Fault | undefined };
}

/** A plan from rows; with none it only counts. */
export function faultPlan(rows: readonly FaultRow[] = []): FaultPlan {
  const counts = new Map<FaultEndpoint, number>();
  return {
    next(endpoint) {
      const call = (counts.get(endpoint) ?? 0) + 1;
      counts.set(endpoint, call);
      const fits = (row: FaultRow) =>
        row.on === endpoint && (row.calls === undefined || row.calls.includes(call)) && (row.every === undefined || call % row.every === 0);
      return { call, fault: rows.find(fits)?.fault };
    },
  };
}

type Held = 'kept' | 'absent' | 'constant';

/** How a tenant's logs come to whoever reads them: what is lost, bent, repeated or late on the way. */
export interface Road {
  /** Raw records of a stream, or rows as the workspace has them. */
  readonly envelope: 'flat' | 'diagnostic';
  readonly dynamics: 'object' | 'text';
  readonly audits: 'ndjson' | 'csv';
  /** Whether a row says when it arrived. */
  readonly arrival: boolean;
  /** Minutes from the event to the time of its row, at the median; a stream stamps its records late. */
  readonly stampMinutes: number;
  readonly late: { readonly medianMinutes: number; readonly share: number; readonly hours: number };
  readonly order: 'arrival' | 'shuffled' | 'newest-first';
  /** Share of rows that are delivered twice, and of those that come again with other content. */
  readonly repeats: number;
  readonly revisions: number;
  readonly asn: 'kept' | 'absent' | 'v4-only';
  readonly sessionId: Held;
  readonly originalRequestId: Held;
  readonly correlation: 'kept' | 'constant' | 'hashed-per-row';
  readonly auditCorrelation: 'kept' | 'constant' | 'hashed-per-row';
  readonly steps: 'text' | 'array' | 'empty-on-failure';
  readonly location: 'full' | 'no-city' | 'country';
  readonly locationOfV6: 'kept' | 'empty';
  /** Share of rows whose device is {}. */
  readonly noDevice: number;
  readonly spellings: boolean;
  /** Share of IPv4 addresses that carry a port. */
  readonly ports: number;
  readonly capitals: boolean;
  readonly actor: 'both' | 'id' | 'name';
  readonly target: 'both' | 'id' | 'name';
  readonly modifiedProperties: boolean;
  /** Share of audit rows that the service wrote in the person's name, from its own address. */
  readonly byService: number;
  /** One non-interactive row for all of an hour, address and app. */
  readonly aggregated: boolean;
}

export const ROADS = {
  /** Records of an event hub, at least once, stamped when they are written; privacy leaves the country and half of the devices. */
  stream: {
    envelope: 'diagnostic',
    dynamics: 'object',
    audits: 'ndjson',
    arrival: false,
    stampMinutes: 3,
    late: { medianMinutes: 4, share: 0.02, hours: 9 },
    order: 'arrival',
    repeats: 0.03,
    revisions: 0.01,
    asn: 'kept',
    sessionId: 'absent',
    originalRequestId: 'kept',
    correlation: 'hashed-per-row',
    auditCorrelation: 'kept',
    steps: 'array',
    location: 'country',
    locationOfV6: 'kept',
    noDevice: 0.8,
    spellings: false,
    ports: 0.04,
    capitals: false,
    actor: 'both',
    target: 'id',
    modifiedProperties: true,
    byService: 0.12,
    aggregated: false,
  },
  /** Rows saved by hand: the portal's CSV for audits, newest first, JSON within JSON as text, no network's number. */
  portal: {
    envelope: 'flat',
    dynamics: 'text',
    audits: 'csv',
    arrival: false,
    stampMinutes: 0,
    late: { medianMinutes: 5, share: 0, hours: 0 },
    order: 'newest-first',
    repeats: 0.01,
    revisions: 0,
    asn: 'absent',
    sessionId: 'kept',
    originalRequestId: 'absent',
    correlation: 'kept',
    auditCorrelation: 'hashed-per-row',
    steps: 'empty-on-failure',
    location: 'full',
    locationOfV6: 'empty',
    noDevice: 0.3,
    spellings: false,
    ports: 0,
    capitals: true,
    actor: 'id',
    target: 'both',
    modifiedProperties: false,
    byService: 0.05,
    aggregated: true,
  },
  /** A workspace's table exported with its arrival times, redacted: one constant for sessions and for the audits' correlation. */
  workspace: {
    envelope: 'flat',
    dynamics: 'object',
    audits: 'ndjson',
    arrival: true,
    stampMinutes: 0,
    late: { medianMinutes: 6, share: 0.03, hours: 14 },
    order: 'shuffled',
    repeats: 0.015,
    revisions: 0.01,
    asn: 'v4-only',
    sessionId: 'constant',
    originalRequestId: 'constant',
    correlation: 'kept',
    auditCorrelation: 'constant',
    steps: 'text',
    location: 'no-city',
    locationOfV6: 'empty',
    noDevice: 0.55,
    spellings: true,
    ports: 0,
    capitals: true,
    actor: 'name',
    target: 'both',
    modifiedProperties: true,
    byService: 0.08,
    aggregated: false,
  },
} as const satisfies Record<string, Road>;

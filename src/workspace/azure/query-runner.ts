import type { HttpClient } from '@azure/core-rest-pipeline';
import { LogsQueryClient } from '@azure/monitor-query';
import type { Ticks } from '../../core/ticks.ts';
import { msFromTicks } from '../../core/ticks.ts';
import type { PartialReason } from '../workspace.ts';
import type { DecodedAnswer } from './decode/answer-decoder.ts';
import { type FreshTokens, withFreshTokens } from './fresh-tokens.ts';
import type { Gate } from './gate.ts';
import { AnswerCut, type Tapped, wireClient } from './wire-client.ts';

/** The service's own longest time for a query. */
const MAX_WAIT_SECONDS = 600;
/** How long an answer may be on its way beyond the time its query may take. */
const TRANSFER_MS = 300_000;

export type SdkTimespan = Parameters<LogsQueryClient['queryWorkspace']>[2];

export interface OneQuery {
  readonly workspaces: readonly string[];
  readonly kql: string;
  readonly timespan: SdkTimespan | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, whole or cut by the service. */
export interface RunnerAnswer {
  readonly decoded: DecodedAnswer;
  readonly partial: PartialReason | undefined;
  readonly render: Readonly<Record<string, string>> | undefined;
}

const NOTHING: DecodedAnswer = { columns: [], batches: [], rows: 0, bytes: 0, envelope: '', exception: undefined };

interface Envelope {
  readonly error?: WireError;
  readonly render?: Readonly<Record<string, unknown>>;
}
interface WireError {
  readonly code?: string | number;
  readonly message?: string;
  readonly details?: readonly WireError[];
  readonly innererror?: WireError;
}

/** Sends one query at a time through the SDK client; no retries, which are the caller's. */
export class QueryRunner {
  private readonly client: LogsQueryClient;
  private readonly gate: Gate;
  /** The SDK hands each try's AbortSignal down to the transport: that is how an answer finds its query. */
  private readonly taps = new WeakMap<AbortSignal, Tapped>();

  constructor(options: {
    readonly endpoint: string;
    readonly audience: string;
    readonly credential: FreshTokens;
    readonly httpClient: HttpClient;
    readonly gate: Gate;
    /** How long an answer may pause in its middle. */
    readonly idleMs: number;
  }) {
    this.gate = options.gate;
    this.client = new LogsQueryClient(options.credential, {
      endpoint: options.endpoint,
      audience: options.audience,
      httpClient: withFreshTokens(
        wireClient(options.httpClient, {
          idleMs: options.idleMs,
          tapOf: ({ abortSignal }) => this.taps.get(abortSignal as AbortSignal),
        }),
        options.credential,
      ),
      retryOptions: { maxRetries: 0 },
    });
  }

  run(query: OneQuery): Promise<RunnerAnswer> {
    return this.gate.run(() => this.send(query));
  }

  private async send({ workspaces, kql, timespan, timeoutMs, signal }: OneQuery): Promise<RunnerAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs + TRANSFER_MS);
    const abortSignal = AbortSignal.any(signal ? [timeout, signal] : [timeout]);
    const tap: Tapped = { answer: undefined, empty: undefined };
    this.taps.set(abortSignal, tap);
    // The SDK would also read the error of a refused request only when it may deserialize that; 200 is ours.
    const requestOptions = { shouldDeserialize: (response: { readonly status: number }) => response.status !== 200 };
    await this.client.queryWorkspace(workspaces[0]!, kql, timespan as NonNullable<SdkTimespan>, {
      abortSignal,
      serverTimeoutInSeconds: Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(timeoutMs / 1000))),
      includeVisualization: true,
      ...(workspaces.length > 1 && { additionalWorkspaces: workspaces.slice(1) }),
      requestOptions,
    });
    if (tap.empty === 'empty-body') {
      throw new AnswerCut('the service answered 200 without a body');
    }
    const decoded = tap.answer ?? NOTHING;
    const envelope = (decoded.envelope === '' ? {} : JSON.parse(decoded.envelope)) as Envelope;
    // Every result has a column. That there are no rows is said by a table without rows, or by 204.
    if (tap.answer !== undefined && decoded.columns.length === 0 && envelope.error === undefined) {
      throw new AnswerCut('the answer has no table');
    }
    return { decoded, partial: partialOf(envelope.error, decoded.exception), render: renderOf(envelope.render) };
  }
}

const REASONS: readonly (readonly [pattern: RegExp, code: PartialReason['code']])[] = [
  [/limit of \d+ (?:records|rows)|record limit|row limit/i, 'rows'],
  [/bytes|TOO_LARGE|80DA0003/i, 'bytes'],
  [/time ?limit|timed? ?out|did not end within|QueryTimeLimit/i, 'time'],
];

function partialOf(error: WireError | undefined, exception: string | undefined): PartialReason | undefined {
  if (error === undefined && exception === undefined) return undefined;
  const texts: string[] = [];
  const collect = (part: WireError | undefined): void => {
    if (part === undefined || part === null) return;
    if (part.message !== undefined) texts.push(part.message);
    if (typeof part.code === 'string' && part.code !== 'PartialError') texts.push(part.code);
    for (const detail of part.details ?? []) collect(detail);
    collect(part.innererror);
  };
  collect(error);
  if (exception !== undefined) texts.push(exception);
  const all = texts.join(' · ');
  return { code: REASONS.find(([pattern]) => pattern.test(all))?.[1] ?? 'service', message: all.slice(0, 2000) };
}

function renderOf(render: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> | undefined {
  if (render === undefined || render === null) return undefined;
  const entries = Object.entries(render).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** How long before its arrival an event may have happened, and after: bounds TimeGenerated, by which the service finds its data. */
const EVENT_BEFORE_MS = 31 * 86_400_000;
const EVENT_AFTER_MS = 86_400_000;
const FIRST_MS = msFromTicks(0n);

export function eventTimespan(from: Ticks, until: Ticks): NonNullable<SdkTimespan> {
  return {
    startTime: new Date(Math.max(FIRST_MS, msFromTicks(from) - EVENT_BEFORE_MS)),
    endTime: new Date(Math.min(Date.UTC(9999, 11, 31), msFromTicks(until) + 1 + EVENT_AFTER_MS)),
  };
}

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { isAggregateLogsUploadError, LogsIngestionClient } from '@azure/monitor-ingestion';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { ownTurn } from '../../core/turns.ts';
import type { IngestOutcome } from '../workspace.ts';
import { type Failure, failureOf } from './failures.ts';
import { type FreshTokens, withFreshTokens } from './fresh-tokens.ts';
import { type RetryPolicy, retrying } from './retry.ts';
import { rowSizes } from './row-sizes.ts';
import {
  MAX_FIELD_BYTES,
  MAX_SLICE_BYTES,
  type OutputRow,
  type Refusal,
  SliceBuffers,
  type UploadSlice,
  uploadSlices,
} from './upload-slices.ts';
import { idleLimit, wireClient } from './wire-client.ts';

const ONE_CALL: Record<string, unknown>[] = [{}];
/** Calls under way at once: enough to fill a slow line, few enough to hold only a few MB. */
const CALLS_AT_ONCE = 4;
/** So many rows refused one by one, and none taken: it is not the rows. */
const ENOUGH_REFUSALS = 20;

/** A call that is not answered in this time is sent again. */
const CALL_TIMEOUT_MS = 120_000;

const compress = promisify(gzip);
/** Level 1: measured a quarter less time for a ninth more bytes than the SDK's 6. The room is that of a slice, which shrinks to a sixth. */
const GZIP = { level: 1, chunkSize: 262_144 };

export interface IngestorOptions {
  readonly endpoint: string;
  readonly audience: string;
  readonly ruleId: string;
  readonly credential: FreshTokens;
  readonly httpClient: HttpClient;
  readonly policy: RetryPolicy;
  readonly warn: (message: string) => void;
}

/**
 * Writes rows through the SDK's upload(), one call of it a slice, so that each slice is known to be taken or not. upload() turns
 * its rows into text twice, to split them and to send them; the slices are measured, and so already text, here: the SDK is given
 * one record for each call and its body is put in place in the pipeline.
 */
export class Ingestor {
  private readonly client: LogsIngestionClient;
  /** The SDK hands each call's AbortSignal down to the transport: that is how a call finds its body. */
  private readonly bodies = new WeakMap<object, Promise<Buffer>>();
  private readonly buffers = new SliceBuffers();
  private readonly options: IngestorOptions;

  constructor(options: IngestorOptions) {
    this.options = options;
    const { endpoint, audience, credential, httpClient } = options;
    this.client = new LogsIngestionClient(endpoint, credential, {
      audience,
      httpClient: withFreshTokens(wireClient(httpClient, { idleMs: idleLimit(options.policy) }), credential),
      retryOptions: { maxRetries: 0 },
    });
    this.client.pipeline.removePolicy({ name: 'GzippingPolicy' });
    this.client.pipeline.addPolicy({
      name: 'factorwatchBody',
      sendRequest: async (request, next) => {
        const body = this.bodies.get(request.abortSignal ?? this);
        if (body === undefined) throw new Error('an upload without a body');
        request.body = await body;
        return next(request);
      },
    });
  }

  async ingest(stream: string, rows: readonly OutputRow[], signal?: AbortSignal): Promise<IngestOutcome> {
    const upload = new Upload(stream, rows, this.buffers, (slice, stop) => this.send(stream, slice, stop), signal);
    return upload.run();
  }

  /** As `ingest`, of rows that are already JSON: an array of what one call takes is sent as it stands, without being parsed. */
  async ingestJson(stream: string, json: Uint8Array, signal?: AbortSignal): Promise<IngestOutcome> {
    const bytes = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
    const sizes = bytes.length <= MAX_SLICE_BYTES ? rowSizes(bytes) : undefined;
    // A row that is longer than a field may be has to be looked into.
    if (sizes !== undefined && sizes.rows > 0 && sizes.largest <= MAX_FIELD_BYTES) {
      const failure = await this.post(stream, compress(bytes, GZIP), signal ?? new AbortController().signal);
      if (failure === undefined) return { accepted: sizes.rows, rejected: [] };
      if (!isRefusal(failure) && failure.status !== 404) throw failure.error;
    }
    // Refused: which of the rows is at fault, or that it is the stream, has to be found.
    return this.ingest(stream, JSON.parse(bytes.toString()) as OutputRow[], signal);
  }

  /** Asks the service to take no rows at all: tells whether token, role, rule and stream are right, and writes nothing. */
  probe(stream: string, signal?: AbortSignal): Promise<Failure | undefined> {
    return this.post(stream, compress('[]'), signal ?? new AbortController().signal);
  }

  private send(stream: string, slice: UploadSlice, signal: AbortSignal): Promise<Failure | undefined> {
    const body = compress(slice.buffer.subarray(0, slice.length), GZIP).finally(() => this.buffers.give(slice.buffer));
    return this.post(stream, body, signal);
  }

  private async post(stream: string, body: Promise<Buffer>, signal: AbortSignal): Promise<Failure | undefined> {
    const { policy, warn, ruleId } = this.options;
    const outcome = await retrying(
      async () => {
        const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
        this.bodies.set(abortSignal, body);
        await this.client.upload(ruleId, stream, ONE_CALL, { maxConcurrency: 1, abortSignal });
        // upload() resolves when it was aborted before its first call: nothing has been sent then.
        if (abortSignal.aborted) throw new Error('aborted');
      },
      {
        policy,
        signal,
        nameFailure: (error) =>
          failureOf(isAggregateLogsUploadError(error) ? (error.errors[0]?.cause ?? error) : error, {
            kind: 'ingest',
            scope: `data collection rule ${ruleId}`,
          }),
        onRetry: ({ error }, waitMs) => warn(`${error.message}; sent again in ${(waitMs / 1000).toFixed(1)} s`),
      },
    );
    return 'failure' in outcome ? outcome.failure : undefined;
  }
}

/** Whether the rows are at fault, some or their number, and not the call. */
function isRefusal({ status }: Failure): boolean {
  return status === 400 || status === 413;
}

type Send = (slice: UploadSlice, signal: AbortSignal) => Promise<Failure | undefined>;

/** One call of `ingest`: slices go out side by side; one that is refused is halved until the rows at fault are alone. */
class Upload {
  private readonly stream: string;
  private readonly send: Send;
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly rows: readonly OutputRow[];
  private readonly buffers: SliceBuffers;
  /** Slices still to be made: those of all rows, then on top the halves of those that were refused. */
  private readonly sources: Iterator<UploadSlice>[];
  private readonly rejected: Refusal[] = [];
  private readonly askedAgain = new Set<number>();
  private refusals = 0;
  private accepted = 0;

  constructor(stream: string, rows: readonly OutputRow[], buffers: SliceBuffers, send: Send, signal: AbortSignal | undefined) {
    this.stream = stream;
    this.rows = rows;
    this.buffers = buffers;
    this.send = send;
    this.signal = AbortSignal.any(signal ? [signal, this.stop.signal] : [this.stop.signal]);
    this.sources = [this.slicesOf(rows.keys())];
  }

  async run(): Promise<IngestOutcome> {
    const workers = Array.from({ length: CALLS_AT_ONCE }, () => this.work());
    const ends = await Promise.allSettled(workers);
    // The first error stops the others, whose own is then only that they were stopped.
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    const cause = errors.find((error) => !(error instanceof FactorwatchError && error.code === 'interrupted')) ?? errors[0];
    if (cause) throw cause;
    return { accepted: this.accepted, rejected: this.rejected.sort((a, b) => a.row - b.row) };
  }

  private async work(): Promise<void> {
    try {
      for (;;) {
        // Making a slice takes some ms, and the answers of several calls may come at once.
        await ownTurn();
        const slice = this.next();
        if (!slice) return;
        const failure = await this.send(slice, this.signal);
        if (failure === undefined) this.accepted += slice.numbers.length;
        else this.refused(slice, failure);
      }
    } catch (error) {
      this.stop.abort();
      throw error;
    }
  }

  private next(): UploadSlice | undefined {
    for (let source = this.sources.at(-1); source; source = this.sources.at(-1)) {
      const { value, done } = source.next();
      if (!done) return value;
      this.sources.pop();
    }
    return undefined;
  }

  private slicesOf(numbers: Iterable<number>): Iterator<UploadSlice> {
    return uploadSlices(this.rows, numbers, this.buffers, (refusal) => this.rejected.push(refusal));
  }

  private refused(slice: UploadSlice, failure: Failure): void {
    if (failure.status === 404 || failure.code === 'InvalidStream') {
      throw new FactorwatchError('ingest-misconfigured', `the stream ${this.stream} cannot be written: ${failure.error.message}`, {
        exitCode: ExitCode.invalid,
        hint: 'Check ingest.endpoint and ingest.dcr_id; `factorwatch plan` shows whether the rule has the stream.',
      });
    }
    if (!isRefusal(failure)) throw failure.error;
    const middle = slice.numbers.length >> 1;
    if (middle > 0) {
      this.sources.push(this.slicesOf(slice.numbers.slice(middle)), this.slicesOf(slice.numbers.slice(0, middle)));
      return;
    }
    const [row = 0] = slice.numbers;
    // By our own measure it is not too large: whoever said so, one such answer alone sets no row aside.
    if (failure.status === 413 && !this.askedAgain.has(row)) {
      this.askedAgain.add(row);
      this.sources.push(this.slicesOf([row]));
      return;
    }
    this.rejected.push({ row: slice.numbers[0]!, reason: failure.error.message });
    this.refusals++;
    if (this.refusals >= ENOUGH_REFUSALS && this.accepted === 0) {
      throw new FactorwatchError('ingest-refused', `the stream ${this.stream} refuses every row: ${failure.error.message}`, {
        exitCode: ExitCode.invalid,
        hint: 'Compare the rule with `factorwatch plan`.',
      });
    }
  }
}

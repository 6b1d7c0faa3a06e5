import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import type { IngestOutcome, Workspace } from '../workspace/workspace.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows on their way to one stream, as they are sent. */
export interface Slice {
  readonly stream: string;
  readonly rows: number;
  /** A JSON array. */
  readonly text: string;
}

/** A row that the workspace will never take. */
export interface RejectedRow {
  readonly stream: string;
  readonly row: unknown;
  readonly reason: string;
}

export interface Delivery {
  readonly rows: number;
  readonly bytes: number;
  readonly rejected: number;
}

/** The API takes 1 MB; what counts as a megabyte there is not known, so slices stay below the smaller one. */
export const SLICE_BYTES = 950_000;
/** A field over 64 kB is cut by the service without a word. */
const FIELD_BYTES = 64_000;
const CUT_MARK = '… (cut)';
const PARALLEL = 4;

/** Cuts rows into slices by the bytes of their JSON in UTF-8, commas and brackets counted. */
export function sliceRows(stream: string, rows: readonly Row[]): readonly Slice[] {
  const slices: Slice[] = [];
  let texts: string[] = [];
  let bytes = 2;
  const close = () => {
    if (texts.length > 0) slices.push({ stream, rows: texts.length, text: `[${texts.join(',')}]` });
    texts = [];
    bytes = 2;
  };
  for (const row of rows) {
    const text = JSON.stringify(row, (_key, value) => (typeof value === 'string' ? cutField(value) : value));
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > SLICE_BYTES) close();
    texts.push(text);
    bytes += size;
  }
  close();
  return slices;
}

function cutField(value: string): string {
  if (value.length * 3 <= FIELD_BYTES) return value;
  const bytes = Buffer.from(value);
  if (bytes.length <= FIELD_BYTES) return value;
  // A cut inside a character leaves a replacement character, which goes too.
  return (
    bytes
      .subarray(0, FIELD_BYTES - 16)
      .toString('utf8')
      .replace(/\ufffd+$/, '') + CUT_MARK
  );
}

function folder(sequence: number): string {
  return `outbox/${String(sequence).padStart(9, '0')}/`;
}

/** Writes slices beside their checkpoint. They are on their way only once the head names this sequence. */
export async function stageSlices(store: CheckpointStore, sequence: number, slices: readonly Slice[]): Promise<void> {
  for (const [i, slice] of slices.entries()) {
    await store.write(`${folder(sequence)}${String(i).padStart(6, '0')}-${slice.stream}.json`, new TextEncoder().encode(slice.text));
  }
}

/** Removes what a crash left behind: slices of any other sequence than the one that is on its way. */
export async function dropStrays(store: CheckpointStore, keep: number | undefined): Promise<void> {
  for (const name of await store.list('outbox/')) {
    if (keep === undefined || !name.startsWith(folder(keep))) await store.remove(name);
  }
}

export interface DeliverOptions {
  readonly store: CheckpointStore;
  readonly workspace: Workspace;
  readonly sequence: number;
  readonly signal?: AbortSignal | undefined;
  /** Keeps rows that are refused for ever; resolves when they are durable. */
  readonly reject: (rows: readonly RejectedRow[]) => Promise<void>;
  /** Rows of a slice that are still to be sent; all of them where absent. */
  readonly newRows?: ((stream: string, rows: readonly Row[]) => Promise<readonly Row[]>) | undefined;
}

/** Uploads what is staged and acknowledges slice by slice; what fails stays and the error is thrown when the others are through. */
export async function deliver({ store, workspace, sequence, signal, reject, newRows }: DeliverOptions): Promise<Delivery> {
  const queue = [...(await store.list(folder(sequence)))];
  const total = { rows: 0, bytes: 0, rejected: 0 };
  const failures: unknown[] = [];
  const worker = async () => {
    // A slice at a time: a buffer for each slice would be left to the collector, which lets 30 MB of them gather.
    const room = queue.length === 0 ? undefined : new Uint8Array(SLICE_BYTES);
    for (let name = queue.shift(); name !== undefined && failures.length === 0; name = queue.shift()) {
      try {
        // Inside, so that an interruption too waits for the slices that are under way: the lock is given back after that.
        signal?.throwIfAborted();
        const bytes = await store.read(name, room);
        if (bytes === undefined) continue;
        const stream = streamOf(name);
        const { outcome, rowAt } = await send(stream, bytes, { workspace, signal, newRows, place: `${store.place}/${name}` });
        if (outcome.rejected.length > 0) {
          await reject(outcome.rejected.map(({ row, reason }) => ({ stream, row: rowAt(row), reason })));
        }
        await store.remove(name);
        total.rows += outcome.accepted;
        total.bytes += bytes.length;
        total.rejected += outcome.rejected.length;
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (failures.length > 0) throw failures[0];
  return total;
}

/** Sends a slice, as it stands where the workspace takes it so; `rowAt` gives a row by the number that the outcome calls it by. */
async function send(
  stream: string,
  bytes: Uint8Array,
  { workspace, signal, newRows, place }: Pick<DeliverOptions, 'workspace' | 'signal' | 'newRows'> & { readonly place: string },
): Promise<{ readonly outcome: IngestOutcome; readonly rowAt: (number: number) => unknown }> {
  const parsed = () => rowsOf(bytes, place);
  if (newRows === undefined && workspace.ingestJson) {
    const outcome = await workspace.ingestJson(stream, bytes, signal).catch((error: unknown) => {
      // Refused, and then looked into: that it is no JSON is told with its place.
      if (error instanceof SyntaxError) parsed();
      throw error;
    });
    return { outcome, rowAt: (number) => parsed()[number] };
  }
  const rows = newRows === undefined ? parsed() : await newRows(stream, parsed());
  const outcome = rows.length === 0 ? { accepted: 0, rejected: [] } : await workspace.ingest(stream, rows, signal);
  return { outcome, rowAt: (number) => rows[number] };
}

function rowsOf(bytes: Uint8Array, place: string): Row[] {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Row[];
  } catch {
    throw new FactorwatchError('state-unusable', `${place} is damaged: what waits in it cannot be sent`, {
      exitCode: ExitCode.noInput,
      hint: 'Restore it from a copy; or remove the state of this pipeline and run with --from: its findings come out the same, with their EventUid.',
    });
  }
}

function streamOf(name: string): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/^\d+-/, '')
    .replace(/\.json$/, '');
}

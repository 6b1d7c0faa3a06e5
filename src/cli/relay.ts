import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { CutShort } from './errors.ts';
import type { Io } from './io.ts';
import type { Surroundings } from './run-command.ts';

/** File in a data directory by which a running `serve` is found; mode 0600, for it holds the token. */
export const SERVE_FILE = 'serve.json';
/** Route of `serve` that runs a command line for a client on the same machine. */
export const RELAY_PATH = '/factorwatch/command';

export interface ServeRecord {
  /** http://127.0.0.1:PORT */
  readonly address: string;
  readonly token: string;
  readonly pid: number;
}

/** What the client sends. Secrets are not among it: the server has an environment of its own. */
export interface RelayRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isTTY: boolean;
  readonly color: boolean;
  readonly columns: number;
}

/** One line of the answer. An empty frame keeps the connection alive. */
export interface RelayFrame {
  readonly out?: string;
  readonly err?: string;
  readonly redraw?: string;
  /** Base64 of bytes for standard output. */
  readonly bytes?: string;
  readonly exit?: number;
}

/** Variables that a command may read besides its options. */
const PASSED = ['FACTORWATCH_CONFIG', 'FACTORWATCH_TARGET'];

/** The `serve` that runs on a data directory; undefined where none answers (a record left by a killed one is ignored). */
export async function findServe(dataDir: string): Promise<ServeRecord | undefined> {
  let record: ServeRecord;
  try {
    record = JSON.parse(readFileSync(join(dataDir, SERVE_FILE), 'utf8')) as ServeRecord;
    if (new URL(record.address).hostname !== '127.0.0.1') return undefined;
    // A killed server's record can outlive it, and its port can have gone to another program: only the token proves it.
    const answer = await fetch(record.address + RELAY_PATH, { headers: bearer(record), signal: AbortSignal.timeout(5000) });
    await answer.body?.cancel();
    return answer.status === 204 ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the command line inside `serve`, and prints what it prints. */
export async function relayCommand(
  serve: ServeRecord,
  argv: readonly string[],
  io: Io,
  { cwd, env, signal }: Surroundings,
): Promise<number> {
  const passed = PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const request: RelayRequest = {
    argv,
    cwd,
    env: Object.fromEntries(passed),
    isTTY: io.isTTY,
    color: io.color,
    columns: io.columns,
  };
  let written = false;
  const gone = (cause?: unknown) => {
    const error = serveGone(serve, cause);
    return written ? new CutShort(error) : error;
  };
  try {
    const answer = await fetch(serve.address + RELAY_PATH, {
      method: 'POST',
      headers: { ...bearer(serve), 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
    if (answer.ok && answer.body !== null) {
      for await (const line of linesOf(answer.body)) {
        const frame = JSON.parse(line) as RelayFrame;
        written ||= frame.out !== undefined || frame.bytes !== undefined;
        await show(frame, io);
        if (frame.exit !== undefined) return frame.exit;
      }
    }
  } catch (cause) {
    if (signal.aborted) throw written ? new CutShort(signal.reason) : signal.reason;
    throw gone(cause);
  }
  throw gone();
}

function bearer({ token }: ServeRecord): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function show(frame: RelayFrame, io: Io): Promise<void> {
  if (frame.out !== undefined) await io.write(frame.out);
  if (frame.bytes !== undefined) await io.write(Buffer.from(frame.bytes, 'base64'));
  if (frame.err !== undefined) io.err(frame.err);
  if (frame.redraw !== undefined) io.redraw(frame.redraw);
}

function serveGone({ address }: ServeRecord, cause?: unknown): FactorwatchError {
  return new FactorwatchError('serve-gone', `serve at ${address} stopped answering before the command had ended`, {
    exitCode: ExitCode.unavailable,
    hint: 'Run the command again: with serve gone it works on the data directory itself.',
    cause,
  });
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

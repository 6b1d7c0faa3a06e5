/**
 * Where a command writes. Results go to `out`, everything about the way there to `err`;
 * with --json exactly one JSON value is written to `out`.
 */
export interface Io {
  /** Writes text and a line feed to standard output. */
  out(text: string): void;
  /** Writes text and a line feed to standard error. */
  err(text: string): void;
  /** Writes the one JSON value of a command to standard output; a bigint that a double cannot hold becomes a string. */
  json(value: unknown): void;
  /**
   * Writes to standard output as it is: CSV in pieces, Arrow bytes. Whoever writes much awaits the promise that it gives where the
   * reader is slower.
   */
  write(data: string | Uint8Array): void | Promise<void>;
  /** Redraws the current line of the terminal (on standard error); does nothing where `isTTY` is false. */
  redraw(text: string): void;
  /** Standard output is a terminal. */
  readonly isTTY: boolean;
  /** Colour may be used: a terminal, and NO_COLOR is not set. */
  readonly color: boolean;
  /** Width to lay text out for; where there is no terminal that of the variable COLUMNS, else 80. */
  readonly columns: number;
}

/** The process's own streams. */
export function processIo(env: Readonly<Record<string, string | undefined>>): Io {
  const { stdout, stderr } = process;
  const isTTY = stdout.isTTY === true;
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write('\r\x1b[2K');
    drawn = false;
  };
  return {
    out: (text) => {
      clear();
      stdout.write(`${text}\n`);
    },
    json: (value) => {
      clear();
      stdout.write(`${jsonText(value)}\n`);
    },
    err: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    write: (data) => {
      clear();
      return stdout.write(data) ? undefined : new Promise((resolve) => stdout.once('drain', resolve));
    },
    redraw: (text) => {
      if (stderr.isTTY !== true) return;
      stderr.write(`\r\x1b[2K${text}`);
      drawn = text !== '';
    },
    isTTY,
    color: isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    columns: Math.max(40, (isTTY ? stdout.columns : wholeOf(env['COLUMNS'])) || 80),
  };
}

const wholeOf = (text: string | undefined): number => (/^\d{1,4}$/.test(text ?? '') ? Number(text) : 0);

/** Keeps what is written; for tests and for commands that run inside `serve`. */
export function memoryIo({ columns = 80, isTTY = false } = {}): Io & { readonly stdout: () => string; readonly stderr: () => string } {
  const outs: Buffer[] = [];
  let errs = '';
  return {
    out: (text) => void outs.push(Buffer.from(`${text}\n`)),
    json: (value) => void outs.push(Buffer.from(`${jsonText(value)}\n`)),
    err: (text) => {
      errs += `${text}\n`;
    },
    write: (data) => void outs.push(Buffer.from(data as Uint8Array)),
    redraw: () => {},
    isTTY,
    color: false,
    columns,
    stdout: () => Buffer.concat(outs).toString('utf8'),
    stderr: () => errs,
  };
}

/** JSON of a command's result. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? exactNumber(item) : item));
}

function exactNumber(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

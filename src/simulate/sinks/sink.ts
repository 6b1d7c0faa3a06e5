/** Ending of a file while its tenant is not whole: no import reads it. */
export const PART = '.part';

/** Where the rows of one table go. */
export interface Sink {
  /** Takes rows as lines of JSON; resolves when it is ready for more. */
  write(lines: string, rows: number): Promise<void>;
  /** Resolves when all is on disk, with the files that were written. */
  end(): Promise<readonly string[]>;
  /** Gives up; resolves when nothing is written any more and what was written is gone. */
  abort(error: Error): Promise<void>;
}

/** The error with the path that it is about: what the system says of a write to an open file names none. */
export function atPath(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error) (error as NodeJS.ErrnoException).path ??= path;
  return error;
}

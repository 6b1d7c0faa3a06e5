import { Interrupted } from './errors.ts';
import { processIo } from './io.ts';
import { runCommandInProcess } from './run-command.ts';

/** How long a command may take to end cleanly after a signal; all that it writes is safe against being killed. */
const GRACE_MS = 5000;

const stop = new AbortController();
const stopped = new Promise<number>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const reason = new Interrupted(signal);
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(reason.exitCode);
      stop.abort(reason);
      setTimeout(resolve, GRACE_MS, reason.exitCode).unref();
    });
  }
});
// The reader went away (`| head`): there is no one left to write to.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { env } = process;
const command = runCommandInProcess(process.argv.slice(2), processIo(env), { cwd: process.cwd(), env, signal: stop.signal });
const code = await Promise.race([command, stopped]);
// Native threads of a workspace may still be winding down: exit as soon as the output is out.
process.stdout.write('', () => process.exit(code));

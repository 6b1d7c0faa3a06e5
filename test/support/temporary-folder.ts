import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^factorwatch-tests-(\d+)$/;

/** A folder of this process for all temporary files, its children's too; removes those of processes that were killed. Gives how to remove it. */
export function ownTemporaryFolder(): () => void {
  const outer = tmpdir();
  for (const name of readdirSync(outer)) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    if (pid > 0 && isDead(pid)) rmSync(join(outer, name), { recursive: true, force: true });
  }
  const own = join(outer, `factorwatch-tests-${process.pid}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  process.env['TMPDIR'] = own;
  return () => rmSync(own, { recursive: true, force: true });
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Called by vitest before all tests. */
export default ownTemporaryFolder;

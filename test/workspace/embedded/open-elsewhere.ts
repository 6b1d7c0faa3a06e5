import { FactorwatchError } from '../../../src/core/errors.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';

/** Run by a test as a process of its own: opens the workspace that is named and says how that went. */
try {
  await EmbeddedWorkspace.open({ path: process.argv[2] as string, clock: () => 0n });
  console.log('opened');
} catch (error) {
  if (!(error instanceof FactorwatchError)) throw error;
  console.log(`${error.exitCode} ${error.message}`);
}

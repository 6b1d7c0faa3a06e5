import { join } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { CheckpointStore } from '../../state/checkpoint-store.ts';
import { fileCheckpointStore } from '../../state/checkpoint-store-file.ts';
import type { Target } from '../config/config.ts';

/** The state of one pipeline on one target. */
export function openStateStore(target: Target, dataDir: string, pipeline: string): CheckpointStore {
  if (target.kind === 'azure' && target.state.kind === 'blob') {
    throw new FactorwatchError('state-kind', `target ${target.name}: state of kind blob is not available in this version`, {
      exitCode: ExitCode.invalid,
      hint: 'Use `state: { kind: directory }`.',
    });
  }
  return fileCheckpointStore(join(dataDir, 'state', target.name, pipeline));
}

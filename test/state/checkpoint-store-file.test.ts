import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { checkpointStoreContract } from './checkpoint-store-contract.ts';

const directory = mkdtempSync(join(tmpdir(), 'factorwatch-contract-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

checkpointStoreContract('a directory', (test) => fileCheckpointStore(join(directory, test)));

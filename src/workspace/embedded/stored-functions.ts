import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KqlFunction } from '../../kql/translate.ts';

/** Functions of a folder, one a file: `FactorFindings.kql` is called `FactorFindings()`. */
export function readStoredFunctions(folder: string): KqlFunction[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.kql'));
  return names
    .sort()
    .map((name) => ({ name: name.slice(0, -4), text: readFileSync(join(folder, name), 'utf8'), file: join(folder, name) }));
}

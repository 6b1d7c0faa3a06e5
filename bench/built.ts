import { compiled } from '../test/support/compiled.ts';

/** The path of a script of this folder as plain JavaScript, compiled with all it imports. */
export function built(script: string): string {
  return `${compiled('bench', 'bench/tsconfig.json')}bench/${script}.js`;
}

import { fileURLToPath } from 'node:url';

/** Absolute path of a file or folder that comes with Factorwatch; src/cli and dist/cli are equally deep. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

import { readdirSync } from 'node:fs';
import type { DetectorSpec } from './detector.ts';

/** Loads every d<number>-*.ts (or .js) of this folder: a new detector is a new file. */
async function load(): Promise<readonly DetectorSpec[]> {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^d\d+-[a-z0-9-]+\.(?:js|ts)$/.test(name));
  const number = (name: string) => Number(/^d(\d+)/.exec(name)?.[1]);
  files.sort((a, b) => number(a) - number(b));
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, import.meta.url).href) as Promise<{ detector: DetectorSpec }>),
  );
  return modules.map(({ detector }) => detector);
}

/** Every detector there is, by number. */
export const allDetectors: readonly DetectorSpec[] = await load();

import type { z } from 'zod';
import type { configSchema } from './schema.ts';

export type ConfigFile = z.output<typeof configSchema>;
export type TargetSettings = ConfigFile['targets'][string];

/** What is in force when no file says otherwise or there is none. */
export interface Config extends ConfigFile {
  /** Absolute path of the file; undefined where the built-in defaults hold. */
  readonly file: string | undefined;
}

/** A target with the name that chose it. */
export type Target = TargetSettings & { readonly name: string };

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { readYaml } from '../../core/yaml-text.ts';
import { whyUnreadable } from '../file-fault.ts';
import { usageError } from '../usage-error.ts';
import type { Config, Target } from './config.ts';
import { configSchema } from './schema.ts';

export const CONFIG_FILE = 'factorwatch.yaml';

/** Reads the file that was asked for, else ./factorwatch.yaml, else gives the built-in defaults. */
export function loadConfig({ cwd, file }: { readonly cwd: string; readonly file: string | undefined }): Config {
  const path = resolve(cwd, file ?? CONFIG_FILE);
  if (file === undefined && !existsSync(path)) return { ...configSchema.parse({ version: 1 }), file: undefined };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FactorwatchError('config-missing', `the configuration cannot be read: ${whyUnreadable(cause)}`, {
      exitCode: ExitCode.noInput,
      where: { file: file ?? CONFIG_FILE },
      hint: 'Name an existing file with --config, or leave it out to work with the built-in defaults.',
      cause,
    });
  }
  return { ...readYaml(text, { file: file ?? CONFIG_FILE, schema: configSchema, code: 'config-invalid' }).value, file: path };
}

/** The target of that name, else the default one; an unknown name is a usage error (64). */
export function chooseTarget(config: Config, name: string | undefined): Target {
  const wanted = name ?? config.default_target;
  const settings = Object.hasOwn(config.targets, wanted) ? config.targets[wanted] : undefined;
  if (settings === undefined) {
    const names = Object.keys(config.targets);
    throw usageError(`unknown target "${wanted}"${didYouMean(wanted, names)}`, `The configuration has: ${names.join(', ')}.`);
  }
  return { ...settings, name: wanted };
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { readYaml } from '../../core/yaml-text.ts';
import { rangeOf } from '../../scoring/address-range.ts';
import { type AllowKind, allowFileSchema } from '../config/allow-schema.ts';
import type { CommandContext } from '../context.ts';
import { warn } from '../warn.ts';
import { type AllowSetting, missing, ofLines, settingsOf } from './entries.ts';

/** Entries of a file that is to be tried: YAML as in factorwatch.yaml, else one entry a line, of `kind` or, where that is absent, what it looks like. */
export async function readAllowFile(context: CommandContext, file: string, kind: AllowKind | undefined): Promise<readonly AllowSetting[]> {
  const path = resolve(context.cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw missing(file, cause, undefined);
  }
  if (/\.ya?ml$/i.test(file)) {
    const { value } = readYaml(text, { file, schema: allowFileSchema, code: 'allow-list-invalid' });
    return settingsOf(value.allow_lists, {
      folder: dirname(path),
      name: file,
      workspace: () => context.openWorkspace(),
      warn: (text) => warn(context, text),
    });
  }
  return ofLines(text, file, (value, line) => ({ kind: kind ?? guessed(value, { file, line }), untilMs: undefined, reason: '' }));
}

function guessed(value: string, where: { readonly file: string; readonly line: number }): AllowKind {
  if (rangeOf(value) !== undefined) return 'egress-range';
  throw new FactorwatchError('allow-list-invalid', `"${value.slice(0, 60)}" is no address: what is it?`, {
    exitCode: ExitCode.invalid,
    where,
    hint: 'Say it with --kind, or write a .yaml file with kind and values.',
  });
}

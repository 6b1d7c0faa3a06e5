import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';

const FOLDER = new URL('./commands/', import.meta.url);
/** Under a development runner the files are .ts, after the build .js. */
const ENDING = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Names of all commands: the files of the folder. */
export function commandNames(): readonly string[] {
  return readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(ENDING) && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** Loads one command; its file exports it as `command`, under the file's name. */
export async function loadCommand(name: string): Promise<Command> {
  const module: { readonly command?: Command } = await import(new URL(name + ENDING, FOLDER).href);
  if (module.command?.name !== name) throw new Error(`commands/${name}${ENDING} must export a command named ${name}`);
  return module.command;
}

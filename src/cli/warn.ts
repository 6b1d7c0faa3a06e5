import type { CommandContext } from './context.ts';
import { plain } from './text.ts';

/** Says on standard error what does not end the command. The text may quote a log, a list or an answer of the service: no escape in it gets through. */
export function warn({ io }: Pick<CommandContext, 'io'>, text: string): void {
  io.err(`warning: ${plain(text, { keepLines: true })}`);
}

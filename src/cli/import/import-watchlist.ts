import { resolve } from 'node:path';
import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { importWatchlist } from '../../workspace/embedded/import/watchlist.ts';
import type { CommandContext } from '../context.ts';
import { openEmbedded } from '../embedded.ts';

/** Fills a watchlist, and says with how many rows. */
export async function fillWatchlist(
  context: CommandContext,
  file: string,
  { alias, key }: { readonly alias: string; readonly key: string | undefined },
): Promise<number> {
  const { rows } = await importWatchlist(await openEmbedded(context), { alias, file: resolve(context.cwd, file), key });
  if (context.json) context.io.json({ watchlist: alias, rows });
  else context.io.out(`watchlist ${alias}: ${counted(rows, 'row')}; read it with _GetWatchlist('${alias}')`);
  return ExitCode.done;
}

import { constants } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../core/make-folders.ts';
import { sqlCacheFile } from '../../workspace/embedded/open.ts';
import { packageFile } from '../package-root.ts';

/**
 * The demo begins in an empty directory every time, and asks the same every time: the SQL that its queries became is kept with
 * the package, so that only the first demo loads the parser. The entries are keyed by text, tables and translator, so that a new
 * version finds nothing of an old one. Where the package cannot be written to, nothing is kept and only time is lost.
 */
const KEPT_SQL = packageFile('node_modules/.cache/factorwatch/demo.sqlcache');

/** Puts what an earlier demo left into a directory that has nothing of its own yet. */
export async function takeKeptSql(dataDir: string, kept = KEPT_SQL): Promise<void> {
  makeFolders(dataDir, 0o700);
  await copyFile(kept, sqlCacheFile(dataDir), constants.COPYFILE_EXCL).catch(() => undefined);
}

export async function keepSql(dataDir: string, kept = KEPT_SQL): Promise<void> {
  // The name of its own: demos may end at the same time.
  const own = join(dirname(kept), `demo.${process.pid}.tmp`);
  try {
    makeFolders(dirname(kept));
    await copyFile(sqlCacheFile(dataDir), own);
    await rename(own, kept);
  } catch {
    // See above.
  }
}

import { readFile } from 'node:fs/promises';
import { ICON } from './document.ts';
import { STYLES } from './styles.ts';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

const FIXED: Readonly<Record<string, Asset>> = {
  'style.css': { type: 'text/css; charset=utf-8', body: STYLES },
  'icon.svg': { type: 'image/svg+xml', body: ICON },
};

// Browsers run JavaScript only: under a development runner, which reads TypeScript, the scripts are those of the last build.
const MAIN = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/server/page/client/main.js', import.meta.url)
  : new URL('./client/main.js', import.meta.url);

/** The file of that name; undefined where there is none. */
export async function asset(name: string): Promise<Asset | undefined> {
  if (Object.hasOwn(FIXED, name)) return FIXED[name];
  if (!/^[a-z][a-z-]{0,40}\.js$/.test(name)) return undefined;
  const body = await readFile(new URL(name, MAIN), 'utf8').catch(() => undefined);
  return body === undefined ? undefined : { type: 'text/javascript; charset=utf-8', body };
}

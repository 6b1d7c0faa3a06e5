import type { KqlColumn } from '../core/kql-types.ts';
import type { KqlCatalog, KqlFunction } from './catalog.ts';

/**
 * A watchlist is a table under its alias; the translator reads it, this text only tells the binder its columns. One that nobody
 * filled has no rows and only the columns of every list, as published parsers rely on (they ask for SearchKey of a list that few
 * have, and for its other columns by column_ifexists).
 */
export const WATCHLISTS: KqlFunction = { name: '_GetWatchlist', text: '(alias: string, keys: dynamic = dynamic([])) { table(alias) }' };

/** Columns that Sentinel puts before those of the file. */
export const WATCHLIST_COLUMNS: readonly KqlColumn[] = [
  { name: '_DTItemId', type: 'string' },
  { name: 'LastUpdatedTimeUTC', type: 'datetime' },
  { name: 'SearchKey', type: 'string' },
  { name: 'WatchlistItem', type: 'dynamic' },
];

/** Where a text names a watchlist that nobody filled. */
export function missingWatchlists(text: string, catalog: KqlCatalog): { readonly alias: string; readonly start: number }[] {
  return [...text.matchAll(/\b_GetWatchlist\s*\(\s*(["'])([^"'\n]+)\1/g)]
    .map(({ index, 2: alias }) => ({ alias: alias!, start: index }))
    .filter(({ alias }) => !catalog.watchlists?.has(alias));
}

/** Said of a watchlist that nobody filled. */
export function noWatchlist(alias: string): string {
  return `there is no watchlist '${alias}'; fill it with \`factorwatch import --watchlist ${alias} FILE.csv\``;
}

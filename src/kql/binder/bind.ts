import type { KqlType } from '../../core/kql-types.ts';
import type { KqlCatalog, KqlFunction, KqlTable } from '../catalog.ts';
import { missingWatchlists, WATCHLIST_COLUMNS, WATCHLISTS } from '../watchlists.ts';
import { analyze } from './analyze.ts';
import { loadKusto } from './kusto.ts';
import type { Kusto, KustoCode } from './shapes.ts';

const SCALARS: Readonly<Record<KqlType, string>> = {
  bool: 'Bool',
  int: 'Int',
  long: 'Long',
  real: 'Real',
  decimal: 'Decimal',
  string: 'String',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  guid: 'Guid',
  dynamic: 'Dynamic',
};

/** Parses and binds a query; of the catalog's tables the binder is given those that the text or a function could mean. */
export function bind(text: string, catalog: KqlCatalog): KustoCode {
  const { symbols, array } = loadKusto();
  const functions = [...catalog.functions.values()];
  const texts = [text, ...functions.filter((f) => text.includes(f.name)).map((f) => f.text)].join('\n');
  const all = /\*|\b(search|find)\b/.test(texts) && /\b(union|search|find)\b/.test(texts);
  const tables: unknown[] = [];
  for (const table of catalog.tables.values())
    if (all || functions.length > 0 || texts.includes(table.name)) tables.push(tableSymbol(table, symbols));
  const watchlists = texts.includes('_GetWatchlist') ? watchlistsOf(texts, catalog) : [];
  for (const table of watchlists) if (!catalog.tables.has(table.name)) tables.push(tableSymbol(table, symbols));
  const called = watchlists.length > 0 ? [WATCHLISTS, ...functions] : functions;
  // What the binder finds out about a function depends on the tables: other tables, other symbols.
  const make = () => {
    const members = [...tables, ...called.map((fn) => functionSymbol(fn, symbols))];
    return prepared()
      .WithDatabase(new symbols['DatabaseSymbol'].$ctor1('workspace', array(members, symbols['Symbol']), false))
      .WithCache();
  };
  return analyze(text, remembered([...tables, ...called], make));
}

type Named = Pick<KqlTable, 'name' | 'columns'>;

/** The watchlists that are filled, and those that the text names besides. */
function watchlistsOf(texts: string, catalog: KqlCatalog): Named[] {
  const filled = [...(catalog.watchlists?.values() ?? [])];
  const missing = new Set(missingWatchlists(texts, catalog).map(({ alias }) => alias));
  return [...filled, ...[...missing].map((name) => unfilledWatchlist(name))];
}

const unfilled = new Map<string, Named>();
const MOST_UNFILLED = 200;

/** The same columns for the same alias: the symbols are kept by them. */
function unfilledWatchlist(name: string): Named {
  if (unfilled.size > MOST_UNFILLED) unfilled.clear();
  const table = unfilled.get(name) ?? { name, columns: [...WATCHLIST_COLUMNS] };
  unfilled.set(name, table);
  return table;
}

// biome-ignore lint/suspicious/noExplicitAny: a GlobalState of Bridge.NET
let base: any;

/**
 * The state to start from. With end tokens and, in the end, a cache: where a state lacks them the binder works on a copy that
 * knows neither its functions by name nor what it found out in the queries before.
 */
// biome-ignore lint/suspicious/noExplicitAny: the same
function prepared(): any {
  const fresh = loadKusto().language['GlobalState'].Default;
  base ??= fresh.WithParseOptions(fresh.ParseOptions.WithAlwaysProduceEndTokens(true));
  return base;
}

/** A GlobalState of the package. */
type Globals = Parameters<typeof analyze>[1];

/** What the binder sees of a workspace, by the tables and functions: it builds tables of its own over it, so that the latest are kept. */
const seen: { readonly parts: readonly unknown[]; readonly globals: Globals }[] = [];
const MOST_SEEN = 32;

function remembered(parts: readonly unknown[], make: () => Globals): Globals {
  const known = seen.findIndex((s) => s.parts.length === parts.length && s.parts.every((part, i) => part === parts[i]));
  const entry = known >= 0 ? seen.splice(known, 1)[0]! : { parts, globals: make() };
  seen.unshift(entry);
  seen.length = Math.min(seen.length, MOST_SEEN);
  return entry.globals;
}

/** By the columns, which a catalogue keeps as they are while the table is the same. */
const tableSymbols = new WeakMap<KqlTable['columns'], { readonly name: string; readonly symbol: unknown }>();

function tableSymbol(table: Named, symbols: Kusto['symbols']): unknown {
  const known = tableSymbols.get(table.columns);
  if (known?.name === table.name) return known.symbol;
  const columns = table.columns.map((c) => new symbols['ColumnSymbol'](c.name, symbols['ScalarTypes'][SCALARS[c.type]]));
  const symbol = new symbols['TableSymbol'].$ctor4(table.name, loadKusto().array(columns, symbols['ColumnSymbol']));
  tableSymbols.set(table.columns, { name: table.name, symbol });
  return symbol;
}

/** `(a:string) { ... }`, `{ ... }` or a bare body, after comments. */
function functionSymbol({ name, text }: KqlFunction, symbols: Kusto['symbols']): unknown {
  const trimmed = text.replace(/^(?:\s+|\/\/[^\n]*)+/, '').trim();
  const open = trimmed.startsWith('(') ? closing(trimmed) : -1;
  const parameters = open >= 0 ? trimmed.slice(0, open + 1) : '()';
  const body = trimmed.slice(open + 1).trim();
  return new symbols['FunctionSymbol'].$ctor16(name, parameters, body.startsWith('{') ? body : `{${body}}`, null);
}

/** Where the parenthesis at the start closes. */
function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
  }
  return -1;
}

import type { KqlType } from '../../core/kql-types.ts';
import type { KqlCatalog, KqlTable } from '../context.ts';
import { type Kusto, type KustoCode, loadKusto } from './kusto.ts';

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

/** A watchlist is a table under its alias; the translator reads it, this text only tells the binder its columns. */
const WATCHLIST = '(alias: string, keys: dynamic = dynamic([])) { table(alias) }';

/** Parses and binds a query; of the catalog's tables the binder is given those that the text or a function could mean. */
export function bind(text: string, catalog: KqlCatalog): KustoCode {
  const { symbols, language, array } = loadKusto();
  const functions = [...catalog.functions.values()];
  const texts = [text, ...functions.filter((f) => text.includes(f.name)).map((f) => f.text)].join('\n');
  const all = /\*|\b(search|find)\b/.test(texts) && /\b(union|search|find)\b/.test(texts);
  const members: unknown[] = [];
  for (const table of catalog.tables.values())
    if (all || functions.length > 0 || texts.includes(table.name)) members.push(tableSymbol(table, symbols));
  const watchlists = texts.includes('_GetWatchlist') ? [...(catalog.watchlists?.values() ?? [])] : [];
  for (const table of watchlists) if (!catalog.tables.has(table.name)) members.push(tableSymbol(table, symbols));
  if (watchlists.length > 0) members.push(functionSymbol('_GetWatchlist', WATCHLIST, symbols));
  for (const fn of functions) members.push(functionSymbol(fn.name, fn.text, symbols));
  const database = new symbols['DatabaseSymbol'].$ctor1('workspace', array(members, symbols['Symbol']), false);
  const globals = language['GlobalState'].Default.WithDatabase(database);
  return language['KustoCode'].ParseAndAnalyze(text, globals);
}

function tableSymbol(table: KqlTable, symbols: Kusto['symbols']): unknown {
  const columns = table.columns.map((c) => new symbols['ColumnSymbol'](c.name, symbols['ScalarTypes'][SCALARS[c.type]]));
  return new symbols['TableSymbol'].$ctor4(table.name, loadKusto().array(columns, symbols['ColumnSymbol']));
}

/** `(a:string) { ... }`, `{ ... }` or a bare body, after comments. */
function functionSymbol(name: string, text: string, symbols: Kusto['symbols']): unknown {
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

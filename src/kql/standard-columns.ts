import type { KqlColumn } from '../core/kql-types.ts';
import type { KqlCatalog, KqlTable, StandardColumn } from './catalog.ts';

const widened = new WeakMap<KqlTable['columns'], Map<string, readonly KqlColumn[]>>();

/**
 * The catalog as a text sees it. Standard columns are there for whoever names them and no others, as in the service, where most of
 * them are in no answer unless the query asks for them: `*` stands for them only in a text that names them. So are silent tables.
 */
export function asNamed(catalog: KqlCatalog, text: string): KqlCatalog {
  const texts = [text, ...[...catalog.functions.values()].filter((f) => text.includes(f.name)).map((f) => f.text)].join('\n');
  let changed = false;
  // The same few names are asked for with every table.
  const asked = new Map<string, boolean>();
  const named = (name: string): boolean => {
    const known = asked.get(name) ?? mentions(texts, name);
    asked.set(name, known);
    return known;
  };
  const tables = new Map<string, KqlTable>();
  for (const [name, table] of catalog.tables) {
    if (table.silent && !named(name)) {
      changed = true;
      continue;
    }
    const added = (table.standard ?? []).filter((column) => named(column.name));
    changed ||= added.length > 0;
    tables.set(name, added.length > 0 ? withColumns(table, added) : table);
  }
  return changed ? { ...catalog, tables } : catalog;
}

function mentions(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`\\b${name}\\b`).test(text);
}

/** The same array of columns for the same names: the binder keeps its symbols by it. */
function withColumns(table: KqlTable, added: readonly StandardColumn[]): KqlTable {
  const known = widened.get(table.columns) ?? new Map<string, readonly KqlColumn[]>();
  widened.set(table.columns, known);
  const key = added.map(({ name }) => name).join();
  const columns = known.get(key) ?? [...table.columns, ...added.map(({ name, type }) => ({ name, type }))];
  known.set(key, columns);
  return { ...table, columns, physicalColumns: [...table.physicalColumns, ...added.map(({ sql }) => sql)] };
}

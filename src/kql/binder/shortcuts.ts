import type { Kusto, KustoColumn, KustoList, KustoNode } from './kusto.ts';

/** Where the package keeps what it has found, and what it looks for. */
interface Table {
  readonly Columns: KustoList<KustoColumn>;
  lazyColumnMap: ColumnMap | null;
}

/** Columns by name; of several with one name the first. What the package asks of its own dictionary, which costs ten times as much to fill. */
class ColumnMap {
  readonly #columns = new Map<string, KustoColumn>();

  constructor(columns: KustoList<KustoColumn>) {
    for (let i = 0; i < columns.Count; i++) {
      const column = columns.getItem(i);
      if (!this.#columns.has(column.Name)) this.#columns.set(column.Name, column);
    }
  }

  tryGetValue(name: string, found: { v?: KustoColumn | null }): boolean {
    const column = this.#columns.get(name);
    found.v = column ?? null;
    return column !== undefined;
  }
}

type Visit = ((node: KustoNode) => unknown) | null | undefined;
interface Walked extends KustoNode {
  readonly IndexInParent: number;
}

/** The package's walk down a tree, without its tests of each function at each node. No recursion: a text may be nested deeply. */
function walk(root: Walked, before: Visit, after: Visit, descend: Visit): void {
  let node: Walked | null = root;
  let at = 0;
  before?.(root);
  while (node) {
    if (at < node.ChildCount && (!descend || descend(node))) {
      const child = node.GetChild(at) as Walked | null;
      if (child) {
        node = child;
        at = 0;
        before?.(node);
      } else at++;
    } else {
      after?.(node);
      if (node === root) return;
      at = node.IndexInParent + 1;
      node = node.Parent as Walked | null;
    }
  }
}

/**
 * Spares the package work whose outcome is known here. Every operator makes a table of its own out of the columns before it, of 95
 * columns for SigninLogs: each was checked for nulls, and put into a dictionary with the first name that was looked up in it.
 */
export function shorten({ symbols, language }: Pick<Kusto, 'symbols' | 'language'>): void {
  Object.defineProperty(symbols['TableSymbol'].prototype, 'ColumnMap', {
    configurable: true,
    get(this: Table) {
      this.lazyColumnMap ??= new ColumnMap(this.Columns);
      return this.lazyColumnMap;
    },
  });
  const { ArgumentCheckers } = language['Utils'];
  // The package calls this of itself; what is given to it from here is typed.
  ArgumentCheckers.CheckArgumentNullOrElementNull = (_type: unknown, list: unknown) => list;
  const { SyntaxElement } = language['Syntax'];
  SyntaxElement.WalkElements = walk;
  // Texts that hold a control command are not bound here.
  const { Binder } = language['Binding'];
  Binder.IsInsideControlCommand = () => false;
  Binder.GetCreateFunctionCommandName = () => null;
}

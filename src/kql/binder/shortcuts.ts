import type { Kusto, KustoColumn, KustoList, KustoNode } from './shapes.ts';

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

/** Where each element begins, from its parent on. */
function placeElements(this: { readonly Root: Walked }): void {
  const place = (node: KustoNode) => {
    const element = node as Placed;
    element._triviaStart = (element.Parent?._triviaStart ?? 0) + element.OffsetInParent;
  };
  walk(this.Root, place, undefined, undefined);
}

interface Placed extends Walked {
  readonly Parent: Placed | null;
  readonly OffsetInParent: number;
  _triviaStart: number;
}

/** How deep the nodes are nested; tokens do not count. */
function depthOf(root: Walked, isNode: (element: KustoNode) => boolean): number {
  let depth = 0;
  let most = 0;
  const enter = (element: KustoNode) => {
    if (isNode(element)) most = Math.max(most, ++depth);
  };
  const leave = (element: KustoNode) => {
    if (isNode(element)) depth--;
  };
  walk(root, enter, leave, undefined);
  return most;
}

interface Derived extends KustoColumn {
  readonly OriginalColumns: KustoList<KustoColumn> | readonly KustoColumn[];
}

/** Whether none of the columns was made of others. */
function areOriginal(columns: KustoList<Derived> | readonly Derived[]): boolean {
  const count = 'Count' in columns ? columns.Count : columns.length;
  for (let i = 0; i < count; i++) {
    const { OriginalColumns: made } = 'Count' in columns ? columns.getItem(i) : columns[i]!;
    if (('Count' in made ? made.Count : made.length) !== 0) return false;
  }
  return true;
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
  const { SyntaxElement, SyntaxNode, SyntaxTree } = language['Syntax'];
  SyntaxElement.WalkElements = walk;
  SyntaxElement.prototype.InitializeTriviaStarts = placeElements;
  SyntaxTree.ComputeMaxDepth = (root: Walked) => depthOf(root, (element) => element instanceof SyntaxNode);
  const { ColumnSymbol } = symbols;
  const originals = ColumnSymbol.GetTrulyOriginalColumns;
  ColumnSymbol.GetTrulyOriginalColumns = (columns: KustoList<Derived>) => (areOriginal(columns) ? columns : originals(columns));
  // Texts that hold a control command are not bound here.
  const { Binder } = language['Binding'];
  Binder.IsInsideControlCommand = () => false;
  Binder.GetCreateFunctionCommandName = () => null;
}

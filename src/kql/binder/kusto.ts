import { createRequire } from 'node:module';
import { copyLists, quicken } from './bridge-runtime.ts';
import { replaceCollections } from './collections.ts';
import { shorten } from './shortcuts.ts';

/** The parts of Microsoft's parser that are used here, as shapes: the package's own typings are 1.7 MB of Bridge.NET. */
export interface KustoSymbol {
  readonly Name: string;
  readonly Kind: number;
}
export interface KustoList<T> {
  readonly Count: number;
  getItem(index: number): T;
}
export interface KustoColumn extends KustoSymbol {
  readonly Type: KustoSymbol;
}
export interface KustoType extends KustoSymbol {
  readonly Columns?: KustoList<KustoColumn> | undefined;
  readonly IsOpen?: boolean | undefined;
}
/** A node or token. Members differ by kind; `tree/syntax.ts` reads them. */
export interface KustoNode {
  readonly Kind: number;
  readonly ChildCount: number;
  readonly TextStart: number;
  readonly Width: number;
  readonly Parent: KustoNode | null;
  readonly ResultType?: KustoType | null;
  readonly ReferencedSymbol?: KustoSymbol | null;
  readonly SimpleName?: string;
  readonly Text?: string;
  readonly ValueText?: string;
  readonly Value?: unknown;
  readonly LiteralValue?: unknown;
  readonly IsMissing?: boolean;
  GetChild(index: number): KustoNode | null;
  toString(flag?: number): string;
  GetCalledFunctionBody?(): KustoNode | null;
  readonly [member: string]: unknown;
}
export interface KustoDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
  readonly HasLocation: boolean;
}
export interface KustoCode {
  readonly Syntax: KustoNode;
  readonly ResultType: KustoType | null;
  GetDiagnostics(): KustoList<KustoDiagnostic>;
  GetSyntaxDiagnostics(): KustoList<KustoDiagnostic>;
}

// biome-ignore lint/suspicious/noExplicitAny: constructors and statics of Bridge.NET, typed where their results are used
type BridgeNamespace = Record<string, any>;

/** The package keeps no types of its own that we could use: everything is read through this object once. */
export interface Kusto {
  readonly kindName: (kind: number) => string;
  readonly typeName: (symbol: unknown) => string;
  readonly symbols: BridgeNamespace;
  readonly language: BridgeNamespace;
  readonly array: (items: readonly unknown[], type: unknown) => unknown;
}

/** Functions whose result the package names after the first argument, and the engine does not: `project pow(a, 2)` gives Column1. */
const NAMELESS = ['Pow', 'Exp10'] as const;

let loaded: Kusto | undefined;

/** Loads the parser (some 200 ms, once); it sets globals of its own. */
export function loadKusto(): Kusto {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Bridge, System } = globalThis as never as {
    Bridge: Parameters<typeof quicken>[0];
    System: {
      Array: Parameters<typeof quicken>[1] & { init: Parameters<typeof copyLists>[1] };
      Object: unknown;
      Linq: { Enumerable: Parameters<typeof copyLists>[0] };
      Collections: { Generic: { List$1: unknown } };
    };
  };
  quicken(Bridge, System.Array, System.Object);
  copyLists(System.Linq.Enumerable, System.Array.init, System.Collections.Generic.List$1);
  // biome-ignore lint/suspicious/noExplicitAny: the globals that the package sets
  const globals = globalThis as any;
  const language = globals.Kusto.Language;
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(language.Syntax.SyntaxKind)) if (typeof value === 'number') names.set(value, name);
  loaded = {
    kindName: (kind) => names.get(kind) ?? `kind ${kind}`,
    typeName: (symbol) => String(globals.Bridge.getTypeName(symbol)).split('.').at(-1) ?? '',
    symbols: language.Symbols,
    language,
    array: (items, type) => globals.System.Array.init([...items], type),
  };
  shorten(loaded);
  replaceCollections(loaded);
  for (const name of NAMELESS) language.Functions[name].ResultNameKind = 0;
  return loaded;
}

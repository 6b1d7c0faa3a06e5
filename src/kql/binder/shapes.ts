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

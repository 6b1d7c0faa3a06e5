import { KqlError } from '../kql-error.ts';
import { loadKusto } from './kusto.ts';
import type { KustoCode } from './shapes.ts';

/**
 * Parses and binds a query as KustoCode.ParseAndAnalyze does, but for the grammar of the editor, which that one builds besides
 * (half a second of the first query of a process) and nobody asks for here.
 */
export function analyze(text: string, globals: { readonly ParseOptions: unknown }): KustoCode {
  try {
    return bound(text, globals);
  } catch (error) {
    // The package breaks off on some texts (a graph's pattern over what is no graph): such a query is refused, not an accident of ours.
    if (!(error instanceof TypeError)) throw error;
    const message = `the parser breaks off on this query, which is not supported: does each operator get what it works on, graph-match a graph?`;
    throw new KqlError([{ kind: 'unsupported', message, line: 1, column: 1, name: '' }], undefined, text);
  }
}

function bound(text: string, globals: { readonly ParseOptions: unknown }): KustoCode {
  const { language } = loadKusto();
  const whole = (): KustoCode => language['KustoCode'].ParseAndAnalyze(text, globals);
  if (language['KustoCode'].GetKind(text) !== language['Editor'].CodeKinds.Query) return whole();
  const { TokenParser, QueryParser } = language['Parsing'];
  const { Binder, LocalBindingCache } = language['Binding'];
  const root = QueryParser.ParseQuery(TokenParser.ParseTokens(text, globals.ParseOptions), 0, globals.ParseOptions);
  const tree = new language['Syntax'].SyntaxTree(root);
  // A text that is nested too deeply is not bound; the fault for it is the whole one's to give.
  if (!Binder.TryBind(tree, globals, new LocalBindingCache())) return whole();
  return {
    Syntax: root,
    ResultType: language['KustoCode'].DetermineResultType(root),
    GetDiagnostics: () => root.GetContainedDiagnostics(),
    GetSyntaxDiagnostics: () => root.GetContainedSyntaxDiagnostics(),
  };
}

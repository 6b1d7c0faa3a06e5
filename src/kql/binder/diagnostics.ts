import type { KustoCode, KustoDiagnostic, KustoList } from './kusto.ts';

/** What the binder faults and the engine answers: the tree is usable all the same. */
export const ENGINE_ACCEPTS: Readonly<Record<string, string>> = {
  KS116: 'a dynamic value where the binder wants another type, as in count(x)',
};

export interface Fault {
  readonly message: string;
  readonly start: number;
  readonly syntax: boolean;
}

/** Errors of a text that hold for the engine too. */
export function faultsOf(code: KustoCode): Fault[] {
  const syntax = errors(code.GetSyntaxDiagnostics());
  if (syntax.length > 0) return syntax.map((d) => ({ message: d.Message, start: d.Start, syntax: true }));
  return errors(code.GetDiagnostics())
    .filter((d) => !(d.Code in ENGINE_ACCEPTS))
    .map((d) => ({ message: d.Message, start: d.Start, syntax: false }));
}

function errors(list: KustoList<KustoDiagnostic>): KustoDiagnostic[] {
  const out: KustoDiagnostic[] = [];
  for (let i = 0; i < list.Count; i++) if (list.getItem(i).Severity === 'Error') out.push(list.getItem(i));
  return out;
}

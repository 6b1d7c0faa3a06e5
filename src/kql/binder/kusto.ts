import { createRequire } from 'node:module';
import { copyLists, quicken } from './bridge-runtime.ts';
import { replaceCollections } from './collections.ts';
import type { Kusto } from './shapes.ts';
import { shorten } from './shortcuts.ts';

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

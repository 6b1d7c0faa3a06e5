import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { ExitCode, FactorwatchError, type Place, placeText } from './errors.ts';

/** One fault of a text, with its place. */
export interface Fault {
  readonly message: string;
  readonly where: Place;
}

/** A YAML text that fitted its schema, and where each of its values stands. */
export interface YamlText<T> {
  readonly value: T;
  /** Place of the value at a path, or of the nearest parent that is written down. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

/** Reads one YAML document against a schema; throws one error that names every fault with file:line:column. */
export function readYaml<S extends z.ZodType>(text: string, { file, schema, code }: YamlSource<S>): YamlText<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    throw faultsError(
      code,
      document.errors.map((error) => ({ message: error.message, where: at(error.pos[0]) })),
    );
  }
  const place = (path: readonly PropertyKey[]): Place => at(offsetOf(document, path));
  // An alias bomb is refused by the parser's own limit (maxAliasCount).
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { value: parsed.data, place };
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, document, place));
  throw faultsError(
    code,
    faults.sort((a, b) => a.where.line! - b.where.line! || a.where.column! - b.where.column!),
  );
}

export interface YamlSource<S extends z.ZodType> {
  /** Name of the file, as the user knows it. */
  readonly file: string;
  readonly schema: S;
  /** Code of the error that is thrown: 'config-invalid', 'rule-invalid', ... */
  readonly code: string;
}

/** One FactorwatchError (78) that lists all faults, its place the first one's. */
export function faultsError(code: string, faults: readonly Fault[], hint?: string): FactorwatchError {
  const lines = faults.map(({ message, where }) => `${placeText(where)}: ${message}`);
  const message = faults.length === 1 ? faults[0]!.message : `${faults.length} faults:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return new FactorwatchError(code, message, { exitCode: ExitCode.invalid, where: faults[0]?.where, hint });
}

/**
 * Error text of an object whose keys are all known: names each unknown key and the one that was probably meant.
 * Use as `z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) })`.
 */
export function unknownKeys(known: readonly string[]): (issue: { readonly code?: string; readonly keys?: unknown }) => string | undefined {
  return (issue) => {
    if (issue.code !== 'unrecognized_keys' || !Array.isArray(issue.keys)) return undefined;
    return issue.keys.map((key) => `unknown key "${key}"${didYouMean(String(key), known)}`).join('; ');
  };
}

/** What is wrong with a document that is no map. */
function wholeFault({ contents }: ReturnType<typeof parseDocument>): string {
  if (contents === null || (isScalar(contents) && contents.value === null)) return 'the file is empty: it needs keys, each with a value';
  return `the file is a ${isScalar(contents) ? 'single value' : 'list'}, not keys, each with a value`;
}

function faultsOf(
  issue: z.core.$ZodIssue,
  document: ReturnType<typeof parseDocument>,
  place: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const texts = issue.message.split('; ');
    return issue.keys.map((key, i) => ({
      message: texts.length === issue.keys.length ? texts[i]! : issue.message,
      where: place([...issue.path, key]),
    }));
  }
  if (issue.code === 'invalid_type' && issue.path.length === 0) return [{ message: wholeFault(document), where: place([]) }];
  const name = issue.path.map(String).join('.');
  return [{ message: name === '' ? issue.message : `${name}: ${issue.message}`, where: place(issue.path) }];
}

/** Offset of a map's key where the path ends in one (that is where an editor should jump), else of the item. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) return offset;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else {
      const item =
        node !== null && typeof node === 'object' && 'get' in node
          ? (node.get as (k: unknown, keep: true) => unknown)(part, true)
          : undefined;
      if (item === undefined) return offset;
      node = item;
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  if (node === null || typeof node !== 'object' || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return node.range[0] as number;
}

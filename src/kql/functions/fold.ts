import { constant, type Scalar } from '../scalar.ts';

/** Functions over constant texts whose value is known when the query is read: patterns and formats may be put together with them. */
const FOLDS: Readonly<Record<string, (...texts: string[]) => string | undefined>> = {
  strcat: (...texts) => texts.join(''),
  strcat_delim: (delimiter, ...texts) => texts.join(delimiter),
  tolower: (text) => (isAscii(text) ? text!.toLowerCase() : undefined),
  toupper: (text) => (isAscii(text) ? text!.toUpperCase() : undefined),
  strcat_array: (delimiter, ...texts) => texts.join(delimiter),
  tostring: (text) => text,
  replace_string: (text, from, to) => (from === '' ? text : text!.replaceAll(from!, () => to!)),
  // What is not sure to be quoted is left to the engine.
  regex_quote: (text) => (/[#&\-~\s]/.test(text!) ? undefined : text!.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')),
};

function isAscii(text: string | undefined): boolean {
  return text !== undefined && !/[^ -~]/.test(text);
}

/** The text of a constant that has one form only. */
function textOf(value: Scalar): string | undefined {
  const known = value.constant?.value;
  if (known === undefined || known === null) return undefined;
  return value.type === 'string' || value.type === 'long' || value.type === 'int' ? String(known) : undefined;
}

/** The delimiter of strcat_array and the texts of its array. */
function arrayTexts([array, delimiter]: readonly Scalar[]): (string | undefined)[] {
  const items: unknown = array?.type === 'dynamic' && array.constant ? JSON.parse(String(array.constant.value)) : undefined;
  const texts = Array.isArray(items) ? items.map((i) => (typeof i === 'string' ? i : undefined)) : [undefined];
  return [delimiter && textOf(delimiter), ...texts];
}

/** The value of a call over constants; undefined where it is left to the engine. */
export function folded(name: string, args: readonly Scalar[]): Scalar | undefined {
  const fold = Object.hasOwn(FOLDS, name) ? FOLDS[name] : undefined;
  if (!fold || args.length === 0) return undefined;
  const texts = name === 'strcat_array' ? arrayTexts(args) : args.map(textOf);
  if (texts.includes(undefined)) return undefined;
  const text = fold(...(texts as string[]));
  return text === undefined ? undefined : constant('string', text);
}

import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { KQL_TYPES, type KqlParameters, type KqlType } from '../../core/kql-types.ts';
import { kqlLiteral } from './literals.ts';

/** One parameter of `declare query_parameters(...)`. */
interface Declared {
  readonly name: string;
  readonly type: string;
  readonly byDefault: string | undefined;
}

interface Declaration {
  readonly start: number;
  readonly end: number;
  readonly parameters: readonly Declared[];
}

/** Whatever a quote or a comment mark inside does not end: comments, the three kinds of strings, all with an optional h. */
const OPAQUE =
  /\/\/[^\n]*|```[\s\S]*?```|~~~[\s\S]*?~~~|[hH]?@"(?:[^"]|"")*"|[hH]?@'(?:[^']|'')*'|[hH]?"(?:[^"\\\n]|\\.)*"|[hH]?'(?:[^'\\\n]|\\.)*'/g;
const HEAD = /\bdeclare\s+query_parameters\s*\(/gi;
const PARAMETER = /^\s*([A-Za-z_]\w*)\s*:\s*([a-z]+)\s*(?:=([\s\S]*))?$/i;

function wrong(message: string, file: string | undefined): FactorwatchError {
  return new FactorwatchError('kql-parameter', message, { exitCode: ExitCode.invalid, where: file === undefined ? undefined : { file } });
}

/** The text with comments and strings blanked, position by position, so that what is left can be searched. */
function blanked(kql: string): string {
  return kql.replace(OPAQUE, (match) => ' '.repeat(match.length));
}

function findDeclaration(kql: string, file: string | undefined): Declaration | undefined {
  const text = blanked(kql);
  HEAD.lastIndex = 0;
  const head = HEAD.exec(text);
  if (!head) return undefined;
  const open = head.index + head[0].length;
  let depth = 1;
  let close = open;
  const commas: number[] = [open - 1];
  for (; close < text.length && depth > 0; close++) {
    const c = text[close];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 1) commas.push(close);
  }
  const semicolon = /^\s*;/.exec(text.slice(close));
  if (depth > 0 || !semicolon) throw wrong('declare query_parameters(...) has no end: a closing bracket and a semicolon', file);
  const parameters = commas.map((comma, i) => {
    const [from, to] = [comma + 1, commas[i + 1] ?? close - 1];
    // Told by the blanked text, so that a comment between two parameters does no harm; a default is taken from the text itself.
    const match = PARAMETER.exec(text.slice(from, to));
    if (!match) throw wrong(`cannot read the query parameter ${JSON.stringify(kql.slice(from, to).trim())}`, file);
    const equals = match[3] === undefined ? undefined : to - match[3].length;
    return { name: match[1]!, type: match[2]!.toLowerCase(), byDefault: equals === undefined ? undefined : kql.slice(equals, to).trim() };
  });
  return { start: head.index, end: close + semicolon[0].length, parameters };
}

/** Spellings of the declared types that mean the same. */
const SAME_TYPE: Readonly<Record<string, string>> = { boolean: 'bool', double: 'real', date: 'datetime', time: 'timespan', uuid: 'guid' };

function knownType(text: string, file: string | undefined): KqlType {
  const name = SAME_TYPE[text] ?? text;
  const type = KQL_TYPES.find((known) => known === name);
  if (type === undefined) throw wrong(`${text} is not a type of a query parameter`, file);
  return type;
}

export interface BindOptions {
  readonly file?: string | undefined;
  /** Names that the text must declare. */
  readonly required?: readonly string[];
  /** The text is only compiled: a parameter without a value is a null of its type. */
  readonly checking?: boolean;
}

/**
 * Puts values in place of `declare query_parameters(...)`, which Log Analytics does not know: `let Name = literal;` for each. Line
 * numbers stay as they are.
 */
export function bindParameters(
  kql: string,
  parameters: KqlParameters = {},
  { file, required = [], checking = false }: BindOptions = {},
): string {
  const declaration = findDeclaration(kql, file);
  const declared = new Set(declaration?.parameters.map(({ name }) => name));
  const missing = required.filter((name) => !declared.has(name));
  if (missing.length > 0) {
    throw wrong(`the query must declare ${missing.join(' and ')}: declare query_parameters(From:datetime, Until:datetime);`, file);
  }
  if (!declaration) return kql;
  const lets = declaration.parameters.map(({ name, type, byDefault }) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) {
      if (byDefault === undefined && checking) return `let ${name} = ${kqlLiteral({ type: knownType(type, file), value: null })};`;
      if (byDefault === undefined) throw wrong(`the query parameter ${name} has no value and no default`, file);
      return `let ${name} = ${byDefault};`;
    }
    if (value.type !== knownType(type, file)) throw wrong(`the query parameter ${name} is a ${type}, the value a ${value.type}`, file);
    return `let ${name} = ${kqlLiteral(value)};`;
  });
  const lines = kql.slice(declaration.start, declaration.end).split('\n').length - 1;
  return kql.slice(0, declaration.start) + lets.join(' ') + '\n'.repeat(lines) + kql.slice(declaration.end);
}

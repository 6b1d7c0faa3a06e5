import type { KqlParameter, KqlParameters } from '../../../core/kql-types.ts';
import { ticksFromIso } from '../../../core/ticks.ts';

/** A text whose first values were taken out of it. */
export interface Lifted {
  /** The text with a declaration of parameters in their place; its lines are numbered as before. */
  readonly kql: string;
  readonly parameters: KqlParameters;
}

const LET = /[ \t]*let ([A-Za-z_]\w*) = (?:datetime\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z)\)|parse_json\(("(?:[^"\\\n]|\\.)*")\));/y;

/**
 * Takes values out of the statements `let Name = value;` with which a text begins: that is how a client gives them to the query API, which knows no
 * parameters. Two queries that differ in nothing else are one translation then. Only forms whose value is beyond doubt: a time with all its
 * digits, and a JSON array of texts. Undefined where the text does not begin so.
 */
export function liftLetValues(kql: string): Lifted | undefined {
  const parameters: Record<string, KqlParameter> = {};
  let end = 0;
  for (;;) {
    LET.lastIndex = end;
    const found = LET.exec(kql);
    if (!found) break;
    const [, name = '', time, text] = found;
    const value = time === undefined ? arrayOfTexts(text!) : datetime(time);
    // Names that are there twice are for the translator to judge.
    if (value === undefined || Object.hasOwn(parameters, name)) break;
    parameters[name] = value;
    end = LET.lastIndex;
  }
  if (end === 0) return undefined;
  const declared = Object.entries(parameters).map(([name, { type }]) => `${name}:${type}`);
  return { kql: `declare query_parameters(${declared.join(', ')});${kql.slice(end)}`, parameters };
}

function datetime(text: string): KqlParameter | undefined {
  const value = ticksFromIso(text);
  return value === undefined ? undefined : { type: 'datetime', value };
}

function arrayOfTexts(literal: string): KqlParameter | undefined {
  try {
    const json = JSON.parse(literal) as string;
    const value: unknown = JSON.parse(json);
    const isPlain = Array.isArray(value) && value.every((item) => typeof item === 'string') && JSON.stringify(value) === json;
    return isPlain ? { type: 'dynamic', value: json } : undefined;
  } catch {
    return undefined;
  }
}

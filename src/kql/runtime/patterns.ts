import { patternOf } from '../text/pattern.ts';
import { regexFault } from '../text/regex.ts';
import type { RuntimeFunction } from './function-row.ts';

/** A pattern that only the rows tell, as RE2 reads it over this text. */
function patternFor(text: string, pattern: string): string {
  const wrong = regexFault(pattern);
  if (wrong) throw new Error(`'${pattern.slice(0, 100)}' is no regular expression: ${wrong}`);
  const found = patternOf(pattern);
  if (!found) throw new Error(`matches regex: what the pattern '${pattern.slice(0, 100)}' holds is not supported`);
  if (found.asciiOnly && /[^\0-\x7f]/.test(text)) throw new Error('\\b in a pattern over text beyond ASCII is not supported');
  return found.text;
}

export const patternFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_pattern', takes: ['VARCHAR', 'VARCHAR'], returns: 'VARCHAR', call: patternFor },
];

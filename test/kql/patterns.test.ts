import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** Patterns by the syntax of Rust's regex crate, to which Kusto's page on regular expressions refers. */
test.each<[string, unknown]>([
  ['"A" matches regex @"^\\u0041$"', true],
  ['"é" matches regex @"^[\\u{e9}\\U000000e8]$"', true],
  ['"aB" matches regex @"\\p{Lu}$" and "a-b" matches regex @"^[\\w\\-]{3}$"', true],
  ['extract(@"[a-z]{2,}", 0, "a foo b")', 'foo'],
  ['extract(@"\\x{66}o{1,2}", 0, "a foo b")', 'foo'],
  // The documentation of replace_regex: \0 is the match, \1 the first group; a pair of backslashes is one.
  ['replace_regex("abc", "(b)", @"[\\0\\1]")', 'a[bb]c'],
  ['replace_regex("abc", "(b)", @"\\\\\\1")', 'a\\bc'],
])('%s', async (expression, want) => {
  const { rows } = await ask(connection, `print x = ${expression}`);
  expect(rows).toEqual([[want]]);
});

/** What one of the two engines alone reads, or reads otherwise. */
test.each([
  '"a{" matches regex "a{"',
  '"a" matches regex "a{,2}"',
  '"a" matches regex @"\\Q.\\E"',
  '"a" matches regex @"a\\Z"',
  '"a" matches regex @"\\<a"',
  '"a" matches regex @"\\b{start}a"',
  '"a" matches regex @"\\C"',
  '"a" matches regex @"\\0"',
  'replace_regex("abc", "(b)", "$1")',
  'replace_regex("abc", "b", @"\\1")',
  'replace_regex("abc", "b", @"\\n")',
  'extract("(b)", -1, "abc")',
])('%s is refused', async (expression) => {
  await expect(ask(connection, `print x = ${expression}`)).rejects.toThrow(/not supported/);
});

test('matches regex takes the pattern of the row', async () => {
  const table = 'datatable(s:string, p:string)["xab", "a.$", "xb", "^b", "é", @"^\\w$", "a\\nb", "a.b", "", "", "ab", "(b)"]';
  const { rows } = await ask(connection, `${table} | project s matches regex p`);
  expect(rows.flat()).toEqual([true, false, true, false, true, true]);
});

test.each<[string, RegExp]>([
  ['(', /is no regular expression/],
  ['a{', /not supported/],
  ['(?=a)', /looks ahead/],
])('matches regex stops at the pattern %s of a row', async (pattern, why) => {
  await expect(ask(connection, `datatable(s:string, p:string)["a", "${pattern}"] | where s matches regex p`)).rejects.toThrow(why);
});

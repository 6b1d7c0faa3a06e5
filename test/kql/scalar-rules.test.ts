import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** Rules that hold for many functions, each with where it is written or from what answers it is known. */
test.each<[string, unknown]>([
  // The engine answers with reals where its parser says long.
  ['strcat(gettype(sign(-5)), gettype(datetime_diff("week", datetime(2020-01-15), datetime(2020-01-01))))', 'realreal'],
  // Texts are never null.
  ['isempty(substring("hello", long(null))) and isempty(strrep("ab", long(null)))', true],
  // The documentation of datetime lists both among the sortable formats.
  ['todatetime("2014-11-08 15:05:25 GMT") - todatetime("2014-11-08T15:05 GMT")', 250000000n],
  ['totimespan("10675200.00:00:00")', null],
  ['totimespan("25:00:00")', null],
  // By the documentation null; that the parser faults the constant is no fault to the engine, as array_length shows.
  ['isnull(bag_keys(dynamic([1]))) and isnull(array_reverse(dynamic({"a":1}))) and isnull(array_slice(dynamic("a"), 0, 1))', true],
  ['tostring(array_concat(dynamic([1]), dynamic({"a":1})))', '[1]'],
  // Code points, as strlen counts them: the letter e and its accent are two.
  ['tostring(unicode_codepoints_from_string(reverse("cafe\\u0301")))', '[769,101,102,97,99]'],
  ['reverse("a\\r\\nb") == "b\\n\\ra"', true],
  ['substring("abc", 1, 9223372036854775807)', 'bc'],
  // The documentation of extract: an empty text where there is no such group.
  ['strcat(extract("(a)", 2, "a"), extract("(a)", 9223372036854775807, "a"))', ''],
  ['round(1.25, 9223372036854775807)', 1.25],
  ['strcat(gettype(dynamic("2020")), gettype(dynamic("a2020-01-01")), gettype(parse_json("[1]")))', 'stringstringarray'],
  // 1.5 is 2, whether halves go up or to the even number.
  ['format_bytes(1536)', '2 KB'],
  ['format_bytes(3670016)', '4 MB'],
])('%s', async (expression, want) => {
  const { rows } = await ask(connection, `print x = ${expression}`);
  expect(rows).toEqual([[want]]);
});

/** The documentation: null where the conversion is not successful. A row is anybody's text, and must not end the query for the others. */
test('what no timespan can be is null in a column, and ends no query', async () => {
  const rows = ['25:61:00', '00:61:00', '23:59:59', 'x'].map((text) => `"${text}"`).join(', ');
  const read = await ask(connection, `datatable(s:string)[${rows}] | project isnull(totimespan(s))`);
  expect(read.rows).toEqual([[true], [true], [false], [true]]);
});

/** Where no source says what the engine answers. */
test.each<[string, RegExp]>([
  ['7.5 % 0.0', /the rest of a real divided by zero .* is not supported/],
  ['7.5 % real(+inf)', /the rest of a real divided by zero .* is not supported/],
  // The page of dynamic: texts that can be read as a datetime or a guid are; no answer shows it.
  ['gettype(dynamic(datetime(2020-01-01)))', /gettype of a text in a dynamic that may be a date/],
  ['gettype(parse_json(\'"2020-01-01 10:00"\'))', /gettype of a text in a dynamic that may be a date/],
  ['gettype(pack_array(new_guid())[0])', /gettype of a text in a dynamic that may be a date or a guid/],
  ['range(1, 5, 0)', /range\(\) in steps of 0 is not supported/],
  ['extract("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", 10, "abcdefghij")', /a group beyond the ninth/],
  ['toint(3000000000.5)', /toint of a constant real beyond the integers is not supported/],
  ['format_bytes(2560)', /half way between two values is not supported/],
])('%s is refused', async (expression, why) => {
  await expect(ask(connection, `print x = ${expression}`)).rejects.toThrow(why);
});

test('estimate_data_size counts 8 bytes for a long and those of a text', async () => {
  const table = 'range x from 1 to 10 step 1 | extend Text = "1234567890"';
  const total = await ask(
    connection,
    `${table} | summarize sum(estimate_data_size(*)), sum(estimate_data_size(Text, x)), sum(estimate_data_size(Text))`,
  );
  expect(total.rows).toEqual([[180n, 180n, 100n]]);
  await expect(ask(connection, `${table} | extend r = 1.5 | extend y = estimate_data_size(r)`)).rejects.toThrow(
    /of a real: how Kusto stores it/,
  );
});

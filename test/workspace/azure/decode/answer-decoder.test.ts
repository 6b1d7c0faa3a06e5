import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KqlType, KqlValue } from '../../../../src/core/kql-types.ts';
import { AnswerDecoder, type DecodedAnswer } from '../../../../src/workspace/azure/decode/answer-decoder.ts';
import { MalformedAnswer } from '../../../../src/workspace/azure/decode/json-bytes.ts';
import { rowsOf } from '../../../../src/workspace/azure/decode/rows.ts';

function decode(body: string, sizes: readonly number[] = [body.length * 4]): DecodedAnswer {
  const bytes = Buffer.from(body);
  const decoder = new AnswerDecoder();
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    decoder.push(bytes.subarray(at, at + size));
    at += size;
  }
  return decoder.end();
}

const valuesOf = (answer: DecodedAnswer): KqlValue[][] => answer.batches.flatMap((batch) => rowsOf(batch, answer.columns));

function body(columns: readonly (readonly [string, string])[], rows: string, tail = ''): string {
  return `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns.map(([name, type]) => ({ name, type })))},"rows":${rows}}]${tail}}`;
}

const one = (type: KqlType, cell: string): KqlValue => valuesOf(decode(body([['C', type]], `[[${cell}]]`)))[0]![0]!;

describe('a cell of type', () => {
  // Ticks were computed with Python: (datetime - datetime(1, 1, 1)) // timedelta(microseconds=1) * 10 + the seventh digit.
  test.each<[KqlType, string, KqlValue]>([
    ['long', '9223372036854775807', 9223372036854775807n],
    ['long', '-9223372036854775808', -9223372036854775808n],
    ['long', '9007199254740993', 9007199254740993n],
    ['long', '-1', -1n],
    ['long', '-4294967297', -4294967297n],
    ['long', '4294967296', 4294967296n],
    ['long', '0', 0n],
    ['long', '"12"', 12n],
    ['long', '1e3', 1000n],
    ['long', 'null', null],
    ['int', '-2147483648', -2147483648],
    ['int', 'null', null],
    ['real', '"NaN"', Number.NaN],
    ['real', '"-Infinity"', Number.NEGATIVE_INFINITY],
    ['real', '"Infinity"', Number.POSITIVE_INFINITY],
    ['real', '0.1', 0.1],
    ['real', '-0.30000000000000004', -0.30000000000000004],
    ['real', '1.7976931348623157e+308', Number.MAX_VALUE],
    ['real', '18014398509481985', 2 ** 54],
    ['real', 'null', null],
    ['decimal', '"0.1234567890123456789"', '0.1234567890123456789'],
    ['decimal', 'null', null],
    ['bool', 'true', true],
    ['bool', 'false', false],
    ['bool', '1', true],
    ['bool', 'null', null],
    ['string', '""', ''],
    ['string', 'null', ''],
    ['string', '"null"', 'null'],
    ['string', '"a\\"b\\\\c\\/d\\n\\t\\b\\f\\r\\u00e9\\u20ac\\ud83d\\ude00"', 'a"b\\c/d\n\t\b\f\ré€😀'],
    ['string', '"\\ud83d alone"', '\ufffd alone'],
    ['string', '"Zürich 東京 😀"', 'Zürich 東京 😀'],
    ['guid', '"74be27de-1e4e-49d9-b579-fe0b331d3642"', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['guid', 'null', null],
    ['datetime', '"2024-05-01T12:34:56.1234567Z"', 638501636961234567n],
    ['datetime', '"2024-05-01T12:34:56.12Z"', 638501636961200000n],
    ['datetime', '"2024-05-01T12:34:56Z"', 638501636960000000n],
    ['datetime', '"0001-01-01T00:00:00Z"', 0n],
    ['datetime', '"9999-12-31T23:59:59.9999999Z"', 3155378975999999999n],
    ['datetime', '"2024-02-29T00:00:00Z"', 638447616000000000n],
    ['datetime', '"1900-03-01T00:00:00Z"', 599317056000000000n],
    ['datetime', '"2024-05-01T14:34:56.1234567+02:00"', 638501636961234567n],
    ['datetime', 'null', null],
    ['timespan', '"1.02:03:04.0000005"', 937840000005n],
    ['timespan', '"-00:00:01"', -10000000n],
    ['timespan', 'null', null],
    ['dynamic', '"{\\"a\\":[1,\\"x\\"]}"', '{"a":[1,"x"]}'],
    ['dynamic', '{"a":[1,"]"]}', '{"a":[1,"]"]}'],
    ['dynamic', '[1,{"b":"\\"}"}]', '[1,{"b":"\\"}"}]'],
    ['dynamic', '"plain text"', '"plain text"'],
    ['dynamic', '"{not json"', '"{not json"'],
    ['dynamic', '"9007199254740993"', '9007199254740993'],
    ['dynamic', '"null"', null],
    ['dynamic', '""', null],
    ['dynamic', 'null', null],
  ])('%s %s', (type, cell, expected) => {
    expect(one(type, cell)).toEqual(expected);
  });

  test.each<[KqlType, string]>([
    ['long', '9223372036854775808'],
    ['long', '1.5'],
    ['long', '""'],
    ['int', '2147483648'],
    ['real', '"x"'],
    ['bool', '"maybe"'],
    ['datetime', '"2024-02-30T00:00:00Z"'],
    ['datetime', '"2023-02-29T00:00:00Z"'],
    ['datetime', '"yesterday"'],
    ['timespan', '"1 day"'],
    ['string', '"\\x"'],
    ['string', '"\\u12g4 and more text"'],
  ])('%s refuses %s', (type, cell) => {
    expect(() => one(type, cell)).toThrow(MalformedAnswer);
  });
});

test('a leap second, an hour or a minute that is not there is refused', () => {
  expect(() => one('datetime', '"2024-05-01T12:34:60Z"')).toThrow(MalformedAnswer);
  expect(() => one('datetime', '"2024-05-01T25:34:00Z"')).toThrow(MalformedAnswer);
});

const COLUMNS = [
  ['T', 'datetime'],
  ['L', 'long'],
  ['I', 'int'],
  ['R', 'real'],
  ['B', 'bool'],
  ['S', 'string'],
  ['D', 'dynamic'],
] as const;

const cells = fc.tuple(
  fc.option(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })),
  fc.option(fc.maxSafeInteger()),
  fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.option(fc.boolean()),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.option(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }))),
);

/** What UTF-8 can carry of a string. */
const wellFormed = (text: string) => Buffer.from(text).toString();

test('any rows, cut anywhere, are what JSON.parse reads', () => {
  fc.assert(
    fc.property(
      fc.array(cells, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
      (rows, sizes) => {
        const wire = rows.map(([t, l, i, r, b, s, d]) => [
          t === null ? null : t.toISOString(),
          l,
          i,
          r === null ? null : Object.is(r, -0) ? 0 : r,
          b,
          s,
          d === null ? null : JSON.stringify(d),
        ]);
        const answer = decode(body(COLUMNS, JSON.stringify(wire), ',"statistics":{"query":{"rows":[[1]]}}'), sizes);
        const expected = (JSON.parse(JSON.stringify(wire)) as typeof wire).map(([t, l, i, r, b, s, d]) => [
          t === null ? null : BigInt(Date.parse(t as string)) * 10_000n + 621_355_968_000_000_000n,
          l === null ? null : BigInt(l as number),
          i,
          r,
          b,
          // A lone half of a surrogate pair has no UTF-8 form.
          wellFormed(s as string),
          d === null ? null : wellFormed(d as string),
        ]);
        expect(valuesOf(answer)).toEqual(expected);
        expect(answer.rows).toBe(rows.length);
      },
    ),
    { numRuns: 150 },
  );
});

describe('the answer', () => {
  test('more rows than a batch holds: every batch has its own dictionary', () => {
    const count = 70_000;
    const rows = Array.from({ length: count }, (_, i) => `["user-${i % 7}","id-${i}",${i}]`).join(',');
    const answer = decode(
      body(
        [
          ['U', 'string'],
          ['Id', 'string'],
          ['N', 'long'],
        ],
        `[${rows}]`,
      ),
      [65_536],
    );
    expect(answer.batches.map((batch) => batch.numRows)).toEqual([16_384, 16_384, 16_384, 16_384, count - 65_536]);
    const values = valuesOf(answer);
    expect(values).toHaveLength(count);
    expect(values.every(([u, id, n], i) => u === `user-${i % 7}` && id === `id-${i}` && n === BigInt(i))).toBe(true);
    expect(answer.batches[0]!.data.children[0]!.dictionary!.length).toBe(7);
  });

  test('a field larger than many chunks is read whole', () => {
    const long = 'x'.repeat(3_000_000);
    const answer = decode(
      body(
        [
          ['A', 'string'],
          ['B', 'int'],
        ],
        `[["${long}",1],["b",2]]`,
      ),
      [16_384],
    );
    expect(valuesOf(answer)).toEqual([
      [long, 1],
      ['b', 2],
    ]);
  });

  test('spaces between all parts, keys in another order, a second table', () => {
    const text = `{ "statistics" : {} , "tables" : [ { "columns" : [ { "name" : "A" , "type" : "int" } ] , "name" : "PrimaryResult" , "rows" : [ [ 1 ] , [ 2 ] ] } , { "name":"Second","columns":[{"name":"Z","type":"string"}],"rows":[["z"]] } ] , "error" : { "code" : "PartialError" } }`;
    const answer = decode(text, [3]);
    expect(valuesOf(answer)).toEqual([[1], [2]]);
    expect(JSON.parse(answer.envelope)).toMatchObject({ error: { code: 'PartialError' }, tables: [{ rows: [] }, { rows: [] }] });
  });

  test('an error object in place of a row is told apart from data', () => {
    const answer = decode(body([['A', 'int']], '[[1],{"Exceptions":["Query result set has exceeded the limit"]}]'));
    expect(valuesOf(answer)).toEqual([[1]]);
    expect(answer.exception).toContain('exceeded the limit');
  });

  test('no rows, and no body at all', () => {
    expect(decode(body([['A', 'int']], '[]'))).toMatchObject({ rows: 0, batches: [], columns: [{ name: 'A', type: 'int' }] });
    expect(decode('')).toMatchObject({ rows: 0, envelope: '' });
  });

  test.each([...body([['A', 'string']], '[["a"],["b"]]').matchAll(/./g)].map((match) => match.index).slice(1))(
    'cut after %i bytes it is refused',
    (at) => {
      expect(() => decode(body([['A', 'string']], '[["a"],["b"]]').slice(0, at))).toThrow(MalformedAnswer);
    },
  );

  test.each([
    [
      'a row with too few cells',
      body(
        [
          ['A', 'int'],
          ['B', 'int'],
        ],
        '[[1]]',
      ),
    ],
    ['a row with too many cells', body([['A', 'int']], '[[1,2]]')],
    ['a row that is no array', body([['A', 'int']], '[1]')],
    ['rows without a comma', body([['A', 'int']], '[[1][2]]')],
    ['an unknown type', body([['A', 'vector']], '[[1]]')],
    ['rows before columns', '{"tables":[{"name":"P","rows":[[1]],"columns":[]}]}'],
  ])('%s is refused', (_name, text) => {
    expect(() => decode(text)).toThrow(MalformedAnswer);
  });
});

test('a column named __proto__ is a column like any other', () => {
  const answer = decode(body([['__proto__', 'string']], '[["x"]]'));
  expect(answer.columns).toEqual([{ name: '__proto__', type: 'string' }]);
  expect(valuesOf(answer)).toEqual([['x']]);
});

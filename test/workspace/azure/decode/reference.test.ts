import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KqlType, KqlValue } from '../../../../src/core/kql-types.ts';
import { AnswerDecoder } from '../../../../src/workspace/azure/decode/answer-decoder.ts';
import { rowsOf } from '../../../../src/workspace/azure/decode/rows.ts';

/**
 * A cell as it stands on the wire. The reference reads `json` with JSON.parse, as any client would, and turns what that gives into
 * the value by plain BigInt, Number and string code; only a long is taken from its digits, because JSON.parse has lost some by then.
 */
interface Wire {
  readonly json: string;
  readonly value: KqlValue;
}

const NULL: Wire = { json: 'null', value: null };
const EPOCH_TICKS = 621_355_968_000_000_000n;
const TEXT_OF_REAL = new Map([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
]);

/** Bytes of UTF-8 hold no lone half of a surrogate pair. */
const wellFormed = (text: string) => Buffer.from(text).toString();

/** The same string in one of its many spellings: each character as it is, as \uXXXX or by its short escape. */
function spelt(text: string, ways: readonly number[]): Wire {
  const hex = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  let json = '"';
  // By UTF-16 unit, so that a pair is written as two escapes; a pair must not be half escaped.
  [...text].forEach((character, i) => {
    const way = ways[i % ways.length]!;
    const plain = JSON.stringify(character).slice(1, -1);
    if (way === 0)
      json += [...character]
        .flatMap((c) => c.split(''))
        .map(hex)
        .join('');
    else if (way === 1 && character === '/') json += '\\/';
    else json += plain;
  });
  json += '"';
  return { json, value: wellFormed(JSON.parse(json) as string) };
}

const ways = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 9 });
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '/', 'a', 'é', '\n', '\u0000', '😀', ',', ']'), maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 240, maxLength: 300 }),
);
const strings = fc.tuple(text, ways).map(([value, spelling]) => spelt(value, spelling));

const longs = fc
  .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -70_000n, max: 70_000n }))
  .map((value) => ({ json: String(value), value }));

const reals = fc.oneof(fc.double(), fc.double({ min: -1000, max: 1000 }), fc.integer()).chain((value) => {
  const word = TEXT_OF_REAL.get(value);
  if (word !== undefined) return fc.constant({ json: `"${word}"`, value });
  const finite = Object.is(value, -0) ? 0 : value;
  return fc.constantFrom(String(finite), finite.toExponential(), finite.toPrecision(17)).map((json) => ({ json, value: Number(json) }));
});

const datetimes = fc
  .tuple(
    fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 9_999_999 }),
    fc.integer({ min: 0, max: 7 }),
  )
  .map(([date, fraction, places]) => {
    const digits = String(fraction).padStart(7, '0').slice(0, places);
    const json = `"${date.toISOString().slice(0, 19)}${places > 0 ? `.${digits}` : ''}Z"`;
    const seconds = BigInt(Math.floor(date.getTime() / 1000));
    return { json, value: seconds * 10_000_000n + EPOCH_TICKS + BigInt(digits.padEnd(7, '0')) };
  });

const timespans = fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }).map((value) => {
  const magnitude = value < 0n ? -value : value;
  const two = (n: bigint) => String(n).padStart(2, '0');
  const [fraction, seconds] = [magnitude % 10_000_000n, magnitude / 10_000_000n];
  const days = seconds / 86_400n;
  const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const parts = [days > 0n ? `${days}.` : '', clock, fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : ''];
  return { json: `"${value < 0n ? '-' : ''}${parts.join('')}"`, value };
});

/** dynamic: bare JSON, or a string of JSON text; kept as that text. */
const dynamics = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.boolean(), ways).map(([value, bare, spelling]): Wire => {
  const json = JSON.stringify(value);
  if (json === 'null') return NULL;
  // A bare string of JSON text is that JSON: what it holds is told apart by the next case only when it is not JSON itself.
  if (bare && typeof value === 'object') return { json, value: wellFormed(json) };
  return spelt(json, spelling);
});

const CELLS: Readonly<Record<KqlType, fc.Arbitrary<Wire>>> = {
  bool: fc.boolean().map((value) => ({ json: String(value), value })),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ json: String(value), value })),
  long: longs,
  real: reals,
  decimal: fc.tuple(longs, fc.nat()).map(([{ json }, places]) => ({ json: `"${json}.${places}"`, value: `${json}.${places}` })),
  guid: fc.uuid().map((value) => ({ json: `"${value}"`, value })),
  string: strings,
  datetime: datetimes,
  timespan: timespans,
  dynamic: dynamics,
};

const SPACES = ['', '', '', ' ', '\n\t '] as const;

/** A table of any columns, whose rows draw from few cells each, so that values come again and again, also right below themselves. */
const tables = fc.array(fc.constantFrom(...(Object.keys(CELLS) as KqlType[])), { minLength: 1, maxLength: 8 }).chain((types) =>
  fc.record({
    types: fc.constant(types),
    choices: fc.tuple(
      ...types.map((type) => fc.array(fc.oneof({ weight: 5, arbitrary: CELLS[type] }, fc.constant(NULL)), { minLength: 1, maxLength: 5 })),
    ),
    picks: fc.array(fc.array(fc.nat({ max: 4 }), { minLength: 8, maxLength: 8 }), { maxLength: 30 }),
    space: fc.constantFrom(...SPACES),
  }),
);

test('whatever the types, spellings, repetitions and cuts, each cell is what a reader of the whole JSON makes of it', () => {
  fc.assert(
    fc.property(
      tables,
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
      ({ types, choices, picks, space }, sizes) => {
        const rows = picks.map((pick) => types.map((_, i) => choices[i]![pick[i]! % choices[i]!.length]!));
        const lines = rows.map((row) => `[${space}${row.map(({ json }) => json).join(`${space},`)}${space}]`).join(`${space},${space}`);
        const columns = types.map((type, i) => ({ name: `C${i}`, type }));
        const body = `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns)},"rows":[${lines}]}]}`;
        // The body is JSON to any other reader too, and has as many rows.
        expect((JSON.parse(body) as { tables: { rows: unknown[] }[] }).tables[0]!.rows).toHaveLength(rows.length);
        const bytes = Buffer.from(body);
        const decoder = new AnswerDecoder();
        for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!)
          decoder.push(bytes.subarray(at, at + sizes[i % sizes.length]!));
        const answer = decoder.end();
        const expected = rows.map((row) => row.map(({ value }, i) => (value === null && types[i] === 'string' ? '' : value)));
        expect(answer.batches.flatMap((batch) => rowsOf(batch, answer.columns))).toEqual(expected);
      },
    ),
    { numRuns: 400 },
  );
});

test('a string of quotes and commas does not swallow the cells after it', () => {
  // What the cell above holds stands at the same place in the bytes of this row, as the end of one cell and the start of the next.
  const rows = [
    ['a","b', 'x'],
    ['a', 'b'],
    ['a","b', 'x'],
    ['a\\', 'b'],
    ['a\\","b', ''],
  ];
  const columns = ['A', 'B'].map((name) => ({ name, type: 'string' }));
  const decoder = new AnswerDecoder();
  decoder.push(Buffer.from(JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows }] })));
  const answer = decoder.end();
  expect(answer.batches.flatMap((batch) => rowsOf(batch, answer.columns))).toEqual(rows);
});

import { describe, expect, it } from 'vitest';
import { csvLine, rowJson, textCell } from '../../src/cli/cells.ts';
import type { KqlColumn, KqlValue } from '../../src/core/kql-types.ts';

const row = (pairs: readonly (readonly [string, KqlColumn['type'], KqlValue])[]) =>
  rowJson(
    pairs.map(([name, type]) => ({ name, type })),
    pairs.map(([, , value]) => value),
  );

describe('rowJson', () => {
  it.each([
    ['a long keeps every digit', row([['n', 'long', 9223372036854775807n]]), '{"n":9223372036854775807}'],
    ['a datetime is ISO 8601 with Z', row([['t', 'datetime', 638_712_864_000_000_001n]]), '{"t":"2025-01-01T00:00:00.0000001Z"}'],
    [
      'dynamic is the value, its numbers as written',
      row([['d', 'dynamic', '{"a":12345678901234567890}']]),
      '{"d":{"a":12345678901234567890}}',
    ],
    [
      'null is null, an empty string is empty',
      row([
        ['a', 'string', ''],
        ['b', 'long', null],
      ]),
      '{"a":"","b":null}',
    ],
    [
      'what JSON has no number for is a word',
      row([
        ['r', 'real', Number.NaN],
        ['s', 'real', Number.NEGATIVE_INFINITY],
      ]),
      '{"r":"NaN","s":"-Infinity"}',
    ],
    ['no name is special', row([['__proto__', 'string', 'x']]), '{"__proto__":"x"}'],
    ['a timespan as Kusto prints it', row([['s', 'timespan', 36_000_000_000n]]), '{"s":"01:00:00"}'],
  ])('%s', (_what, got, wanted) => {
    expect(got).toBe(wanted);
  });
});

describe('csvLine', () => {
  it.each([
    ['quotes what needs it', ['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"'],
    [
      'lets no spreadsheet run a field',
      ['=HYPERLINK("x")', '@SUM(A1)', "+cmd|' /C calc'!A0", '-2+3+cmd|x'],
      `"'=HYPERLINK(""x"")",'@SUM(A1),'+cmd|' /C calc'!A0,'-2+3+cmd|x`,
    ],
    ['leaves numbers, phone numbers and negative times alone', ['-5', '+31612345678', '-00:01:00', '1e5'], '-5,+31612345678,-00:01:00,1e5'],
  ])('%s', (_what, cells, wanted) => {
    expect(csvLine(cells)).toBe(wanted);
  });
});

describe('textCell', () => {
  it('shows null as nothing', () => {
    expect(textCell(null, 'datetime')).toBe('');
    expect(textCell(false, 'bool')).toBe('false');
  });
});

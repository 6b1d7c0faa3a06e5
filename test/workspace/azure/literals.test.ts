import { describe, expect, test } from 'vitest';
import type { KqlParameter } from '../../../src/core/kql-types.ts';
import { bindParameters } from '../../../src/workspace/azure/bind-parameters.ts';
import { kqlLiteral } from '../../../src/workspace/azure/literals.ts';

test.each<[KqlParameter, string]>([
  [{ type: 'datetime', value: 638501636961234567n }, 'datetime(2024-05-01T12:34:56.1234567Z)'],
  [{ type: 'datetime', value: null }, 'datetime(null)'],
  [{ type: 'timespan', value: -937840000005n }, 'timespan(-1.02:03:04.0000005)'],
  [{ type: 'long', value: -9223372036854775808n }, 'long(-9223372036854775808)'],
  [{ type: 'int', value: 7 }, 'int(7)'],
  [{ type: 'real', value: Number.NaN }, 'real(nan)'],
  [{ type: 'real', value: 1e-7 }, 'real(1e-7)'],
  [{ type: 'real', value: Number.NEGATIVE_INFINITY }, 'real(-inf)'],
  [{ type: 'decimal', value: '0.1234567890123456789' }, 'decimal(0.1234567890123456789)'],
  [{ type: 'bool', value: true }, 'true'],
  [{ type: 'guid', value: '74be27de-1e4e-49d9-b579-fe0b331d3642' }, 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
  [{ type: 'string', value: null }, '""'],
  [{ type: 'string', value: '"; drop\n// \\' }, '"\\"; drop\\u000a// \\\\"'],
  [{ type: 'string', value: "' é\u2028😀" }, '"\' \\u00e9\\u2028\\ud83d\\ude00"'],
  [{ type: 'dynamic', value: '["a","b\\"c"]' }, 'parse_json("[\\"a\\",\\"b\\\\\\"c\\"]")'],
  [{ type: 'dynamic', value: null }, 'dynamic(null)'],
])('%o is printed', (parameter, text) => {
  expect(kqlLiteral(parameter)).toBe(text);
});

test.each<[KqlParameter]>([
  [{ type: 'datetime', value: '2024-01-01' }],
  [{ type: 'datetime', value: -1n }],
  [{ type: 'long', value: 2n ** 63n }],
  [{ type: 'int', value: 2 ** 31 }],
  [{ type: 'decimal', value: '1); evil' }],
  [{ type: 'guid', value: 'x) or true' }],
  [{ type: 'dynamic', value: '{' }],
  [{ type: 'bool', value: 'true' }],
  [{ type: 'string', value: 1 }],
])('%o is refused', (parameter) => {
  expect(() => kqlLiteral(parameter)).toThrow('is not a value of the parameter type');
});

describe('declare query_parameters', () => {
  const at = { type: 'datetime', value: 638447616000000000n } as const;

  test('becomes lets, and every line stays where it was', () => {
    const kql =
      '// head\ndeclare query_parameters(From:datetime,\n  Until: datetime = datetime(2030-01-01), // why, not\n  Max:long=5);\nT | where A > From and B == "declare query_parameters(X:int);"';
    const bound = bindParameters(kql, { From: at });
    expect(bound).toBe(
      '// head\nlet From = datetime(2024-02-29T00:00:00.0000000Z); let Until = datetime(2030-01-01); let Max = 5;\n\n\nT | where A > From and B == "declare query_parameters(X:int);"',
    );
    expect(bound.split('\n')).toHaveLength(kql.split('\n').length);
  });

  test.each([
    'T | take 1',
    '// declare query_parameters(A:int);\nT',
    'print "declare query_parameters(A:int);"',
    "print @'declare query_parameters(A:int);'",
  ])('a text without a declaration is left alone: %j', (kql) => {
    expect(bindParameters(kql, { A: { type: 'int', value: 1 } })).toBe(kql);
  });

  test('a text may hold a quote in a comment before it', () => {
    expect(bindParameters('// the user\'s "method\ndeclare query_parameters(A:int);\nprint A', { A: { type: 'int', value: 1 } })).toBe(
      '// the user\'s "method\nlet A = int(1);\nprint A',
    );
  });

  test.each([
    ['a value that is not there', 'declare query_parameters(A:int); print A', {}, 'A has no value'],
    [
      'a value of another type',
      'declare query_parameters(A:int); print A',
      { A: { type: 'string', value: 'x' } },
      'is a int, the value a string',
    ],
    ['a declaration without an end', 'declare query_parameters(A:int', {}, 'has no end'],
    ['a parameter without a type', 'declare query_parameters(A); print A', {}, 'cannot read'],
    ['a value by a name of every object', 'declare query_parameters(toString:int); print 1', {}, 'has no value'],
  ] as const)('%s is refused', (_name, kql, parameters, message) => {
    expect(() => bindParameters(kql, parameters)).toThrow(message);
  });

  test('a parameter without a value is a null of its type where the text is only compiled', () => {
    const kql = 'declare query_parameters(From:datetime, Name:string, N:long=2); print From';
    expect(bindParameters(kql, {}, { checking: true })).toBe('let From = datetime(null); let Name = ""; let N = 2; print From');
    expect(() => bindParameters('declare query_parameters(A:vector); print A', {}, { checking: true })).toThrow('vector is not a type');
  });

  test('a name that must be declared', () => {
    expect(() => bindParameters('T', { From: at }, { required: ['From', 'Until'], file: 'q.kql' })).toThrow('must declare From and Until');
  });
});

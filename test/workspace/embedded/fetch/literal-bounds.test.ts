import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteIdentifier, quoteString } from '../../../../src/kql/quote.ts';
import { withLiterals } from '../../../../src/workspace/embedded/fetch/literal-bounds.ts';

const numbers = new Map([
  ['From', 5n],
  ['Until', -6n],
]);

it.each([
  ['SELECT $From, $Until', 'SELECT 5::BIGINT, (-6::BIGINT)'],
  ['a >= ($From) AND b < $Until', 'a >= (5::BIGINT) AND b < (-6::BIGINT)'],
  ['$Fromage, $Other, $From', '$Fromage, $Other, 5::BIGINT'],
])('numbers take the place of their parameters: %s', (sql, expected) => {
  expect(withLiterals(sql, numbers)).toBe(expected);
});

// A text of a query or the name of a column may look like a parameter, or end a quote.
it('nothing in quotes changes', () => {
  const text = fc.array(fc.constantFrom("'", '"', '$From', '$', 'x', ' ', '\\'), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(fc.oneof(text.map(quoteString), text.map(quoteIdentifier)), { maxLength: 4 }), (quoted) => {
      const sql = `SELECT ${quoted.join(', ')}`;
      expect(withLiterals(`${sql} WHERE t < $From`, numbers)).toBe(`${sql} WHERE t < 5::BIGINT`);
    }),
  );
});

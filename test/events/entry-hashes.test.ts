import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountHashes } from '../../src/events/account-hash.ts';
import { accountName } from '../../src/events/account-name.ts';
import type { StringColumn } from '../../src/events/column-batch.ts';
import { Dictionaries, tellsApart } from '../../src/events/dictionary.ts';
import { hashText } from '../../src/events/hash.ts';
import { isIdentity } from '../../src/events/identity-text.ts';

/** A dictionary of these texts. */
function columnOf(texts: readonly string[]): StringColumn {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of parts.entries()) offsets[i + 1] = offsets[i]! + length;
  return { indices: Int32Array.from(texts, (_, row) => row), offsets, bytes: Buffer.concat(parts), size: texts.length };
}

/** GUIDs, and what has their form: fills, masks and words in one, of any case. */
const guidLike = fc
  .tuple(...[8, 4, 4, 4, 12].map((length) => fc.array(fc.constantFrom(...'00ffFFa7c9Ex*g'), { minLength: length, maxLength: length })))
  .map((groups) => groups.map((letters) => letters.join('')).join('-'));
const oneLetter = fc
  .tuple(fc.constantFrom(...'0fFaA1x*'), fc.integer({ min: 0, max: 36 }), fc.constantFrom('', '1', '0', 'redacted'))
  .map(([letter, at, other]) => {
    const text = '00000000-0000-0000-0000-000000000000'.replaceAll('0', letter);
    return `${text.slice(0, at)}${other}${text.slice(at + other.length)}`;
  });

test('what is said of an id by its bytes is what is said of its text', () => {
  const texts = fc.array(fc.oneof(guidLike, oneLetter, fc.uuid(), fc.string()), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(texts, (list) => {
      const column = columnOf(list);
      expect(list.map((_, entry) => tellsApart(column, entry))).toEqual(list.map((text) => isIdentity(Buffer.from(text).toString())));
    }),
    { numRuns: 2000 },
  );
});

test('the hash of an id is that of its small letters where it is a GUID, of its text where it is another id, and none where it is no id', () => {
  const texts = fc.array(
    fc.oneof(
      guidLike,
      oneLetter,
      fc.uuid().map((id) => id.toUpperCase()),
      fc.uuid(),
      fc.string(),
    ),
    { minLength: 1, maxLength: 20 },
  );
  const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
  fc.assert(
    fc.property(texts, (list) => {
      const column = columnOf(list);
      const batch = {
        kind: 'sign-in',
        rows: list.length,
        strings: new Map([['SessionId', column]]),
        numbers: new Map(),
        bools: new Map(),
      } as const;
      const hashes = new Dictionaries(batch).ids(column);
      expect(list.map((_, entry) => [hashes[2 * entry], hashes[2 * entry + 1]])).toEqual(
        list.map((text) => (isIdentity(text) ? hashText(GUID.test(text) ? text.toLowerCase() : text) : [0, 0])),
      );
    }),
    { numRuns: 2000 },
  );
});

test('the hash of a name is that of the name as it tells one account', () => {
  const name = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: fc.constantFrom(...'aZ_@.#É İ\t'), maxLength: 12 }),
    fc.constantFrom('', ' ', 'Ana_Partner.Example#EXT#@contoso.example', `${'n'.repeat(300)}@contoso.example`, ' Ana@Contoso.example '),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 20 }), (list) => {
      const hashes = accountHashes(columnOf(list));
      expect(list.map((_, entry) => [hashes[2 * entry], hashes[2 * entry + 1]])).toEqual(list.map((text) => hashText(accountName(text))));
    }),
    { numRuns: 2000 },
  );
});

import { expect, test } from 'vitest';
import { fieldsOf } from '../../src/findings/finding-row.ts';
import { joinUsers, splitUsers } from '../../src/findings/user-parts.ts';
import type { FindingRow } from '../../src/schema/factor-findings.ts';

const FIELD_LIMIT = 64 * 1024;

function rowWith(users: number, more = 0): FindingRow {
  const Users = Array.from({ length: users }, (_, i) => ({ UserId: `${i}`.padStart(36, '0'), Username: `user-${i}@contoso.example` }));
  return { EventUid: 'ab', FindingRevision: 3, AdditionalFields: { Events: 'x'.repeat(more), Users } } as unknown as FindingRow;
}

test('a list that fits stays as it is', () => {
  const row = rowWith(400);
  expect(splitUsers(row)).toEqual({ row, parts: [] });
});

test.each([
  [1000, 0],
  [5000, 29_000],
])('%i users, %i bytes beside them: every field below the limit, and whole again when read', (users, more) => {
  const row = rowWith(users, more);
  const { row: first, parts } = splitUsers(row);
  for (const field of [first.AdditionalFields, ...parts]) expect(Buffer.byteLength(JSON.stringify(field))).toBeLessThan(FIELD_LIMIT);
  expect(fieldsOf(first)['UsersCut']).toBe(users - (fieldsOf(first)['Users'] as unknown[]).length);
  // In any order, one of them twice, and parts of another revision or finding between them.
  const mixed = [...parts.toReversed(), parts[0]!, { ...parts[0]!, FindingRevision: 2 }, { ...parts[0]!, EventUid: 'cd' }];
  expect(joinUsers(first, mixed)).toEqual(row);
});

test('a part that is not there yet stays counted', () => {
  const { row, parts } = splitUsers(rowWith(3000));
  const joined = fieldsOf(joinUsers(row, parts.slice(1)));
  expect((joined['Users'] as unknown[]).length + Number(joined['UsersCut'])).toBe(3000);
  expect(joined['UsersCut']).toBe(parts[0]!.Users.length);
});

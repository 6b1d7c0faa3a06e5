import { expect, it } from 'vitest';
import { allDetectors } from '../../src/detectors/registry.ts';
import { layoutOf } from '../../src/detectors/stream/layout.ts';
import { RecordTable } from '../../src/state/record-table.ts';

it('keeps a user in 144 bytes, with all detectors on', () => {
  const users = 100_000;
  const { userWords } = layoutOf(allDetectors);
  const table = new RecordTable(userWords, users);
  for (let user = 1; user <= users; user++) table.obtain(Math.imul(user, 0x9e3779b1), user);
  expect(table.bytes / users).toBeLessThanOrEqual(144);
});

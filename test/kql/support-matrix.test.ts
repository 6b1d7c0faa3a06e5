import { expect, test } from 'vitest';
import { supportPage } from './support/matrix.ts';

test('docs/kql-support.md is what the tables say (run with -u to write it anew)', async () => {
  const page = supportPage();
  expect(page).toContain('`summarize`');
  await expect(page).toMatchFileSnapshot('../../docs/kql-support.md');
});

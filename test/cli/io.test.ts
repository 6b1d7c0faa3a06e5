import { expect, it } from 'vitest';
import { processIo } from '../../src/cli/io.ts';

// Under the test runner standard output is no terminal.
it.each([
  [undefined, 80],
  ['', 80],
  ['60', 60],
  ['200', 200],
  ['5', 40],
  ['wide', 80],
])('through a pipe the width is that of COLUMNS: %s', (COLUMNS, width) => {
  expect(processIo({ COLUMNS }).columns).toBe(width);
});

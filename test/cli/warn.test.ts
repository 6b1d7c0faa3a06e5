import { expect, test } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { warn } from '../../src/cli/warn.ts';

test('an escape sequence in what a warning quotes does not reach the terminal', () => {
  const io = memoryIo({ isTTY: true });
  warn({ io }, 'allow-list entry expired: 192.0.2.1\u001b[2J\u202e\nsecond line');
  expect(io.stderr()).toBe('warning: allow-list entry expired: 192.0.2.1␛[2J�\nsecond line\n');
});

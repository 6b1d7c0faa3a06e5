import { expect, test } from 'vitest';
import { placeOf } from '../../src/state/open-blob-store.ts';

test.each([
  ['https://acc.blob.core.windows.net/state', 'https://acc.blob.core.windows.net/state', []],
  ['https://acc.blob.core.windows.net/state/a/b/', 'https://acc.blob.core.windows.net/state', ['a', 'b']],
  // Azurite names the account in the path (learn.microsoft.com: Use the Azurite emulator, IP-style URL).
  ['https://127.0.0.1:10000/devstoreaccount1/state/a', 'https://127.0.0.1:10000/devstoreaccount1/state', ['a']],
  ['https://localhost:10000/devstoreaccount1/state', 'https://localhost:10000/devstoreaccount1/state', []],
  ['https://[::1]:10000/devstoreaccount1/state', 'https://[::1]:10000/devstoreaccount1/state', []],
])('%s', (url, container, below) => {
  expect(placeOf(url)).toEqual({ container, below });
});

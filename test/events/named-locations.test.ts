import { expect, test } from 'vitest';
import { namedLocations } from '../../src/events/named-locations.ts';

test.each([
  ['', []],
  ['VPN', [['VPN', false]]],
  [
    'trusted:HQ; VPN',
    [
      ['HQ', true],
      ['VPN', false],
    ],
  ],
  ['Untrusted: guest wifi', [['Untrusted: guest wifi', false]]],
  [
    'VPN; Untrusted: guests; trusted:HQ',
    [
      ['VPN', false],
      ['Untrusted: guests', false],
      ['HQ', true],
    ],
  ],
  // One location that is called 'HQ; Lab'.
  [
    'trusted:HQ; Lab',
    [
      ['HQ', true],
      ['Lab', false],
    ],
  ],
] as const)('%j', (text, expected) => {
  expect(namedLocations(text).map(({ name, isTrusted }) => [name, isTrusted])).toEqual(expected);
});

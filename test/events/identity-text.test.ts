import { describe, expect, test } from 'vitest';
import { isIdentity, isToken, looksRandom, phoneDigits } from '../../src/events/identity-text.ts';

describe('what stands in the place of a value tells nothing apart', () => {
  test.each([
    '',
    '-',
    'null',
    'None',
    'N/A',
    'unknown',
    'Not available',
    'NO_DEVICE_TOKEN',
    'PII Removed',
    '<redacted>',
    'apns2-redacted',
    '[REDACTED-SESSION-1]',
    'device_masked_01',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx',
    '****************',
    '3f2a****-****-****',
  ])('%j', (text) => {
    expect(isIdentity(text)).toBe(false);
  });
  test.each([
    '3f2a91c0-7d1e-4c55-9a44-1f0b6a7a2d10',
    '00000000-0000-0000-0000-000000000001',
    'apns2-2b88a0a2befb1d03634a305157569f11b77159cf4289995906262e500eecc919',
    'gjt9py7gtyfl5zdrvtesfp:APA91bqj4dg6-4hro1jhsk5n97uzarivdgc-9g6wbtdb4wy3be8i5vr3ev7bxm8x9i',
    'none-of-3f2a91c0',
    'nora.removal@contoso.example',
  ])('%j does', (text) => {
    expect(isIdentity(text)).toBe(true);
  });
});

test.each([
  ['token-0001', true],
  ['short', false],
  ['apns2-000000000000000', false],
  ['aaaaaaaaaaaaaaaa', false],
  ['x'.repeat(513), false],
])('%s as the token of a phone: %s', (text, expected) => {
  expect(isToken(text)).toBe(expected);
});

test.each([
  ['+49 170 5550188', '491705550188'],
  ['+1 4255550100x5678', '142555501005678'],
  ['(030) 555-0199', '0305550199'],
  ['+XX XXXXXXX652', ''],
  ['+44 *******1234', ''],
  ['+49 170 555xxxx', ''],
  ['+44 0000000012', ''],
  ['+1 999 999 9999', ''],
  ['+4917', ''],
  ['iPhone 15 2024001', ''],
  ['a3f5109922b7', ''],
])('the number %s is %j', (text, digits) => {
  expect(phoneDigits(text)).toBe(digits);
});

test.each<readonly [string, boolean]>([
  // As Apple and Google draw them.
  ['apns2-f7e06d659516287fa630ce658be2efc4ab0fd3886b2a98a4fb333d8dc0f47324', true],
  ['fGh3kL9mQ2xZ:APA91bRP3VSsf3sAD-c-sXj2QxR3BTD36NKt5sJ4UhFMknU', true],
  ['6f1c2f6e-9d0b-4c57-8a3e-52b1f0d7c9aa', true],
  ['apns2-one-for-everybody', false],
  ['device-token-of-the-user', false],
  ['SoftwareTokenActivated', false],
  ['apns2-000000000000001', false],
  ['apns2-abababababababab1212', false],
])('whether %s looks as if a service had drawn it: %s', (token, expected) => {
  expect(looksRandom(token)).toBe(expected);
});

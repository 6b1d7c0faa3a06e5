import { expect, test } from 'vitest';
import { looksLikeOnePerson } from '../../../src/detectors/shared/names.ts';

const at = (name: string) => (name.includes('@') ? name : `${name}@contoso.test`);

test.each([
  ['jane.doe', 'adm-jane.doe', 'an account for administration'],
  ['j.doe12', 'jdoe-admin', 'an initial, and a number on one side'],
  ['jane.doe', 'jdoe.adm', 'whole and with an initial'],
  ['jane.doe', 'doej.admin', 'the surname first'],
  ['doe.jane', 'jane.doe', 'the other order'],
  ['jane.cedar', 'admin-cedar', 'the surname and a role'],
  ['quinn.cedar89', 'adm-quinn.cedar89', 'the same number'],
  ['user0012', 'adm0012', 'numbers for names'],
  ['Jane.Doe', 'jane.doe_fabrikam.test#EXT#@contoso.onmicrosoft.com', 'a guest from another tenant'],
])('%s and %s are one person: %s', (a, b) => {
  expect(looksLikeOnePerson(at(a), at(b))).toBe(true);
  expect(looksLikeOnePerson(at(b), at(a))).toBe(true);
});

test.each([
  ['maria.smith', 'maria.jones', 'a given name in common'],
  ['anna.smith', 'peter.smith', 'a surname in common'],
  ['staff-1', 'staff-2', 'told apart by the number alone'],
  ['user0012', 'user0013', 'numbers for names'],
  ['nurse.north', 'nurse.south', 'a job in common'],
  ['li', 'julia.lind', 'a short name within a longer one'],
  ['smith', 'anna.smith', 'a surname, and no role'],
  ['', 'anna.smith', 'no name at all'],
  ['', '', 'no names at all'],
])('%s and %s are two people: %s', (a, b) => {
  expect(looksLikeOnePerson(at(a), at(b))).toBe(false);
  expect(looksLikeOnePerson(at(b), at(a))).toBe(false);
});

import { expect, test } from 'vitest';
import { camelCase, constantOf, hasShape, sourcesOf } from '../../../src/events/shapes/field-maps.ts';
import { tableOfCategory } from '../../../src/events/shapes/shape.ts';

test.each([
  ['UserPrincipalName', 'userPrincipalName'],
  ['IPAddress', 'ipAddress'],
  ['Id', 'id'],
  ['AADTenantId', 'aadTenantId'],
  ['RiskLevel', 'riskLevel'],
  ['_BilledSize', '_BilledSize'],
])('%s is %s in the exporters own spelling', (column, key) => {
  expect(camelCase(column)).toBe(key);
});

test('columns that mean something else than their name says', () => {
  // ResourceId is the ARM path; the application that was signed in to is ResourceIdentity.
  expect(sourcesOf('diagnostic', 'SigninLogs', 'ResourceId')).toEqual(['resourceId']);
  expect(sourcesOf('diagnostic', 'SigninLogs', 'ResourceIdentity')).toEqual(['properties.resourceId']);
  expect(sourcesOf('graph', 'SigninLogs', 'ResourceIdentity')).toEqual(['resourceId']);
  // An audit record has two categories: the log, and the kind of change.
  expect(sourcesOf('diagnostic', 'AuditLogs', 'Category')).toEqual(['properties.category']);
  expect(sourcesOf('diagnostic', 'SigninLogs', 'Category')).toEqual(['category']);
  expect(sourcesOf('diagnostic', 'SigninLogs', 'ConditionalAccessPolicies')[0]).toBe('properties.appliedConditionalAccessPolicies');
  expect(sourcesOf('flat', 'SigninLogs', 'a.b')).toEqual(['a.b']);
  expect(sourcesOf('diagnostic', 'SigninLogs', '__proto__')).toEqual(['properties.__proto__', '__proto__']);
});

test('the table of a category, and shapes that a table has', () => {
  expect(
    ['SignInLogs', 'signinlogs', 'NonInteractiveUserSignInLogs', 'AuditLogs', 'UserManagement', '__proto__'].map(tableOfCategory),
  ).toEqual(['SigninLogs', 'SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', undefined, undefined]);
  expect([
    hasShape('graph', 'AuditLogs'),
    hasShape('graph', 'OfficeActivity'),
    hasShape('flat', 'X_CL'),
    hasShape('diagnostic', 'constructor'),
  ]).toEqual([true, false, true, false]);
  expect(constantOf('graph', 'SigninLogs', 'Type')).toBe('SigninLogs');
  expect(constantOf('flat', 'SigninLogs', 'Type')).toBeUndefined();
});

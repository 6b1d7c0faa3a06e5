import { join } from 'node:path';
import { expect, it } from 'vitest';
import { columnsRead } from '../../src/cli/simulate/columns-read.ts';
import { ROOT } from '../support/source-files.ts';

// What the queries take out of SigninLogs, read by eye.
const NEEDED = ['TimeGenerated', 'UserId', 'IPAddress', 'Location', 'LocationDetails', 'DeviceDetail', 'Status', 'NetworkLocationDetails'];

it('the columns that are read are those that the queries name', () => {
  const read = columnsRead(join(ROOT, 'queries'));
  for (const column of NEEDED) expect(read.SigninLogs).toContain(column);
  expect(read.AuditLogs).toEqual(expect.arrayContaining(['OperationName', 'TargetResources', 'InitiatedBy', 'AdditionalDetails']));
  expect(read.IdentityInfo).toEqual(expect.arrayContaining(['AssignedRoles', 'Manager', 'AccountCreationTime']));
  expect(read.SigninLogs).not.toContain('ConditionalAccessPolicies');
});

import { describe, expect, test } from 'vitest';
import { ticks } from '../../workspace/embedded/support.ts';
import { openExtraction } from './support.ts';

const extracted = openExtraction();

describe('registrations', () => {
  const user = { id: 'BBBB-2', type: 'User', userPrincipalName: 'ben@contoso.test', modifiedProperties: [] };
  const row = (Id: string, more: object) => ({
    TimeGenerated: '2026-03-01T10:00:00Z',
    Id,
    CorrelationId: 'c',
    Result: 'Success',
    AADTenantId: 't',
    ...more,
  });

  test('take user and app as actor, the target of type User wherever it stands, and what the twin record changed', async () => {
    const found = await extracted('registrations', 'AuditLogs', [
      row('self', {
        OperationName: 'User registered security info',
        ResultReason: 'User registered Mobile Phone SMS',
        InitiatedBy: { user: { id: 'BBBB-2', userPrincipalName: 'ben@contoso.test', ipAddress: '203.0.113.9' } },
        TargetResources: [user],
        AdditionalDetails: [],
      }),
      row('twin', {
        OperationName: 'Update user',
        ResultReason: '',
        ResultDescription: 'from the description',
        AADOperationType: 'Update',
        InitiatedBy: { app: { appId: 'a1', displayName: 'Azure MFA StrongAuthenticationService' } },
        TargetResources: [
          { ...user, modifiedProperties: [{ displayName: 'StrongAuthenticationMethod', oldValue: '[]', newValue: '[{"MethodType":6}]' }] },
        ],
        AdditionalDetails: [{ key: 'UserType', value: 'Member' }],
      }),
      row('device', {
        OperationName: 'Add registered owner to device',
        InitiatedBy: { user: { id: 'x', ipAddress: null } },
        TargetResources: [{ id: 'dev', type: 'Device', displayName: 'DESKTOP-1', modifiedProperties: [] }, user],
      }),
      row('nobody', { OperationName: 'Update conditional access policy', InitiatedBy: {}, TargetResources: [] }),
      row('renamed', {
        OperationName: 'User enrolled security info',
        LoggedByService: 'Authentication Methods',
        Category: 'UserManagement',
        TargetResources: [{ ...user, id: '{BBBB-2}' }],
      }),
      row('policy', { OperationName: 'Create policy', LoggedByService: 'Authentication Methods', Category: 'PolicyManagement' }),
      row('other-column', { ActivityDisplayName: 'User deleted security info', TargetResources: [user] }),
      row('lower', { OperationName: 'user started password reset', TargetResources: [user] }),
      row('key', { OperationName: 'Add Passkey (device-bound) security key', TargetResources: [user] }),
      row('noise', {
        OperationName: 'Update user',
        TargetResources: [{ ...user, modifiedProperties: [{ displayName: 'JobTitle', oldValue: '', newValue: '"x"' }] }],
      }),
      row('other', { OperationName: 'Add owner to application', TargetResources: [user] }),
      row('group', {
        OperationName: 'Add member to group',
        TargetResources: [
          { ...user, modifiedProperties: [{ displayName: 'Group.ObjectID', oldValue: null, newValue: '"cccc-3"' }] },
          { id: 'cccc-3', type: 'Group' },
        ],
      }),
    ]);
    expect([...found.keys()].sort()).toEqual(['device', 'group', 'key', 'lower', 'nobody', 'other-column', 'renamed', 'self', 'twin']);
    expect(found.get('other-column')).toMatchObject({ OperationName: 'User deleted security info' });
    expect(found.get('renamed')).toMatchObject({ TargetUserId: 'bbbb-2' });
    expect(found.get('self')).toMatchObject({
      Result: 'success',
      TargetUserId: 'bbbb-2',
      TargetUpn: 'ben@contoso.test',
      ActorUserId: 'bbbb-2',
      ActorIp: '203.0.113.9',
      ResultReason: 'User registered Mobile Phone SMS',
      ModifiedProperties: '',
      AdditionalDetails: '',
    });
    expect(found.get('twin')).toMatchObject({
      ActorAppId: 'a1',
      ActorUserId: '',
      ActorIp: '',
      OperationType: 'Update',
      ResultReason: 'from the description',
    });
    expect(JSON.parse(String(found.get('twin')!['ModifiedProperties']))).toEqual([
      { displayName: 'StrongAuthenticationMethod', oldValue: '[]', newValue: '[{"MethodType":6}]' },
    ]);
    expect(JSON.parse(String(found.get('twin')!['AdditionalDetails']))).toEqual([{ key: 'UserType', value: 'Member' }]);
    expect(found.get('device')).toMatchObject({
      TargetUserId: 'bbbb-2',
      TargetDeviceId: 'dev',
      TargetDeviceName: 'DESKTOP-1',
      ActorIp: '',
    });
    expect(found.get('nobody')).toMatchObject({ TargetUserId: '', ActorUserId: '' });
    expect(found.get('group')).toMatchObject({ TargetUserId: 'bbbb-2' });
    expect(String(found.get('group')!['ModifiedProperties'])).toContain('Group.ObjectID');
  });
});

test('a risk detection happened when its activity did, not when it was logged', async () => {
  const found = await extracted('risk-events', 'AADUserRiskEvents', [
    {
      TimeGenerated: '2026-03-02T10:00:00Z',
      ActivityDateTime: '2026-03-01T08:00:00Z',
      Id: 'offline',
      UserId: 'CCCC',
      RiskEventType: 'anonymizedIPAddress',
      RiskLevel: 'high',
      RequestId: 'r',
      TenantId: 'workspace',
      IpAddress: '203.0.113.9',
      DetectionTimingType: 'offline',
    },
    { TimeGenerated: '2026-03-02T10:00:00Z', Id: 'undated', UserId: 'CCCC' },
  ]);
  expect(found.get('offline')).toMatchObject({
    EventTime: ticks('2026-03-01T08:00:00Z'),
    IngestedAt: ticks('2026-03-02T10:00:00Z'),
    UserId: 'cccc',
    TenantId: '',
    IPAddress: '203.0.113.9',
    DetectionTiming: 'offline',
    RequestId: 'r',
  });
  expect(found.get('undated')).toMatchObject({ EventTime: ticks('2026-03-02T10:00:00Z') });
});

import { describe, expect, it } from 'vitest';
import { overrideRow, rulesInForce } from '../../src/rules/overrides.ts';
import { detectorRows, emptyRow } from '../../src/rules/rule-rows.ts';

const base = {
  ...emptyRow({ timeGenerated: '2026-01-01T00:00:00Z' }),
  RuleId: 'r1',
  RuleName: 'one',
  RuleKind: 'Scheduled',
  Severity: 'Medium',
};
const said = { changedBy: 'ana', reason: 'noisy' };

describe('overrides', () => {
  it('lie over the rule, field by field', () => {
    const [rule] = rulesInForce([base], new Map([['r1', { ...said, severity: '', enabled: false, expiresAt: null }]]));
    expect(rule).toMatchObject({ severity: 'Medium', enabled: false });
    expect(rulesInForce([base], new Map())[0]).toMatchObject({ severity: 'Medium', enabled: true, override: undefined });
  });

  it('carry over what the one before said: setting a severity does not switch a disabled rule on', () => {
    const [rule] = rulesInForce([base], new Map([['r1', { ...said, severity: '', enabled: false, expiresAt: null }]]));
    const row = overrideRow(rule!, { ...said, severity: 'High' }, '2026-01-02T00:00:00Z');
    expect(row).toMatchObject({
      RowKind: 'Override',
      RuleId: 'r1',
      Severity: 'High',
      Enabled: false,
      ChangedBy: 'ana',
      Reason: 'noisy',
      ExpiresAt: null,
    });
  });
});

describe('detectorRows', () => {
  it('tell the parameters, the partition and the tactics', () => {
    const [row] = detectorRows(
      [
        {
          id: 'D4-x',
          title: 'X',
          techniques: ['T1110.003'],
          benignIf: 'It was a test.',
          parameters: { least: { default: 10 } },
          sourceWords: 2,
        },
      ],
      { timeGenerated: '2026-01-01T00:00:00Z', version: '1.2.3' },
    );
    expect(row).toMatchObject({
      RuleId: 'D4-x',
      RuleKind: 'Detector',
      RuleVersion: '1.2.3',
      PartitionKey: 'ip',
      Parameters: { least: 10 },
      AttackTactics: 'CredentialAccess',
      RowKind: 'Snapshot',
      Enabled: true,
    });
  });
});

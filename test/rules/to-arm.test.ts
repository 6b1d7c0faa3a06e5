import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRule } from '../../src/rules/rule.ts';
import { armTemplate } from '../../src/rules/to-arm.ts';
import { ROOT } from '../support/source-files.ts';

const FILE = 'rules/mfa-fatigue-followed-by-a-successful-sign-in.yaml';

describe('armTemplate', () => {
  const rule = readRule(readFileSync(join(ROOT, FILE), 'utf8'), FILE);
  const template = armTemplate(rule) as {
    readonly resources: readonly { readonly name: string; readonly kind: string; readonly properties: Record<string, unknown> }[];
  };
  const [resource] = template.resources;

  it('names the resource by the id, under the workspace of the deployment', () => {
    expect(resource!.name).toBe(`[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${rule.id}')]`);
    expect(resource!.kind).toBe('Scheduled');
  });

  it('turns durations, operators and names into those of ARM', () => {
    expect(resource!.properties).toMatchObject({
      displayName: 'MFA fatigue followed by a successful sign-in',
      queryFrequency: 'PT1H',
      queryPeriod: 'PT2H',
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      suppressionDuration: 'PT1H',
      templateVersion: '1.0.0',
    });
    const incident = resource!.properties['incidentConfiguration'] as {
      readonly groupingConfiguration: { readonly lookbackDuration: string };
    };
    expect(incident.groupingConfiguration.lookbackDuration).toBe('PT5H');
  });

  it('puts a sub-technique beside its parent', () => {
    expect(resource!.properties).toMatchObject({ techniques: ['T1621', 'T1110', 'T1078'], subTechniques: ['T1078.004'] });
  });

  it('leaves the query as it is written', () => {
    expect(resource!.properties['query']).toBe(rule.query);
  });
});

import { isoDuration } from './duration.ts';
import type { Rule } from './rule.ts';

/** Of the API that the shapes here follow; kept by hand. */
const ALERT_RULE_API_VERSION = '2023-12-01-preview';

const OPERATORS: Readonly<Record<string, string>> = { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' };

/** A deployment template with one rule, as Sentinel's own export and its repositories connection have it. */
export function armTemplate(rule: Rule): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { workspace: { type: 'String' } },
    resources: [armResource(rule)],
  };
}

/**
 * The mapping is not one to one: durations become ISO 8601, names change, and a sub-technique stands in `subTechniques`
 * with its parent in `techniques`.
 */
function armResource(rule: Rule): Readonly<Record<string, unknown>> {
  const techniques = [...new Set(rule.relevantTechniques.map((id) => id.split('.')[0]!))];
  const subTechniques = rule.relevantTechniques.filter((id) => id.includes('.'));
  return {
    id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${rule.id}')]`,
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${rule.id}')]`,
    type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
    kind: rule.kind,
    apiVersion: ALERT_RULE_API_VERSION,
    properties: {
      displayName: rule.name,
      description: rule.description.trim(),
      severity: rule.severity,
      enabled: true,
      query: rule.query,
      ...(rule.kind === 'Scheduled' && {
        queryFrequency: isoDuration(rule.queryFrequency ?? ''),
        queryPeriod: isoDuration(rule.queryPeriod ?? ''),
        triggerOperator: OPERATORS[rule.triggerOperator ?? 'gt'],
        triggerThreshold: rule.triggerThreshold ?? 0,
      }),
      suppressionDuration: isoDuration(rule.suppressionDuration ?? '1h'),
      suppressionEnabled: rule.suppressionEnabled ?? false,
      tactics: rule.tactics,
      techniques,
      subTechniques,
      templateVersion: rule.version,
      incidentConfiguration: incident(rule),
      eventGroupingSettings: { aggregationKind: rule.eventGroupingSettings?.aggregationKind ?? 'SingleAlert' },
      alertDetailsOverride: rule.alertDetailsOverride ?? null,
      customDetails: rule.customDetails,
      entityMappings: rule.entityMappings,
    },
  };
}

function incident({ incidentConfiguration }: Rule): Readonly<Record<string, unknown>> {
  const grouping = incidentConfiguration?.groupingConfiguration;
  return {
    createIncident: incidentConfiguration?.createIncident ?? true,
    ...(grouping && { groupingConfiguration: { ...grouping, lookbackDuration: isoDuration(grouping.lookbackDuration) } }),
  };
}

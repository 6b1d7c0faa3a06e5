import { type Check, limitCheck } from './check.ts';
import { minutesOf } from './duration.ts';
import type { Rule } from './rule.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = 1440;
/** Connectors whose tables our rules read (ValidConnectorIds.json has many more). */
const CONNECTORS: ReadonlySet<string> = new Set([
  'AzureActiveDirectory',
  'AzureActiveDirectoryIdentityProtection',
  'BehaviorAnalytics',
  'Office365',
  'MicrosoftThreatProtection',
]);

function oneOf(field: keyof Rule & string, values: readonly string[]) {
  return (rule: Rule) => {
    const value = rule[field];
    return { ok: value === undefined || values.includes(String(value)), value, path: [field] };
  };
}

function length(field: 'name' | 'description' | 'query', most: number) {
  return (rule: Rule) => {
    const size = [...rule[field].trim()].length;
    return { ok: size >= 1 && size <= most, value: size, path: [field] };
  };
}

function durationBetween(field: 'queryFrequency' | 'queryPeriod') {
  return (rule: Rule) => {
    const value = rule[field];
    const minutes = minutesOf(value ?? '');
    return { ok: value === undefined || (minutes !== undefined && minutes >= 5 && minutes <= 14 * DAY), value, path: [field] };
  };
}

/** Limits of single fields. */
export const FIELD_CHECKS: readonly Check[] = [
  limitCheck('ES1001', 'service', 'id must be a GUID', ({ id }) => ({ ok: GUID.test(id), value: id, path: ['id'] })),
  limitCheck('ES1002', 'service', 'kind must be Scheduled or NRT', oneOf('kind', ['Scheduled', 'NRT'])),
  limitCheck('ES1003', 'service', 'name must have 1 to 256 characters', length('name', 256)),
  limitCheck('ES1004', 'style guide', 'name must have at most 50 characters, in sentence case, without a full stop', ({ name }) => ({
    ok: [...name].length <= 50 && /^[A-Z]/.test(name) && !name.endsWith('.') && !/ [A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+/.test(name),
    value: name,
    path: ['name'],
  })),
  limitCheck('ES1005', 'service', 'description must have 1 to 5000 characters', length('description', 5000)),
  limitCheck('ES1006', 'style guide', 'description must have at most 255 characters', length('description', 255)),
  limitCheck('ES1007', 'style guide', 'description must begin with "Identifies" or "This query searches for"', ({ description }) => ({
    ok: /^(Identifies |This query searches for )/.test(description),
    path: ['description'],
  })),
  limitCheck(
    'ES1008',
    'service',
    'severity must be Informational, Low, Medium or High',
    oneOf('severity', ['Informational', 'Low', 'Medium', 'High']),
  ),
  limitCheck('ES1009', 'repository', 'status must be Available', oneOf('status', ['Available'])),
  limitCheck('ES1010', 'repository', 'a connector must be known and name its tables', ({ requiredDataConnectors }) => {
    const wrong = requiredDataConnectors.findIndex(({ connectorId, dataTypes }) => !CONNECTORS.has(connectorId) || dataTypes.length === 0);
    return { ok: wrong === -1, value: requiredDataConnectors[wrong]?.connectorId, path: ['requiredDataConnectors', wrong] };
  }),
  limitCheck('ES1011', 'service', 'queryFrequency must be from 5m to 14d', durationBetween('queryFrequency')),
  limitCheck('ES1012', 'service', 'queryPeriod must be from 5m to 14d', durationBetween('queryPeriod')),
  limitCheck('ES1013', 'service', 'queryPeriod must be at least queryFrequency', ({ queryFrequency, queryPeriod }) => ({
    ok: (minutesOf(queryPeriod ?? '') ?? 0) >= (minutesOf(queryFrequency ?? '') ?? 0),
    value: queryPeriod,
    path: ['queryPeriod'],
  })),
  limitCheck(
    'ES1014',
    'service',
    'a queryPeriod of 2d or more needs a queryFrequency of 1h or more',
    ({ queryFrequency, queryPeriod }) => ({
      ok: (minutesOf(queryPeriod ?? '') ?? 0) < 2 * DAY || (minutesOf(queryFrequency ?? '') ?? 0) >= 60,
      value: queryFrequency,
      path: ['queryFrequency'],
    }),
  ),
  limitCheck(
    'ES1015',
    'service',
    'a Scheduled rule must have queryFrequency, queryPeriod, triggerOperator and triggerThreshold',
    (rule) => {
      const missing = (['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold'] as const).filter(
        (field) => rule[field] === undefined,
      );
      return { ok: rule.kind !== 'Scheduled' || missing.length === 0, value: missing, path: ['kind'] };
    },
  ),
  limitCheck(
    'ES1016',
    'service',
    'an NRT rule must have neither queryFrequency, queryPeriod, triggerOperator nor triggerThreshold',
    (rule) => {
      const given = (['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold'] as const).filter(
        (field) => rule[field] !== undefined,
      );
      return { ok: rule.kind !== 'NRT' || given.length === 0, value: given, path: ['kind'] };
    },
  ),
  limitCheck('ES1017', 'service', 'triggerOperator must be gt, lt, eq or ne', oneOf('triggerOperator', ['gt', 'lt', 'eq', 'ne'])),
  limitCheck('ES1018', 'service', 'triggerThreshold must be from 0 to 10000', ({ triggerThreshold = 0 }) => ({
    ok: triggerThreshold >= 0 && triggerThreshold <= 10_000,
    value: triggerThreshold,
    path: ['triggerThreshold'],
  })),
  limitCheck('ES1019', 'service', 'query must have 1 to 10000 characters', length('query', 10_000)),
  limitCheck('ES1020', 'repository', 'version must be a semantic version of at most 20 characters', ({ version }) => ({
    ok: /^\d+\.\d+\.\d+$/.test(version) && version.length <= 20,
    value: version,
    path: ['version'],
  })),
  limitCheck('ES1021', 'service', 'aggregationKind must be SingleAlert or AlertPerResult', ({ eventGroupingSettings }) => ({
    ok: ['SingleAlert', 'AlertPerResult'].includes(eventGroupingSettings?.aggregationKind ?? 'SingleAlert'),
    value: eventGroupingSettings?.aggregationKind,
    path: ['eventGroupingSettings', 'aggregationKind'],
  })),
  limitCheck('ES1022', 'service', 'suppressionDuration must be from 5m to 1d', ({ suppressionDuration }) => {
    const minutes = minutesOf(suppressionDuration ?? '5m');
    return { ok: minutes !== undefined && minutes >= 5 && minutes <= DAY, value: suppressionDuration, path: ['suppressionDuration'] };
  }),
];

import type { Check, Finding } from './check.ts';
import { minutesOf } from './duration.ts';
import type { Rule } from './rule.ts';

/** Identifiers of the entity types that our rules map; at least one of `strong` must be mapped. */
const ENTITIES: Readonly<Record<string, { readonly strong: readonly string[]; readonly others: readonly string[] }>> = {
  Account: {
    strong: ['FullName', 'Sid', 'Name', 'AadUserId', 'PUID', 'ObjectGuid'],
    others: ['NTDomain', 'DnsDomain', 'UPNSuffix', 'AadTenantId', 'IsDomainJoined', 'DisplayName'],
  },
  IP: { strong: ['Address'], others: ['AddressScope'] },
  Host: {
    strong: ['HostName', 'FullName', 'AzureID'],
    others: ['DnsDomain', 'NTDomain', 'NetBiosName', 'OMSAgentID', 'OSFamily', 'OSVersion', 'IsDomainJoined'],
  },
  CloudApplication: { strong: ['AppId', 'Name'], others: ['InstanceName'] },
  URL: { strong: ['Url'], others: [] },
};
const MATCHING = ['AllEntities', 'AnyAlert', 'Selected'];
const PLACEHOLDER = /\{\{\s*([^}]*?)\s*\}\}/g;

function placeholders(format: string | undefined): string[] {
  return [...(format ?? '').matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Every column that the rule's alerts refer to, with the place that names it. */
function columnsNamed(rule: Rule): readonly { readonly name: string; readonly path: readonly PropertyKey[] }[] {
  const override = rule.alertDetailsOverride;
  return [
    ...rule.entityMappings.flatMap(({ fieldMappings }, e) =>
      fieldMappings.map(({ columnName }, f) => ({ name: columnName, path: ['entityMappings', e, 'fieldMappings', f, 'columnName'] })),
    ),
    ...Object.entries(rule.customDetails).map(([key, name]) => ({ name, path: ['customDetails', key] })),
    ...(['alertDisplayNameFormat', 'alertDescriptionFormat'] as const).flatMap((field) =>
      placeholders(override?.[field]).map((name) => ({ name, path: ['alertDetailsOverride', field] })),
    ),
    ...(['alertSeverityColumnName', 'alertTacticsColumnName'] as const).flatMap((field) =>
      override?.[field] === undefined ? [] : [{ name: override[field], path: ['alertDetailsOverride', field] }],
    ),
  ];
}

/** What an alert carries: entities, details, names. */
export const ALERT_CHECKS: readonly Check[] = [
  {
    id: 'ES1201',
    source: 'repository',
    limit: 'there must be 1 to 5 entity mappings (the service allows 10)',
    find: ({ entityMappings: { length } }) =>
      length >= 1 && length <= 5 ? [] : [{ message: `there are ${length} entity mappings`, path: ['entityMappings'] }],
  },
  {
    id: 'ES1202',
    source: 'service',
    limit: 'an entity mapping must have 1 to 3 identifiers, at least one of which identifies the entity',
    find: ({ entityMappings }) =>
      entityMappings.flatMap(({ entityType, fieldMappings }, i): Finding[] => {
        const known = Object.hasOwn(ENTITIES, entityType) ? ENTITIES[entityType] : undefined;
        if (known === undefined)
          return [
            {
              message: `entity type "${entityType}" is not one of ${Object.keys(ENTITIES).join(', ')}`,
              path: ['entityMappings', i, 'entityType'],
            },
          ];
        const path = ['entityMappings', i, 'fieldMappings'];
        const wrong = fieldMappings.filter(({ identifier }) => !known.strong.includes(identifier) && !known.others.includes(identifier));
        if (wrong.length > 0)
          return [{ message: `${entityType} has no identifier ${wrong.map(({ identifier }) => identifier).join(', ')}`, path }];
        if (fieldMappings.length < 1 || fieldMappings.length > 3)
          return [{ message: `there are ${fieldMappings.length} identifiers`, path }];
        const strong = fieldMappings.some(({ identifier }) => known.strong.includes(identifier));
        return strong ? [] : [{ message: `none of its identifiers is one of ${known.strong.join(', ')}`, path }];
      }),
  },
  {
    id: 'ES1203',
    source: 'service',
    limit: 'there may be 20 custom details; a key has at most 20 letters, digits and underscores and begins with a letter',
    find: ({ customDetails }) => {
      const keys = Object.keys(customDetails);
      const faults: Finding[] = keys.length > 20 ? [{ message: `there are ${keys.length} custom details`, path: ['customDetails'] }] : [];
      const wrong = keys.filter((key) => !/^[a-zA-Z]\w{0,19}$/.test(key));
      return [
        ...faults,
        ...wrong.map((key) => ({ message: `"${key}" cannot be the key of a custom detail`, path: ['customDetails', key] })),
      ];
    },
  },
  {
    id: 'ES1204',
    source: 'service',
    limit: 'a display name format may have 256 bytes, a description format 5000, and either 3 columns',
    find: ({ alertDetailsOverride: override }) =>
      (
        [
          ['alertDisplayNameFormat', 256],
          ['alertDescriptionFormat', 5000],
        ] as const
      ).flatMap(([field, most]): Finding[] => {
        const format = override?.[field] ?? '';
        const path = ['alertDetailsOverride', field];
        const bytes = Buffer.byteLength(format);
        if (bytes > most) return [{ message: `it has ${bytes} bytes, ${most} are allowed`, path }];
        const count = placeholders(format).length;
        return count > 3 ? [{ message: `it names ${count} columns, 3 are allowed`, path }] : [];
      }),
  },
  {
    id: 'ES1205',
    source: 'service',
    limit: 'a column that the alert refers to must be in the answer of the query',
    find: (rule, { columns }) => {
      if (columns === undefined) return [];
      const names = new Set(columns.map(({ name }) => name));
      return columnsNamed(rule).flatMap(({ name, path }) =>
        names.has(name) ? [] : [{ message: `the query gives no column "${name}"`, path }],
      );
    },
  },
  {
    id: 'ES1206',
    source: 'service',
    limit: 'incidents are grouped by AllEntities, AnyAlert or Selected, over 5m to 7d; Selected names what is selected',
    find: ({ incidentConfiguration }) => {
      const grouping = incidentConfiguration?.groupingConfiguration;
      if (grouping === undefined) return [];
      const path = ['incidentConfiguration', 'groupingConfiguration'];
      if (!MATCHING.includes(grouping.matchingMethod))
        return [{ message: `matchingMethod must be one of ${MATCHING.join(', ')}`, path: [...path, 'matchingMethod'] }];
      const minutes = minutesOf(grouping.lookbackDuration);
      if (minutes === undefined || minutes < 5 || minutes > 7 * 1440)
        return [{ message: 'lookbackDuration must be from 5m to 7d', path: [...path, 'lookbackDuration'] }];
      const selected = [...grouping.groupByEntities, ...grouping.groupByAlertDetails, ...grouping.groupByCustomDetails].length;
      return (grouping.matchingMethod === 'Selected') === selected > 0
        ? []
        : [{ message: 'groupBy lists belong to matchingMethod Selected, and it needs one', path }];
    },
  },
];

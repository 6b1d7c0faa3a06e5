import type { Shape } from './shape.ts';

/** Where a column's value is found in a record: the first of these paths that has a value. */
export type Sources = readonly string[];

/** Columns of a table in one shape that do not follow the rule of `sourcesOf`, and values that every row gets. */
export interface FieldMap {
  readonly columns: Readonly<Record<string, Sources>>;
  readonly constants?: Readonly<Record<string, string>>;
}

/** What all tables share in raw diagnostic records. */
const DIAGNOSTIC: FieldMap = {
  columns: {
    TimeGenerated: ['time'],
    Category: ['category'],
    OperationName: ['operationName', 'properties.operationName'],
    OperationVersion: ['operationVersion'],
    ResourceId: ['resourceId'],
    ResultType: ['resultType', 'properties.resultType', 'properties.status.errorCode'],
    ResultSignature: ['resultSignature'],
    ResultDescription: ['resultDescription', 'properties.resultDescription'],
    DurationMs: ['durationMs', 'properties.durationMs'],
    CorrelationId: ['correlationId', 'properties.correlationId'],
    Identity: ['identity', 'properties.identity', 'properties.userDisplayName'],
    Level: ['Level', 'level'],
    IPAddress: ['properties.ipAddress', 'callerIpAddress'],
    AADTenantId: ['tenantId', 'properties.tenantId'],
    TenantId: ['tenantId', 'properties.tenantId'],
    AadTenantId: ['tenantId', 'properties.tenantId'],
    SourceSystem: [],
    Type: [],
  },
  constants: { SourceSystem: 'Azure AD' },
};

const SIGN_IN: FieldMap = {
  columns: {
    Location: ['location', 'properties.location.countryOrRegion'],
    LocationDetails: ['properties.location'],
    ResourceIdentity: ['properties.resourceId'],
    ConditionalAccessPolicies: ['properties.appliedConditionalAccessPolicies', 'properties.conditionalAccessPolicies'],
    RiskEventTypes_V2: ['properties.riskEventTypes_v2', 'properties.riskEventTypes_V2'],
    ProcessingTimeInMs: ['properties.processingTimeInMilliseconds', 'properties.processingTimeInMs'],
  },
};

const BY_TABLE: Readonly<Record<Exclude<Shape, 'flat'>, Readonly<Record<string, FieldMap>>>> = {
  diagnostic: {
    SigninLogs: SIGN_IN,
    AADNonInteractiveUserSignInLogs: SIGN_IN,
    AADServicePrincipalSignInLogs: SIGN_IN,
    AuditLogs: {
      columns: {
        Category: ['properties.category'],
        OperationName: ['operationName', 'properties.activityDisplayName', 'properties.operationName'],
        ActivityDisplayName: ['properties.activityDisplayName', 'operationName'],
        ActivityDateTime: ['properties.activityDateTime', 'time'],
        AADOperationType: ['properties.operationType'],
        Result: ['properties.result', 'result'],
        ResultDescription: ['resultDescription', 'properties.resultDescription', 'properties.resultReason'],
        ResultType: ['resultType', 'properties.resultType'],
        Location: ['location'],
      },
    },
    AADUserRiskEvents: { columns: { TenantId: ['properties.tenantId', 'tenantId'] } },
    AADRiskyUsers: { columns: { TenantId: ['properties.tenantId', 'tenantId'] } },
    MicrosoftGraphActivityLogs: { columns: { Location: ['properties.location', 'location'] } },
  },
  graph: {
    SigninLogs: {
      columns: {
        TimeGenerated: ['createdDateTime'],
        ResultType: ['status.errorCode'],
        Location: ['location.countryOrRegion'],
        LocationDetails: ['location'],
        ResourceId: [],
        ResourceIdentity: ['resourceId'],
        Identity: ['userDisplayName'],
        ConditionalAccessPolicies: ['appliedConditionalAccessPolicies'],
        RiskEventTypes_V2: ['riskEventTypes_v2', 'riskEventTypes_V2'],
      },
      constants: { OperationName: 'Sign-in activity', Category: 'SignInLogs', SourceSystem: 'Azure AD' },
    },
    AADNonInteractiveUserSignInLogs: {
      columns: {
        TimeGenerated: ['createdDateTime'],
        ResultType: ['status.errorCode'],
        Location: ['location.countryOrRegion'],
        LocationDetails: ['location'],
        ResourceIdentity: ['resourceId'],
        Identity: ['userDisplayName'],
        ConditionalAccessPolicies: ['appliedConditionalAccessPolicies'],
        RiskEventTypes_V2: ['riskEventTypes_v2', 'riskEventTypes_V2'],
        ProcessingTimeInMs: ['processingTimeInMilliseconds'],
      },
      constants: { OperationName: 'Sign-in activity', Category: 'NonInteractiveUserSignInLogs', SourceSystem: 'Azure AD' },
    },
    AADServicePrincipalSignInLogs: {
      columns: {
        TimeGenerated: ['createdDateTime'],
        ResultType: ['status.errorCode'],
        Location: ['location.countryOrRegion'],
        LocationDetails: ['location'],
        ResourceIdentity: ['resourceId'],
        ConditionalAccessPolicies: ['appliedConditionalAccessPolicies'],
      },
      constants: { OperationName: 'Sign-in activity', Category: 'ServicePrincipalSignInLogs', SourceSystem: 'Azure AD' },
    },
    AuditLogs: {
      columns: {
        TimeGenerated: ['activityDateTime'],
        OperationName: ['activityDisplayName'],
        AADOperationType: ['operationType'],
        ResultDescription: ['resultReason'],
      },
      constants: { SourceSystem: 'Azure AD' },
    },
    AADUserRiskEvents: {
      columns: { TimeGenerated: ['lastUpdatedDateTime', 'detectedDateTime', 'activityDateTime'], IpAddress: ['ipAddress'] },
      constants: { SourceSystem: 'Azure AD' },
    },
    AADRiskyUsers: { columns: { TimeGenerated: ['riskLastUpdatedDateTime'] }, constants: { SourceSystem: 'Azure AD' } },
  },
};

/** Whether a table can be filled from records of a shape. */
export function hasShape(shape: Shape, table: string): boolean {
  return shape === 'flat' || Object.hasOwn(BY_TABLE[shape], table);
}

/**
 * The paths of a column's value. Where no row says otherwise, Microsoft's own rule holds: the same name with a small first letter,
 * in diagnostic records under `properties` or beside it.
 */
export function sourcesOf(shape: Shape, table: string, column: string): Sources {
  if (shape === 'flat') return [column];
  const own = BY_TABLE[shape][table]?.columns;
  if (own && Object.hasOwn(own, column)) return own[column] ?? [];
  const name = camelCase(column);
  if (shape === 'graph') return [name];
  return Object.hasOwn(DIAGNOSTIC.columns, column) ? (DIAGNOSTIC.columns[column] ?? []) : [`properties.${name}`, name];
}

/** The value of a column that every row of a shape has where it has none of its own. */
export function constantOf(shape: Shape, table: string, column: string): string | undefined {
  if (shape === 'flat') return undefined;
  if (column === 'Type') return table;
  const own = BY_TABLE[shape][table]?.constants;
  if (own && Object.hasOwn(own, column)) return own[column];
  return shape === 'diagnostic' ? DIAGNOSTIC.constants?.[column] : undefined;
}

/** `UserPrincipalName` -> `userPrincipalName`, `IPAddress` -> `ipAddress`. */
export function camelCase(column: string): string {
  const capitals = /^[A-Z]+/.exec(column)?.[0].length ?? 0;
  const small = capitals > 1 && capitals < column.length ? capitals - 1 : capitals;
  return column.slice(0, small).toLowerCase() + column.slice(small);
}

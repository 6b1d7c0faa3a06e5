import type { App } from './apps.ts';
import type { ClientFace } from './clients.ts';
import type { Device, Tenant, User } from './model.ts';
import type { Attachment } from './networks.ts';
import type { ResultCode, Step } from './results.ts';

export type TableName = 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AuditLogs' | 'AADUserRiskEvents' | 'IdentityInfo';

/** What Identity Protection says of a sign-in, where the tenant has it. */
export interface Risk {
  readonly level: 'low' | 'medium' | 'high';
  readonly type:
    | 'unfamiliarFeatures'
    | 'anonymizedIPAddress'
    | 'unlikelyTravel'
    | 'passwordSpray'
    | 'anomalousToken'
    | 'maliciousIPAddress'
    | 'attackerinTheMiddle';
}

/** One row of a sign-in table, before it is spelled out. Small: a day of these is held in memory. */
export interface SignInEvent {
  readonly table: 'SigninLogs' | 'AADNonInteractiveUserSignInLogs';
  /** Unix milliseconds. */
  readonly at: number;
  readonly tenant: Tenant;
  readonly user: User;
  readonly upn: string;
  readonly app: App;
  readonly face: ClientFace;
  readonly device: Device | undefined;
  readonly from: Attachment;
  readonly result: ResultCode;
  readonly steps: readonly Step[];
  readonly multi: boolean;
  readonly session: string;
  /** The row's Id is a function of these two words; so are OriginalRequestId (of the first row's) and CorrelationId. A day of GUIDs as strings would be most of the memory. */
  readonly a: number;
  readonly b: number;
  readonly originalA: number;
  readonly originalB: number;
  readonly correlationA: number;
  readonly correlationB: number;
  readonly protocol: 'none' | 'deviceCode' | 'ropc';
  readonly risk: Risk | undefined;
}

/** A row that is spelled out already (the tables with few rows). */
export interface RowEvent {
  readonly table: 'AuditLogs' | 'AADUserRiskEvents' | 'IdentityInfo';
  readonly at: number;
  readonly row: Readonly<Record<string, unknown>>;
}

export type LogEvent = SignInEvent | RowEvent;

import type { Spot } from './places.ts';
import type { Dice } from './random.ts';

/** What an exporter of one tenant fills, and how it spells it. */
export interface Exporter {
  readonly hasAsn: boolean;
  readonly hasSession: boolean;
  readonly hasIngestionTime: boolean;
  readonly hasNonInteractive: boolean;
  readonly hasIdentityInfo: boolean;
  readonly hasMethods: boolean;
  /** 'object': Location holds what others call LocationDetails. */
  readonly location: 'both' | 'json-text' | 'object';
  /** Offset in hours in which times are written; Z when 0. */
  readonly timeOffset: number;
  /** Which of the two records of a change of methods there are. */
  readonly registrations: 'both' | 'service' | 'directory';
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly os: string;
  readonly browser: string;
  readonly userAgent: string;
  readonly trust: '' | 'Azure AD joined' | 'Hybrid Azure AD joined' | 'Azure AD registered';
  readonly managed: boolean;
}

export interface Person {
  readonly id: string;
  readonly upn: string;
  readonly name: string;
}

export interface SignIn {
  readonly kind: 'sign-in';
  readonly at: number;
  readonly person: Person;
  readonly spot: Spot;
  readonly device: Device;
  readonly app: readonly [id: string, name: string];
  readonly code: number;
  readonly interactive: boolean;
  readonly methods: readonly string[];
  readonly correlation: string;
  readonly session: string;
  readonly protocol: string;
}

/** A row of AuditLogs about a person; `record` tells which service wrote it. */
export interface Change {
  readonly kind: 'change';
  readonly at: number;
  readonly id: string;
  readonly operation: string;
  readonly reason: string;
  readonly record: 'service' | 'directory' | 'other';
  readonly actor: Person | null;
  readonly target: Person;
  readonly ip: string;
  readonly correlation: string;
  readonly modified: readonly { displayName: string; oldValue: string | null; newValue: string | null }[];
}

const REASONS: Readonly<Record<number, string>> = {
  50126: 'Error validating credentials due to invalid username or password.',
  50074: 'Strong Authentication is required.',
  50079: 'User needs to enroll for second factor authentication.',
  50140: "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
  500121: 'Authentication failed during strong authentication request.',
};

const time = (at: number, offset: number): string =>
  offset === 0 ? new Date(at).toISOString() : new Date(at + offset * 3_600_000).toISOString().replace('Z', `+0${offset}:00`);

const stepsOf = (event: SignIn, exporter: Exporter, dice: Dice): string => {
  if (event.code === 50126 || (!exporter.hasMethods && dice.chance(0.6))) {
    return '[]';
  }
  return JSON.stringify(
    event.methods.map((authenticationMethod, step) => ({
      authenticationStepDateTime: time(event.at, 0),
      authenticationMethod,
      succeeded: event.code !== 500121 || step === 0,
      authenticationStepResultDetail: event.code === 500121 && step > 0 ? 'MFA denied; user declined the authentication' : '',
      authenticationStepRequirement: step === 0 ? 'Primary authentication' : 'Multifactor authentication',
    })),
  );
};

/** One row of SigninLogs or AADNonInteractiveUserSignInLogs. */
export const signInRow = (event: SignIn, exporter: Exporter, dice: Dice): Record<string, unknown> => {
  const { person, spot, device } = event;
  const text = !event.interactive;
  const place = {
    city: spot.city.name,
    countryOrRegion: spot.city.country,
    geoCoordinates: { latitude: spot.city.latitude, longitude: spot.city.longitude },
  };
  const detail: Record<string, unknown> = { operatingSystem: device.os, browser: device.browser, deviceId: device.id };
  if (device.id !== '') {
    Object.assign(detail, { displayName: device.name, trustType: device.trust, isManaged: device.managed, isCompliant: device.managed });
  }
  const status = { errorCode: event.code, ...(event.code === 0 ? {} : { failureReason: REASONS[event.code] }) };
  const dynamic = (value: unknown) => (text ? JSON.stringify(value) : value);
  return {
    TimeGenerated: time(event.at, exporter.timeOffset),
    ...(exporter.hasIngestionTime ? { _IngestionTime: time(event.at + dice.whole(60, 420) * 1000, exporter.timeOffset) } : {}),
    Id: dice.guid(),
    CorrelationId: event.correlation,
    Category: event.interactive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs',
    OperationName: 'Sign-in activity',
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserDisplayName: person.name,
    IPAddress: spot.ip,
    Location: exporter.location === 'object' ? place : spot.city.country,
    ...(exporter.location === 'both' ? { LocationDetails: dynamic(place) } : {}),
    ...(exporter.location === 'json-text' ? { LocationDetails: JSON.stringify(place) } : {}),
    ...(exporter.hasAsn ? { AutonomousSystemNumber: String(spot.asn) } : {}),
    ...(exporter.hasSession ? { SessionId: event.session, AuthenticationProtocol: event.protocol } : {}),
    AppId: event.app[0],
    AppDisplayName: event.app[1],
    ResultType: String(event.code),
    ResultDescription: REASONS[event.code] ?? '',
    Status: dynamic(status),
    DeviceDetail: dynamic(detail),
    UserAgent: device.userAgent,
    ClientAppUsed: event.interactive ? 'Browser' : 'Mobile Apps and Desktop clients',
    AuthenticationRequirement: event.methods.length > 1 ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationDetails: stepsOf(event, exporter, dice),
    ConditionalAccessStatus: event.code === 0 ? 'success' : 'failure',
    IsInteractive: event.interactive,
    UserType: 'Member',
  };
};

/** One row of AuditLogs. */
export const changeRow = (event: Change, exporter: Exporter, dice: Dice): Record<string, unknown> => {
  const { actor, target } = event;
  const user = actor && { id: actor.id, displayName: null, userPrincipalName: actor.upn, ipAddress: event.ip, roles: [] };
  return {
    TimeGenerated: time(event.at, exporter.timeOffset),
    ...(exporter.hasIngestionTime ? { _IngestionTime: time(event.at + dice.whole(60, 420) * 1000, exporter.timeOffset) } : {}),
    Id: event.id,
    CorrelationId: event.correlation,
    OperationName: event.operation,
    ActivityDisplayName: event.operation,
    ActivityDateTime: time(event.at, exporter.timeOffset),
    Category: 'UserManagement',
    LoggedByService: event.record === 'service' ? 'Authentication Methods' : 'Core Directory',
    AADOperationType: event.operation.includes('delete') ? 'Delete' : event.operation === 'Update user' ? 'Update' : 'Add',
    Result: 'success',
    ResultReason: event.reason,
    ResultDescription: event.reason,
    InitiatedBy: user ? { user } : { app: { appId: null, displayName: 'Azure MFA StrongAuthenticationService', servicePrincipalId: null } },
    TargetResources: [
      { id: target.id, displayName: target.name, type: 'User', userPrincipalName: target.upn, modifiedProperties: event.modified },
    ],
    AdditionalDetails: [],
  };
};

import { type App, type AppName, appOf } from './apps.ts';
import { type Browser, browserAgent, deviceDetail, type Machine, nativeAgent } from './devices.ts';
import type { Dice } from './dice.ts';
import type { Link } from './networks.ts';
import type { Person } from './people.ts';
import { dayOf, type World } from './world.ts';

/** How a sign-in was proved. `token` is what an earlier proof left. */
export type Proof = 'push' | 'code' | 'sms' | 'passkey' | 'hello' | 'pass' | 'token' | 'password' | 'home tenant';

interface Step {
  readonly method: string;
  readonly detail: string;
  readonly result: string;
  readonly primary: boolean;
}

const PASSWORD: Step = { method: 'Password', detail: 'Password in the cloud', result: '', primary: true };
const second = (method: string): Step => ({ method, detail: '', result: 'MFA completed in Azure AD', primary: false });
const first = (method: string): Step => ({ method, detail: '', result: '', primary: true });
const CLAIM: Step = {
  method: 'Previously satisfied',
  detail: '',
  result: 'MFA requirement satisfied by claim in the token',
  primary: false,
};

const PROOFS: Readonly<Record<Proof, { readonly steps: readonly Step[]; readonly mfa: string }>> = {
  push: { steps: [PASSWORD, second('Mobile app notification')], mfa: 'PhoneAppNotification' },
  code: { steps: [PASSWORD, second('OATH verification code')], mfa: 'PhoneAppOTP' },
  sms: { steps: [PASSWORD, second('Text message')], mfa: 'OneWaySMS' },
  passkey: { steps: [first('Passkey (device-bound)')], mfa: 'FIDO2 security key' },
  hello: { steps: [first('Windows Hello for Business')], mfa: '' },
  pass: { steps: [first('Temporary Access Pass')], mfa: '' },
  token: { steps: [{ ...CLAIM, primary: true, result: 'First factor requirement satisfied by claim in the token' }, CLAIM], mfa: '' },
  password: { steps: [PASSWORD], mfa: '' },
  'home tenant': { steps: [{ ...CLAIM, primary: true, result: 'MFA requirement satisfied by external provider' }], mfa: '' },
};

/** Results of a sign-in: what the log says of each, and which step of the proof did not happen. */
const RESULTS = {
  0: { reason: '', access: 'success', note: '', fails: 'none' },
  50126: { reason: 'Error validating credentials due to invalid username or password.', access: 'notApplied', note: '', fails: 'first' },
  50053: {
    reason: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
    access: 'notApplied',
    note: '',
    fails: 'first',
  },
  50034: {
    reason: 'The user account {EUII Hidden} does not exist in the {tenant} directory.',
    access: 'notApplied',
    note: '',
    fails: 'first',
  },
  50055: { reason: 'The password is expired.', access: 'notApplied', note: '', fails: 'none' },
  50057: { reason: 'The user account is disabled.', access: 'notApplied', note: '', fails: 'first' },
  50058: { reason: 'Session information is not sufficient for single-sign-on.', access: 'notApplied', note: '', fails: 'none' },
  50072: { reason: 'User needs to enroll for multi-factor authentication.', access: 'failure', note: '', fails: 'second' },
  50074: { reason: 'Strong Authentication is required.', access: 'failure', note: 'MFA required in Azure AD', fails: 'second' },
  50076: {
    reason:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    access: 'failure',
    note: 'MFA required in Azure AD',
    fails: 'second',
  },
  50140: {
    reason: "This occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
    access: 'success',
    note: '',
    fails: 'none',
  },
  500121: {
    reason: 'Authentication failed during strong authentication request.',
    access: 'failure',
    note: 'MFA denied; user declined the authentication',
    fails: 'second',
  },
  53003: {
    reason: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    access: 'failure',
    note: '',
    fails: 'none',
  },
  70043: {
    reason: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
    access: 'notApplied',
    note: '',
    fails: 'none',
  },
  50173: {
    reason: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
    access: 'notApplied',
    note: '',
    fails: 'none',
  },
} as const;
export type ResultCode = keyof typeof RESULTS;

export interface SignIn {
  readonly person: Pick<Person, 'id' | 'upn' | 'name' | 'role'>;
  readonly machine: Machine;
  readonly browser: Browser;
  readonly link: Link;
  readonly time: number;
  readonly app: AppName;
  readonly code?: ResultCode;
  readonly proof: Proof;
  readonly sessionId: string;
  readonly correlationId: string;
  readonly interactive: boolean;
  /** Why a prompt was not answered, where it was not declined. */
  readonly note?: string;
  readonly agent?: string;
  readonly risk?: 'low' | 'medium' | 'high';
  readonly riskTypes?: readonly string[];
}

function authenticationDetails(dice: Dice, { proof, code = 0, time, note }: SignIn): string {
  const { fails, note: usual } = RESULTS[code];
  // Since late 2025 refused passwords come without their steps.
  if (code === 50126 || code === 50053 || code === 50034 || dice.chance(0.01)) return '[]';
  const { steps } = PROOFS[proof];
  const at = (seconds: number) => new Date(time - 20_000 + seconds * 1000).toISOString();
  return JSON.stringify(
    steps.map(({ method, detail, result, primary }, index) => {
      const failed = !primary && fails === 'second';
      return {
        authenticationStepDateTime: at(index * 12),
        authenticationMethod: failed && code !== 500121 ? '' : method,
        authenticationMethodDetail: detail,
        succeeded: !failed,
        authenticationStepResultDetail: failed ? (note ?? usual) : result || 'Correct password',
        authenticationStepRequirement: primary ? 'Primary authentication' : 'Multi-factor authentication',
        StatusSequence: index,
        RequestSequence: index + 1,
      };
    }),
  );
}

function location({ shown }: Link, dice: Dice): Readonly<Record<string, unknown>> {
  const geoCoordinates = { latitude: shown.lat + dice.between(-0.02, 0.02), longitude: shown.lon + dice.between(-0.02, 0.02) };
  return { city: shown.name, state: shown.state, countryOrRegion: shown.country, geoCoordinates };
}

/** Writes one sign-in down and gives its Id. */
export function writeSignIn(world: World, signIn: SignIn): string {
  const { person, machine, browser, link, time, code = 0, proof, interactive, risk } = signIn;
  const { dice, book, kind, tenantId } = world;
  const app: App = appOf(world, signIn.app);
  const { reason, access, note } = RESULTS[code];
  const isNative = browser === machine.native;
  const id = dice.guid();
  const day = dayOf(world, time);
  // A row in two hundred says nothing of the place, one in three hundred nothing of the network.
  const place = dice.chance(0.005) ? {} : location(link, dice);
  const isMulti = proof !== 'password' && (code === 0 || code === 50140 || code >= 50072);
  const asText = (value: unknown) => (interactive ? value : JSON.stringify(value));
  const riskLevel = kind.risk ? (risk ?? 'none') : 'hidden';
  const { mfa } = PROOFS[proof];
  const status = {
    errorCode: code,
    ...(code === 0 ? {} : { failureReason: reason }),
    ...(note === '' ? {} : { additionalDetails: signIn.note ?? note }),
  };
  book.add(interactive ? 'SigninLogs' : 'AADNonInteractiveUserSignInLogs', time, {
    CreatedDateTime: new Date(time).toISOString(),
    AADTenantId: tenantId,
    OperationName: 'Sign-in activity',
    Category: interactive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs',
    ResultType: String(code),
    ResultDescription: reason,
    ResultSignature: code === 0 ? 'SUCCESS' : 'FAILURE',
    Level: '4',
    Id: id,
    CorrelationId: signIn.correlationId,
    OriginalRequestId: interactive ? id : dice.guid(),
    UniqueTokenIdentifier: dice.token(22),
    SessionId: code === 50126 || code === 50034 ? '' : signIn.sessionId,
    Identity: person.name,
    UserDisplayName: person.name,
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserType: person.role.guest === true ? 'Guest' : 'Member',
    CrossTenantAccessType: person.role.guest === true ? 'b2bCollaboration' : 'none',
    AppDisplayName: app.name,
    AppId: app.id,
    ResourceDisplayName: app.resource,
    ResourceIdentity: app.resourceId,
    IPAddress: link.ip,
    AutonomousSystemNumber: dice.chance(0.003) ? '' : String(link.asn),
    Location: 'city' in place ? link.shown.country : '',
    LocationDetails: asText(place),
    NetworkLocationDetails: link.kind === 'office' ? '[{"networkType":"trustedNamedLocation","networkNames":["Offices"]}]' : '[]',
    ClientAppUsed: isNative ? 'Mobile Apps and Desktop clients' : 'Browser',
    UserAgent: signIn.agent ?? (isNative ? nativeAgent(machine) : browserAgent(machine, browser, day)),
    DeviceDetail: asText(deviceDetail(machine, browser, day)),
    IsInteractive: interactive,
    AuthenticationRequirement: isMulti ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationDetails: interactive ? authenticationDetails(dice, signIn) : '[]',
    AuthenticationProtocol: 'none',
    IncomingTokenType: interactive ? 'none' : machine.trust === '' ? 'refreshToken' : 'primaryRefreshToken',
    MfaDetail: asText(mfa !== '' && (code === 0 || code === 500121) ? { authMethod: mfa, authDetail: '' } : {}),
    Status: asText(status),
    ConditionalAccessStatus: access,
    RiskLevelDuringSignIn: riskLevel,
    RiskLevelAggregated: riskLevel,
    RiskState: risk === undefined || !kind.risk ? 'none' : 'atRisk',
    RiskEventTypes_V2: JSON.stringify(kind.risk ? (signIn.riskTypes ?? []) : []),
    RiskDetail: 'none',
    TokenIssuerType: 'AzureAD',
  });
  return id;
}

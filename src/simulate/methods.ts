/** Authentication methods as Entra's audit and sign-in logs spell them. */
export type MethodKind = 'app' | 'app-code' | 'totp' | 'sms' | 'voice' | 'fido' | 'passkey' | 'hello' | 'tap' | 'email' | 'office-phone';

interface MethodRow {
  /** In `User registered ...` of ResultReason. */
  readonly reason: string;
  /** In `Admin registered ... method for user`. */
  readonly adminReason: string;
  /** `authenticationMethod` of a sign-in's AuthenticationDetails; '' where it cannot be used to sign in. */
  readonly signIn: string;
  /** MethodType numbers in StrongAuthenticationMethod; empty where the twin record does not list it. */
  readonly types: readonly number[];
  /** modifiedProperties key that carries the detail. */
  readonly property:
    | 'StrongAuthenticationPhoneAppDetail'
    | 'StrongAuthenticationUserDetails'
    | 'SearchableDeviceKey'
    | 'TemporaryAccessPass'
    | 'StrongAuthenticationMethod';
  readonly strength: number;
}

export const METHODS: Readonly<Record<MethodKind, MethodRow>> = {
  app: {
    reason: 'Authenticator App with Notification and Code',
    adminReason: 'authenticator app',
    signIn: 'Mobile app notification',
    types: [6, 7],
    property: 'StrongAuthenticationPhoneAppDetail',
    strength: 4,
  },
  'app-code': {
    reason: 'Authenticator App with Code',
    adminReason: 'authenticator app',
    signIn: 'OATH verification code',
    types: [7],
    property: 'StrongAuthenticationPhoneAppDetail',
    strength: 3,
  },
  totp: {
    reason: 'Software OATH token',
    adminReason: 'software OATH token',
    signIn: 'OATH verification code',
    types: [7],
    property: 'StrongAuthenticationPhoneAppDetail',
    strength: 3,
  },
  sms: {
    reason: 'Mobile Phone SMS',
    adminReason: 'phone',
    signIn: 'Text message',
    types: [5],
    property: 'StrongAuthenticationUserDetails',
    strength: 2,
  },
  voice: {
    reason: 'Mobile Phone Call and SMS',
    adminReason: 'phone',
    signIn: 'Phone call approval (Authentication phone)',
    types: [0, 5],
    property: 'StrongAuthenticationUserDetails',
    strength: 2,
  },
  fido: {
    reason: 'Fido',
    adminReason: 'FIDO2 security key',
    signIn: 'FIDO2 security key',
    types: [],
    property: 'SearchableDeviceKey',
    strength: 5,
  },
  passkey: {
    reason: 'Passkey (device-bound)',
    adminReason: 'passkey',
    signIn: 'Passkey (device-bound)',
    types: [],
    property: 'SearchableDeviceKey',
    strength: 5,
  },
  hello: {
    reason: 'Windows Hello for Business',
    adminReason: 'Windows Hello for Business',
    signIn: 'Windows Hello for Business',
    types: [],
    property: 'SearchableDeviceKey',
    strength: 5,
  },
  tap: {
    reason: 'temporary access pass method',
    adminReason: 'temporary access pass',
    signIn: 'Temporary Access Pass',
    types: [],
    property: 'TemporaryAccessPass',
    strength: 3,
  },
  email: { reason: 'Email', adminReason: 'email', signIn: '', types: [], property: 'StrongAuthenticationUserDetails', strength: 1 },
  'office-phone': {
    reason: 'Office Phone',
    adminReason: 'phone',
    signIn: 'Phone call approval (Office phone)',
    types: [2],
    property: 'StrongAuthenticationUserDetails',
    strength: 2,
  },
};

/** A method that an account has. */
export interface Method {
  readonly kind: MethodKind;
  readonly key: string;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  /** Name, push token and app version of an authenticator's phone. */
  readonly deviceName?: string | undefined;
  readonly token?: string | undefined;
  readonly appVersion?: string | undefined;
  /** In somebody else's hands: it is on the account, but its owner cannot answer with it. */
  readonly foreign?: boolean;
}

/**
 * What a sign-in shows of the method that answered, as Graph documents authenticationMethodDetail: an authenticator's phone by its name, a number with all
 * but its length and its last two digits crossed out. Codes of another company's app show nothing.
 */
export function shownDetail({ phone, deviceName }: Method): string {
  if (phone !== undefined) return phone.replace(/\d(?=.*\d\d)/g, 'X');
  return deviceName === undefined || deviceName === 'NO_DEVICE' ? '' : deviceName;
}

/** Whether the owner of the account can answer an MFA prompt with the method. */
export function answersMfa(method: Method): boolean {
  return METHODS[method.kind].signIn !== '' && method.foreign !== true;
}

type Step = readonly [
  method: string,
  succeeded: boolean,
  says: string,
  requirement: 'Primary authentication' | 'Multifactor authentication',
];
export interface Outcome {
  readonly code: number;
  readonly words: string;
  readonly detail?: string;
  readonly multi: boolean;
  /** '$M' stands for the second factor's name, '$P' for where the password is checked. */
  readonly steps: readonly Step[];
}

const PASSWORD: Step = ['Password', true, 'Correct password', 'Primary authentication'];
const CLAIM: Step = ['Previously satisfied', true, 'First factor requirement satisfied by claim in the token', 'Primary authentication'];
const second = (succeeded: boolean, says: string): Step => ['$M', succeeded, says, 'Multifactor authentication'];
const STRONG = 'Authentication failed during strong authentication request.';

/** What a row says of how it went. An interrupt is no failure: the person goes on, and the next row tells. */
export const OUTCOMES = {
  token: {
    code: 0,
    words: '',
    detail: 'MFA requirement satisfied by claim in the token',
    multi: true,
    steps: [CLAIM, ['Previously satisfied', true, 'MFA requirement satisfied by claim in the token', 'Multifactor authentication']],
  },
  single: { code: 0, words: '', multi: false, steps: [PASSWORD] },
  singleToken: { code: 0, words: '', multi: false, steps: [CLAIM] },
  full: {
    code: 0,
    words: '',
    detail: 'MFA completed in Azure AD',
    multi: true,
    steps: [PASSWORD, second(true, 'MFA completed in Azure AD')],
  },
  hello: {
    code: 0,
    words: '',
    detail: 'MFA requirement satisfied by strong authentication',
    multi: true,
    steps: [['Windows Hello for Business', true, '', 'Primary authentication']],
  },
  passkey: {
    code: 0,
    words: '',
    detail: 'MFA requirement satisfied by strong authentication',
    multi: true,
    steps: [['Passkey (device-bound)', true, '', 'Primary authentication']],
  },
  pass: {
    code: 0,
    words: '',
    detail: 'MFA requirement satisfied by strong authentication',
    multi: true,
    steps: [['Temporary Access Pass', true, '', 'Primary authentication']],
  },
  challenge: {
    code: 50074,
    words: 'Strong Authentication is required.',
    detail: 'MFA required in Azure AD',
    multi: true,
    steps: [PASSWORD, second(false, 'Authentication in progress')],
  },
  challengeToken: {
    code: 50076,
    words:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    multi: true,
    steps: [],
  },
  stay: {
    code: 50140,
    words: "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
    multi: false,
    steps: [PASSWORD],
  },
  enrol: {
    code: 50072,
    words:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.',
    multi: true,
    steps: [PASSWORD],
  },
  enrolNow: {
    code: 50079,
    words:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.',
    multi: true,
    steps: [PASSWORD],
  },
  registerFirst: {
    code: 50125,
    words: 'Sign-in was interrupted due to a password reset or password registration entry.',
    multi: false,
    steps: [PASSWORD],
  },
  wrong: { code: 50126, words: 'Error validating credentials due to invalid username or password.', multi: false, steps: [] },
  unknown: { code: 50034, words: 'The user account {EUII Hidden} does not exist in the directory.', multi: false, steps: [] },
  locked: {
    code: 50053,
    words: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
    multi: false,
    steps: [],
  },
  denied: {
    code: 500121,
    words: STRONG,
    detail: 'MFA denied; user declined the authentication',
    multi: true,
    steps: [PASSWORD, second(false, 'MFA denied; user declined the authentication')],
  },
  ignored: {
    code: 500121,
    words: STRONG,
    detail: 'MFA denied; user did not respond to mobile app notification',
    multi: true,
    steps: [PASSWORD, second(false, 'MFA denied; user did not respond to mobile app notification')],
  },
  wrongCode: {
    code: 500121,
    words: STRONG,
    detail: 'Authentication failed during strong authentication request.',
    multi: true,
    steps: [PASSWORD, second(false, 'MFA denied; invalid verification code')],
  },
  reported: {
    code: 500121,
    words: STRONG,
    detail: 'MFA denied; Phone App Reported Fraud',
    multi: true,
    steps: [PASSWORD, second(false, 'MFA denied; Phone App Reported Fraud')],
  },
  blocked: {
    code: 53003,
    words: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    multi: true,
    steps: [PASSWORD],
  },
  confirmCode: {
    code: 50199,
    words: 'For security reasons, user confirmation is required for this request. Please repeat the request allowing user interaction.',
    multi: false,
    steps: [CLAIM],
  },
  expired: {
    code: 70044,
    words: 'The session has expired or is invalid due to sign-in frequency checks by conditional access.',
    multi: true,
    steps: [],
  },
} as const satisfies Record<string, Outcome>;
export type OutcomeName = keyof typeof OUTCOMES;

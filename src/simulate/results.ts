/** Result codes of sign-ins that occur here, with the log's words (ResultDescription). */
export const RESULTS = {
  '0': '',
  '50053': "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  '50055': 'The password is expired.',
  '50057': 'The user account is disabled.',
  '50034': 'The user account does not exist in the directory.',
  '50072': 'User needs to enroll for second factor authentication (interactive).',
  '50074': 'Strong Authentication is required.',
  '50076':
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
  '50078': 'Presented multi-factor authentication has expired due to policies configured by your administrator.',
  '50079': 'User needs to enroll for second factor authentication.',
  '50097': 'Device authentication is required.',
  '50125': 'Sign-in was interrupted due to a password reset or password registration entry.',
  '50126': 'Error validating credentials due to invalid username or password.',
  '50140': "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
  '50158': 'External security challenge was not satisfied.',
  '50173': 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  '50199': 'For security reasons, user confirmation is required for this request.',
  '53003': 'Access has been blocked by Conditional Access policies.',
  '65001': 'The user or administrator has not consented to use the application.',
  '70043': 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
  '70044': 'The session has expired or is invalid due to sign-in frequency checks by conditional access.',
  '500121': 'Authentication failed during strong authentication request.',
  '700082': 'The refresh token has expired due to inactivity.',
} as const;
export type ResultCode = keyof typeof RESULTS;

/** One step of AuthenticationDetails. */
export interface Step {
  readonly method: string;
  readonly detail: string;
  readonly succeeded: boolean;
  readonly result: string;
  readonly requirement: string;
}

const PRIMARY = 'Primary authentication';
const SECOND = 'Multifactor authentication';

function step(method: string, detail: string, succeeded: boolean, result: string, requirement: string): Step {
  return { method, detail, succeeded, result, requirement };
}

/** Steps by what happened; the words are those of the log. */
export const STEPS = {
  password: step('Password', 'Password in the cloud', true, 'Correct password', PRIMARY),
  hashSync: step('Password', 'Password Hash Sync', true, 'Correct password', PRIMARY),
  firstClaim: step('Previously satisfied', '', true, 'First factor requirement satisfied by claim in the token', PRIMARY),
  secondClaim: step('Previously satisfied', '', true, 'MFA requirement satisfied by claim in the token', SECOND),
  needed: step('', '', false, 'MFA required in Azure AD', PRIMARY),
  enrol: step('', '', false, 'User needs to register a second factor', PRIMARY),
} as const satisfies Record<string, Step>;

/** Why a prompt failed, in the log's words; more than one spelling is in use. */
export const DENIALS = {
  declined: 'MFA denied; user declined the authentication',
  noAnswer: 'MFA denied; user did not respond to mobile app notification',
  wrongNumber: 'MFA denied; user did not select the correct number',
  wrongCode: 'MFA denied; invalid verification code',
  duplicate: 'MFA denied; duplicate authentication attempt',
} as const;
export type Denial = keyof typeof DENIALS;

const made = new Map<string, Step>();

/** Steps are shared: there are as many as methods, device models and outcomes, not as sign-ins. */
function shared(method: string, detail: string, succeeded: boolean, result: string, requirement: string): Step {
  const key = `${method}|${detail}|${result}`;
  let found = made.get(key);
  if (!found) {
    found = step(method, detail, succeeded, result, requirement);
    made.set(key, found);
  }
  return found;
}

export function secondStep(method: string, detail: string): Step {
  return shared(method, detail, true, 'MFA successfully completed', SECOND);
}

export function deniedStep(method: string, detail: string, denial: Denial): Step {
  return shared(method, detail, false, DENIALS[denial], SECOND);
}

/** Sign-in with one strong credential alone. */
export function strongStep(method: string): Step {
  return shared(method, '', true, '', PRIMARY);
}

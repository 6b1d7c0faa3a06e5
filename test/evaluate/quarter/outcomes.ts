/** One factor as AuthenticationDetails lists it. `method` stands for the person's own. */
export type Step = 'password' | 'wrong' | 'method' | 'declined' | 'unanswered' | 'claim' | 'strong' | 'pass';

export interface Outcome {
  /** ResultType. */
  readonly code: number;
  /** ResultDescription and Status.failureReason. */
  readonly words: string;
  readonly requires: 'singleFactorAuthentication' | 'multiFactorAuthentication';
  readonly steps: readonly Step[];
  /** Status.additionalDetails. */
  readonly additional: string;
}

const SINGLE = 'singleFactorAuthentication';
const MULTI = 'multiFactorAuthentication';

const row = (code: number, requires: Outcome['requires'], steps: readonly Step[], additional = '', words = ''): Outcome => ({
  code,
  words,
  requires,
  steps,
  additional,
});

const DONE = 'MFA completed in Azure AD';
const CLAIM = 'MFA requirement satisfied by claim in the token';

/** How a sign-in ends; codes and words as Microsoft's list of errors has them. AuthenticationDetails is `[]` for 50053 and 50126 since November 2025. */
export const OUTCOMES = {
  password: row(0, SINGLE, ['password']),
  mfa: row(0, MULTI, ['password', 'method'], DONE),
  claim: row(0, MULTI, ['claim'], CLAIM),
  single: row(0, SINGLE, ['claim']),
  strong: row(0, MULTI, ['strong'], DONE),
  pass: row(0, MULTI, ['pass'], DONE),
  wrongPassword: row(50126, SINGLE, [], '', 'Invalid username or password or Invalid on-premise username or password.'),
  locked: row(
    50053,
    SINGLE,
    [],
    '',
    'Account is locked because user tried to sign in too many times with an incorrect user ID or password.',
  ),
  expired: row(50055, SINGLE, ['password'], '', 'Invalid password, entered expired password.'),
  disabled: row(50057, SINGLE, [], '', 'User account is disabled. The account has been disabled by an administrator.'),
  mustRegister: row(50079, MULTI, ['password'], 'MFA required in Azure AD', 'User needs to enroll for second factor authentication.'),
  mustRegisterNow: row(
    50072,
    MULTI,
    ['password'],
    'MFA required in Azure AD',
    "Users' needs to enroll for second factor authentication (interactive).",
  ),
  needsMfa: row(50074, MULTI, ['password'], 'MFA required in Azure AD', 'User did not pass the MFA challenge.'),
  needsMfaSilently: row(50076, MULTI, ['password'], 'MFA required in Azure AD', 'User did not pass the MFA challenge (non interactive).'),
  keepSignedIn: row(
    50140,
    SINGLE,
    ['password'],
    '',
    "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
  ),
  declined: row(
    500121,
    MULTI,
    ['password', 'declined'],
    'MFA denied; user declined the authentication',
    'Authentication failed during strong authentication request.',
  ),
  unanswered: row(
    500121,
    MULTI,
    ['password', 'unanswered'],
    'MFA denied; user did not respond to mobile app notification',
    'Authentication failed during strong authentication request.',
  ),
  blocked: row(53003, SINGLE, ['password'], '', 'Access has been blocked due to conditional access policies.'),
  silent: row(50058, SINGLE, [], '', 'Session information is not sufficient for single-sign-on.'),
  revoked: row(50173, SINGLE, [], '', 'Fresh auth token is needed. Have the user re-sign using fresh credentials.'),
  stale: row(70043, SINGLE, [], '', 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.'),
} as const satisfies Record<string, Outcome>;

export type OutcomeName = keyof typeof OUTCOMES;

const STEP_WORDS: Readonly<Record<Step, readonly [method: string, succeeded: boolean, result: string]>> = {
  password: ['Password', true, 'Correct password'],
  wrong: ['Password', false, 'Incorrect password'],
  method: ['', true, DONE],
  declined: ['', false, 'MFA denied; user declined the authentication'],
  unanswered: ['', false, 'MFA denied; user did not respond to mobile app notification'],
  claim: ['Previously satisfied', true, 'First factor requirement satisfied by claim in the token'],
  strong: ['', true, DONE],
  pass: ['Temporary Access Pass', true, 'Temporary Access Pass'],
};

/** AuthenticationDetails of an outcome: a JSON text. */
export function detailsOf(outcome: Outcome, at: number, method: { readonly step: string; readonly detail: string }): string {
  const time = new Date(at).toISOString();
  return JSON.stringify(
    outcome.steps.map((step, index) => {
      const [own, succeeded, result] = STEP_WORDS[step];
      const isClaim = step === 'claim';
      return {
        authenticationStepDateTime: time,
        authenticationMethod: own === '' ? method.step : own,
        ...(own === ''
          ? { authenticationMethodDetail: method.detail }
          : step === 'password'
            ? { authenticationMethodDetail: 'Password in the cloud' }
            : {}),
        succeeded,
        authenticationStepResultDetail: isClaim && outcome.requires === MULTI ? CLAIM : result,
        authenticationStepRequirement: index === 0 ? 'Primary authentication' : 'Secondary authentication',
        StatusSequence: 0,
        RequestSequence: index,
      };
    }),
  );
}

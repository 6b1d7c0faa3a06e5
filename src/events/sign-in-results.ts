import { idText } from './identity-text.ts';

/** What a sign-in row's result says happened. */
export type SignInOutcome = 'success' | 'interrupt' | 'password-failure' | 'mfa-failure' | 'blocked' | 'other-failure';

export interface ResultMeaning {
  readonly outcome: SignInOutcome;
  /** The password (or an equal first factor) was right, whatever came after. */
  readonly firstFactor: boolean;
  readonly words: string;
}

const row = (outcome: SignInOutcome, firstFactor: boolean, words: string): ResultMeaning => ({ outcome, firstFactor, words });

/**
 * Error numbers that detectors tell apart. Interrupts are steps of a sign-in, not failures.
 * 50053 is both a lockout and a malicious address; either way a wrong or unchecked password.
 */
const meanings: ReadonlyMap<string, ResultMeaning> = new Map([
  ['0', row('success', true, 'signed in')],
  ['50034', row('password-failure', false, 'unknown user name')],
  ['50053', row('password-failure', false, 'account locked or address blocked')],
  ['50055', row('interrupt', true, 'right but expired password')],
  ['50056', row('password-failure', false, 'wrong password')],
  ['50057', row('other-failure', false, 'account disabled')],
  ['50064', row('password-failure', false, 'wrong password')],
  ['50072', row('interrupt', true, 'asked to enrol for MFA')],
  ['50074', row('interrupt', true, 'asked for MFA')],
  ['50076', row('interrupt', true, 'asked for MFA')],
  ['50078', row('interrupt', true, 'MFA expired')],
  ['50079', row('interrupt', true, 'asked to enrol for MFA')],
  ['50097', row('interrupt', true, 'asked for a device')],
  ['50105', row('other-failure', true, 'not assigned to the app')],
  ['50125', row('interrupt', true, 'password reset or registration entry')],
  ['50126', row('password-failure', false, 'wrong user name or password')],
  ['50129', row('interrupt', true, 'asked to register the device')],
  ['50140', row('interrupt', true, 'asked to stay signed in')],
  ['50144', row('interrupt', true, 'right but expired password')],
  ['50155', row('interrupt', true, 'device not authenticated')],
  ['50158', row('interrupt', true, 'sent to another provider of MFA')],
  ['50199', row('interrupt', true, 'asked to confirm')],
  ['53000', row('blocked', true, 'blocked: device not compliant')],
  ['53001', row('blocked', true, 'blocked: device not joined')],
  ['53003', row('blocked', true, 'blocked by Conditional Access')],
  ['53004', row('blocked', true, 'blocked: registration needs a trusted place')],
  ['53011', row('blocked', true, 'blocked: user at risk')],
  ['530032', row('blocked', true, 'blocked: user at risk')],
  ['81010', row('password-failure', false, 'seamless single sign-on failed')],
  ['500121', row('mfa-failure', true, 'MFA not passed')],
]);

/** The password was right, and has expired. */
export const EXPIRED_PASSWORD: ReadonlySet<string> = new Set(['50055', '50144']);
/** The first factor was right, and a policy let nobody in. */
export const isBlocked = (resultType: string): boolean => resultMeaning(resultType).outcome === 'blocked';
/** The account has no method that Entra accepts, and is asked to register one. */
export const ASKED_TO_ENROL: ReadonlySet<string> = new Set(['50072', '50079']);

const unknown = row('other-failure', false, 'failed');

export function resultMeaning(resultType: string): ResultMeaning {
  return meanings.get(resultType) ?? unknown;
}

/**
 * Whether a 500121 row is one prompt that somebody turned down or let pass.
 * Texts differ between tenants and years; "duplicate authentication attempt" is the same prompt again, a typed wrong code is the user.
 */
export function isRefusedPrompt(detail: string): boolean {
  // Some exporters write '-' or 'null' where there is no text.
  const text = idText(detail).toLowerCase();
  if (text.includes('duplicate') || text.includes('invalid verification code') || text.includes('fraud code')) return false;
  return (
    text === '' || /den(y|ied)|declined|did not respond|timed? ?out|no response|expired|strong authentication request|not passed/.test(text)
  );
}

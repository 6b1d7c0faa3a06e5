/** Kinds of authentication methods. */
export type MethodKind =
  | 'fido2'
  | 'passkey'
  | 'windows-hello'
  | 'certificate'
  | 'phone-sign-in'
  | 'authenticator'
  | 'totp'
  | 'sms'
  | 'voice'
  | 'phone'
  | 'tap'
  | 'email'
  | 'questions'
  | 'app-password'
  | 'unknown';

/**
 * How hard a method is to take over by phishing or a stolen number: 5 resists phishing, 4 an app with number matching, 3 codes,
 * 2 the telephone network, 1 recovery only; 0 not known.
 */
export const methodStrength: Readonly<Record<MethodKind, number>> = {
  fido2: 5,
  passkey: 5,
  'windows-hello': 5,
  certificate: 5,
  'phone-sign-in': 4,
  authenticator: 4,
  totp: 3,
  tap: 3,
  sms: 2,
  voice: 2,
  phone: 2,
  email: 1,
  questions: 1,
  'app-password': 1,
  unknown: 0,
};

/** First match holds: "Authenticator App with Code" is a code, "Mobile Phone Call and SMS" is SMS. */
const patterns: readonly (readonly [RegExp, MethodKind])[] = [
  [/temporary access pass|\btap\b/i, 'tap'],
  [/fido|security key/i, 'fido2'],
  [/passkey/i, 'passkey'],
  // A platform credential is what Windows Hello is, on a Mac.
  [/windows hello|platform credential/i, 'windows-hello'],
  [/certificate|x\.?509/i, 'certificate'],
  [/passwordless phone|phone sign-?in/i, 'phone-sign-in'],
  [/app ?password/i, 'app-password'],
  [/notification|microsoft authenticator/i, 'authenticator'],
  [/authenticator.*code|oath|totp|verification code/i, 'totp'],
  [/authenticator/i, 'authenticator'],
  [/sms|text message/i, 'sms'],
  [/call|voice/i, 'voice'],
  [/phone|mobile|office/i, 'phone'],
  [/e-?mail/i, 'email'],
  [/question/i, 'questions'],
];

export function methodKind(words: string): MethodKind {
  return patterns.find(([pattern]) => pattern.test(words))?.[1] ?? 'unknown';
}

/** Whether the words of a step of a sign-in name a method that somebody answered with, not a password or a claim that was there before. */
export function isAnswer(words: string): boolean {
  return !/\bpassword\b|^previously/i.test(words) && methodKind(words) !== 'unknown';
}

/** The method in the log's own words, out of a reason text: "User registered Mobile Phone SMS" -> "Mobile Phone SMS". */
export function methodWords(reason: string): string {
  if (/all required security info/i.test(reason)) return '';
  const m =
    /(?:registered|register|changed|deleted|delete|updated|update)\s+(?:the default security info for\s+)?(.+?)(?:\s+method)?(?:\s+for user)?\.?\s*$/i.exec(
      reason.slice(0, 300),
    );
  const words = m?.[1]?.trim() ?? '';
  return /^(security info|method)$/i.test(words) ? '' : words.slice(0, 100);
}

/**
 * Words for MethodType of StrongAuthenticationMethod; those that stand for a voice call or a two-way message share words. An authenticator app
 * writes 6 and 7 together, a mobile phone 0 and 5.
 */
export function methodTypeWords(methodType: number): string {
  if (methodType === 5) return 'Mobile Phone SMS';
  if (methodType === 6) return 'Authenticator App with Notification';
  if (methodType === 7) return 'Authenticator App with Code';
  return methodType >= 0 && methodType <= 4 ? 'Phone' : '';
}

import type { Gap } from './gap.ts';

/** Microsoft Graph's userRegistrationDetails, where somebody loads it: `import --table UserRegistrationDetails_CL`. */
const REPORT = 'UserRegistrationDetails_CL';

/** Tells of registered methods and changed passwords. */
const MENDED_BY = 'AuditLogs';

const NEW_PASSWORD =
  'Have the user set a new password, after proving their identity with a method they already have, and revoke the sessions (Entra admin center > Users > Revoke sessions): a token outlives its password.';
const ENROL =
  'Issue a one-time Temporary Access Pass, handed over in person or after an identity check, and have the user register a passkey or Microsoft Authenticator with it.';
const BOUND_REGISTRATION =
  'Require a compliant device, a trusted location or a Temporary Access Pass for registering security info (Conditional Access, user action registersecurityinfo): until then whoever has the password may register first.';

/** What is looked for, those of the password first. */
export const GAPS: readonly Gap[] = [
  {
    id: 'password-guessed',
    subject: 'password',
    urgency: 'now',
    title: 'password guessed by a spray',
    means:
      'Somebody tried one password on many accounts, and here it was right: it is weak or known to others, and only a second step keeps them out.',
    tables: ['SigninLogs'],
    mendedBy: MENDED_BY,
    remedy: [
      NEW_PASSWORD,
      'Look at what the address did with the account, and at methods registered since: factorwatch findings.',
      'Add the words of your organisation to the custom banned passwords (Entra admin center > Authentication methods > Password protection), on-premises too.',
    ],
  },
  {
    id: 'password-leaked',
    subject: 'password',
    urgency: 'now',
    title: 'password known to others',
    means: 'Entra ID Protection has seen the right password in a leak or in a spray.',
    tables: ['AADUserRiskEvents'],
    mendedBy: MENDED_BY,
    remedy: [
      NEW_PASSWORD,
      'Require a secure password change at high user risk (Conditional Access), so that the next leak is dealt with without you.',
    ],
  },
  {
    id: 'password-refused',
    subject: 'password',
    urgency: 'plan',
    title: 'new password refused as too weak',
    means: 'The user wanted a banned or common password and has kept the old one.',
    tables: ['AuditLogs'],
    remedy: [
      'Show the user how to make a passphrase, or better, how to sign in without a password (passkey, Windows Hello, Authenticator).',
    ],
  },
  {
    id: 'password-alone',
    subject: 'mfa',
    urgency: 'soon',
    title: 'signs in with the password alone',
    means: 'Whoever has the password has the account.',
    tables: ['SigninLogs'],
    remedy: [
      'Require multifactor authentication of all users for all resources (Conditional Access, or security defaults); see which sign-ins it would have stopped in report-only mode first.',
      ENROL,
    ],
  },
  {
    id: 'not-registered',
    subject: 'mfa',
    urgency: 'soon',
    title: 'no MFA method registered',
    means: 'Whoever has the password first can register a method, and owns the account from then on.',
    tables: ['IdentityInfo', REPORT],
    mendedBy: MENDED_BY,
    remedy: [BOUND_REGISTRATION, ENROL],
  },
  {
    id: 'enrolment-put-off',
    subject: 'mfa',
    urgency: 'soon',
    title: 'asked to enrol for MFA and has not',
    means: 'The account has a policy that wants MFA and no method to pass it: whoever signs in next registers theirs.',
    tables: ['SigninLogs'],
    mendedBy: MENDED_BY,
    remedy: [ENROL, BOUND_REGISTRATION],
  },
  {
    id: 'legacy-client',
    subject: 'mfa',
    urgency: 'soon',
    title: 'signs in by a protocol that cannot ask for MFA',
    means: 'A password is enough there, whatever the policy says elsewhere.',
    tables: ['SigninLogs', 'AADNonInteractiveUserSignInLogs'],
    remedy: [
      'Move the program to modern authentication (OAuth), or to a managed identity where it is a service.',
      'Block legacy authentication for everybody else (Conditional Access, condition client apps: Exchange ActiveSync and other clients).',
    ],
  },
  {
    id: 'phone-only',
    subject: 'mfa',
    urgency: 'plan',
    title: 'second step by text message or call only',
    means: 'A number can be taken over at the carrier, and a code can be phished.',
    tables: ['SigninLogs'],
    remedy: [
      'Have the user register a passkey (phone or security key); Authenticator with number matching is the next best.',
      'Then delete the number as a sign-in method, and require phishing-resistant MFA of those who have a role.',
    ],
  },
  {
    id: 'single-method',
    subject: 'recovery',
    urgency: 'plan',
    title: 'one method only',
    means: 'Who loses it needs the help desk, and help desks are talked into resets.',
    tables: [REPORT],
    remedy: ['Have the user register a second method that is not on the same device: a security key besides the phone.'],
  },
  {
    id: 'reset-not-possible',
    subject: 'recovery',
    urgency: 'plan',
    title: 'cannot reset the password',
    means: 'Nothing is registered that proves who asks for a new password, so the help desk must decide by the voice alone.',
    tables: ['AuditLogs', REPORT],
    remedy: [
      'Require registration when users sign in (Entra admin center > Password reset > Registration), and confirmation every 180 days.',
      'Have the help desk check who is calling in a way agreed on beforehand: the manager, a video call with the badge, Verified ID.',
    ],
  },
  {
    id: 'registration-unfinished',
    subject: 'recovery',
    urgency: 'plan',
    title: 'began to register security info and did not finish',
    means: 'The user may believe that they have a method and has none, or somebody else was stopped half-way.',
    tables: ['AuditLogs'],
    remedy: ['Ask whether it was them. If so, help them finish at https://aka.ms/mysecurityinfo, else treat it as a takeover in progress.'],
  },
];

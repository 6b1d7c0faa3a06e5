/** Logs of people who each have one gap, and of their look-alikes who have none. */
const DAY = 86_400_000;
const START = Date.parse('2026-03-02T08:00:00Z');
export const END = '2026-03-20T00:00:00.0000000Z';

/** A time of the test's logs: so many days after their start. */
export const at = (days: number) => new Date(START + days * DAY).toISOString();
const userIds = new Map<string, string>();
export const idOf = (name: string): string => {
  if (!userIds.has(name)) userIds.set(name, `00000000-0000-4000-8000-${String(userIds.size + 1).padStart(12, '0')}`);
  return userIds.get(name)!;
};
export const upn = (name: string) => `${name}@contoso.test`;

// biome-ignore lint/suspicious/noExplicitAny: rows of logs as they are written
export type Row = Record<string, any>;
export const logs: Record<string, Row[]> = {
  SigninLogs: [],
  AADNonInteractiveUserSignInLogs: [],
  AuditLogs: [],
  AADUserRiskEvents: [],
  IdentityInfo: [],
};
let count = 0;
const step = (method: string, requirement = 'Primary authentication', succeeded = true) => ({
  authenticationMethod: method,
  succeeded,
  authenticationStepRequirement: requirement,
});
const PASSWORD = step('Password');
const second = (method: string) => step(method, 'Multifactor authentication');

function signIn(name: string, days: number, { steps = [PASSWORD], code = '0', mfa = false, more = {} as Row } = {}) {
  count++;
  logs['SigninLogs']!.push({
    TimeGenerated: at(days),
    Id: `s${count}`,
    CorrelationId: `c${count}`,
    UserId: idOf(name),
    UserPrincipalName: upn(name),
    ResultType: code,
    IPAddress: '192.0.2.1',
    ClientAppUsed: 'Browser',
    AppDisplayName: 'OfficeHome',
    AuthenticationRequirement: mfa ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationDetails: JSON.stringify(steps),
    ...more,
  });
}
/** Somebody of whom nothing is missing: two steps, one of them an app's. */
const signInWell = (name: string, days: number) => signIn(name, days, { steps: [PASSWORD, second('Mobile app notification')], mfa: true });

function change(name: string, days: number, OperationName: string, Result = 'success', ResultReason = '') {
  count++;
  logs['AuditLogs']!.push({
    TimeGenerated: at(days),
    Id: `a${count}`,
    CorrelationId: `c${count}`,
    OperationName,
    Result,
    ResultReason,
    TargetResources: [{ type: 'User', id: idOf(name), userPrincipalName: upn(name) }],
  });
}
const account = (name: string, days: number, more: Row = {}) =>
  logs['IdentityInfo']!.push({
    TimeGenerated: at(days),
    AccountObjectId: idOf(name),
    AccountUPN: upn(name),
    AssignedRoles: [],
    IsAccountEnabled: true,
    IsMFARegistered: true,
    UserType: 'Member',
    ...more,
  });

export const REPORT: readonly Row[] = ['rep-none', 'rep-one', 'rep-two'].map((name, i) => ({
  TimeGenerated: at(10),
  id: idOf(name),
  userPrincipalName: upn(name),
  isMfaRegistered: i > 0,
  isSsprEnabled: true,
  isSsprRegistered: i > 1,
  methodsRegistered: [
    ['email'],
    ['microsoftAuthenticatorPush', 'email', 'securityQuestion'],
    ['microsoftAuthenticatorPush', 'fido2SecurityKey'],
  ][i],
}));

// A spray: wrong for six accounts, right for two of which one has a new password since. At the office six mistype, twelve get in.
for (let i = 0; i < 6; i++) signIn(`tried${i}`, 3, { code: '50126', steps: [], more: { IPAddress: '198.51.100.7' } });
for (const name of ['sprayed', 'sprayed-reset'])
  signIn(name, 3.01, { code: '50076', steps: [PASSWORD], more: { IPAddress: '198.51.100.7' } });
change('sprayed-reset', 4, 'Reset password (self-service)');
for (let i = 0; i < 6; i++) signIn(`clumsy${i}`, 5, { code: '50126', steps: [], more: { IPAddress: '203.0.113.1' } });
for (let i = 0; i < 12; i++)
  signIn(i < 4 ? `clumsy${i}` : `deft${i}`, 5.01, {
    steps: [PASSWORD, second('OATH verification code')],
    mfa: true,
    more: { IPAddress: '203.0.113.1' },
  });

for (const [name, state, changed] of [
  ['leaked', 'atRisk', false],
  ['leaked-changed', 'atRisk', true],
  ['leaked-dismissed', 'dismissed', false],
] as const) {
  logs['AADUserRiskEvents']!.push({
    TimeGenerated: at(2),
    Id: `r-${name}`,
    UserId: idOf(name),
    UserPrincipalName: upn(name),
    RiskEventType: 'leakedCredentials',
    RiskState: 'atRisk',
    DetectedDateTime: at(2),
  });
  if (state !== 'atRisk')
    logs['AADUserRiskEvents']!.push({
      TimeGenerated: at(3),
      Id: `r-${name}`,
      UserId: idOf(name),
      UserPrincipalName: upn(name),
      RiskEventType: 'leakedCredentials',
      RiskState: state,
      DetectedDateTime: at(2),
    });
  if (changed) change(name, 4, 'Change password (self-service)');
}

change('refused', 6, 'Change password (self-service)', 'failure', 'FuzzyPolicyViolationInvalidPassword');
change('refused-then-set', 6, 'Reset password (self-service)', 'failure', 'FuzzyPolicyViolationInvalidPassword');
change('refused-then-set', 6.01, 'Reset password (self-service)');
change('refused-otherwise', 6, 'Change password (self-service)', 'failure', 'InvalidPassword');

// With the password alone; one who used a key, one whose requirement was met once, one of whose steps the log has none, one with Hello.
signIn('alone', 1);
signIn('alone', 2);
signIn('key-once', 1);
signIn('key-once', 2, { steps: [step('FIDO2 security key')] });
signIn('mfa-once', 1);
signIn('mfa-once', 2, { steps: [], mfa: true });
signIn('no-steps', 1, { steps: [] });
signIn('hello', 1, { steps: [step('Windows Hello for Business')] });
signIn('wrong-only', 1, { steps: [step('Password', 'Primary authentication', false)], code: '50126' });

signIn('asked', 7, { code: '50079', steps: [PASSWORD], mfa: true });
signIn('asked', 8, { code: '50072', steps: [PASSWORD], mfa: true });
signIn('asked-enrolled', 7, { code: '50079', steps: [PASSWORD], mfa: true });
change('asked-enrolled', 7.01, 'User registered security info', 'success', 'User registered Fido');
signIn('asked-passed', 7, { code: '50079', steps: [PASSWORD], mfa: true });
signInWell('asked-passed', 7.01);

account('bare', 5, { IsMFARegistered: false });
account('bare-before', 1, { IsMFARegistered: false });
account('bare-before', 6, { IsMFARegistered: true });
account('bare-since', 5, { IsMFARegistered: false });
change('bare-since', 6, 'User registered security info', 'success', 'User registered Fido');
account('bare-disabled', 5, { IsMFARegistered: false, IsAccountEnabled: false });
account('bare-service', 5, { IsMFARegistered: false, IsServiceAccount: true });

signIn('imap', 9, { more: { ClientAppUsed: 'IMAP4' }, steps: [] });
signIn('imap-failed', 9, { more: { ClientAppUsed: 'IMAP4' }, code: '50126', steps: [] });
logs['AADNonInteractiveUserSignInLogs']!.push({
  TimeGenerated: at(9),
  Id: 'n1',
  UserId: idOf('mail-phone'),
  UserPrincipalName: upn('mail-phone'),
  ResultType: '0',
  ClientAppUsed: 'Exchange ActiveSync',
});
logs['AADNonInteractiveUserSignInLogs']!.push({
  TimeGenerated: at(9),
  Id: 'n2',
  UserId: idOf('modern'),
  UserPrincipalName: upn('modern'),
  ResultType: '0',
  ClientAppUsed: 'Mobile Apps and Desktop clients',
});

for (const days of [1, 2]) signIn('texts', days, { steps: [PASSWORD, second('Text message')], mfa: true });
signIn('calls', 3, { steps: [PASSWORD, second('Phone call approval (Authentication phone)')], mfa: true });
signIn('text-and-app', 3, { steps: [PASSWORD, second('Text message')], mfa: true });
signInWell('text-and-app', 4);

change(
  'stuck',
  4,
  'Self-service password reset flow activity progress',
  'failure',
  "User's account has insufficient authentication methods defined. Add authentication info to resolve this ",
);
change(
  'stuck-helped',
  4,
  'Self-service password reset flow activity progress',
  'failure',
  "User's account has insufficient authentication methods defined. Add authentication info to resolve this ",
);
change('stuck-helped', 5, 'User registered security info', 'success', 'User registered Mobile Phone SMS');

change('began', 4, 'User started security info registration', 'success', 'User started the registration for Mobile Phone SMS');
change('began', 4.01, 'User canceled security info registration', 'failure');
change('began-done', 4, 'User started security info registration');
change('began-done', 4.01, 'User registered security info', 'success', 'User registered Mobile Phone SMS');
change('began-just-now', 17.5, 'User started security info registration');

account('chief', 5, { AssignedRoles: ['Global Administrator'] });
signIn('chief', 1, { steps: [PASSWORD, second('Text message')], mfa: true });
signInWell('well', 1);
signInWell('well', 17.6);

/** Who has each gap, by the rows above. */
export const WHO: Readonly<Record<string, readonly string[]>> = {
  'password-guessed': ['sprayed'],
  'password-leaked': ['leaked'],
  'password-refused': ['refused'],
  'password-alone': ['alone'],
  'enrolment-put-off': ['asked'],
  'not-registered': ['bare', 'rep-none'],
  'legacy-client': ['imap', 'mail-phone'],
  'phone-only': ['calls', 'chief', 'texts'],
  'single-method': ['rep-one'],
  'reset-not-possible': ['rep-none', 'rep-one', 'stuck'],
  'registration-unfinished': ['began'],
};

import type { Judgement, UnitKind } from '../scoring/judgement.ts';
import { actWords } from './acts.ts';
import { clip } from './text.ts';
import { sourceWords } from './units.ts';

/** One thing to do. The steps of a finding are the rows that hold for it, in this order. */
interface Step {
  readonly units: readonly UnitKind[];
  readonly when?: (facts: Facts) => boolean;
  readonly words: (facts: Facts) => string;
}

interface Facts {
  readonly judgement: Judgement;
  /** The methods, in lower case, joined: what a row matches on. */
  readonly methods: string;
  readonly who: string;
  readonly techniques: string;
}

const actorWords = (actor: Judgement['actor']) => clip(actor?.upn || actor?.userId || 'unknown', 128);

const user: readonly UnitKind[] = ['registration', 'user-day'];
const people: readonly UnitKind[] = ['registration', 'user-day', 'source'];
const has = (pattern: RegExp) => (facts: Facts) => pattern.test(facts.methods);

const STEPS: readonly Step[] = [
  {
    units: ['registration'],
    words: ({ judgement, who }) => {
      const question =
        judgement.actor === undefined
          ? `they ${actWords(judgement)}`
          : `they asked for it: ${actorWords(judgement.actor)} ${actWords(judgement, 'them')}`;
      return `Ask ${who} through a channel that the attacker cannot answer (in person, their manager, a number from the HR system, never the number just registered) whether ${question}.`;
    },
  },
  {
    units: ['user-day'],
    words: ({ who }) => `Ask ${who} through a channel that the attacker cannot answer whether these sign-ins were theirs.`,
  },
  {
    units: ['source'],
    words: ({ judgement }) =>
      `Find out whether ${sourceWords(judgement.subject)} is yours (office, VPN, enrolment desk, shared phone). If not, take the steps below for each user in AdditionalFields.Users, those with roles first.`,
  },
  {
    units: people,
    words: () =>
      'If not: note the methods that are registered now (Entra admin center > Users > Authentication methods), because deleting them destroys the evidence.',
  },
  {
    units: people,
    when: has(/phone(?! sign-in)|sms|call/),
    words: () =>
      'Delete the phone number. Entra does not delete a phone that is the default method, nor a mobile number while there is an alternate one: change the default or delete the alternate number first.',
  },
  {
    units: people,
    when: has(/authenticator|notification|oath|totp|code|passwordless/),
    words: () =>
      'Delete the authenticator app or OATH token. One device shows up as several entries (push, passwordless, code): delete them all.',
  },
  {
    units: people,
    when: has(/hello/),
    words: () =>
      'Delete the Windows Hello credential by the name of its device, and disable that device unless the user has it at hand: the key lives in it.',
  },
  {
    units: people,
    when: has(/fido|passkey|security key/),
    words: () => 'Delete the passkey or security key by its name and AAGUID; check that the user holds the keys that stay.',
  },
  {
    units: people,
    when: has(/temporary access pass/),
    words: () =>
      'Delete the Temporary Access Pass, and find out who issued it: it signs in without any other method until it ends, and registers new ones.',
  },
  {
    units: people,
    when: has(/app password/),
    words: () => 'Delete the app password and block legacy authentication: an app password never asks for MFA.',
  },
  {
    units: people,
    when: has(/email|security question/),
    words: () => 'Delete the e-mail address or answers: they cannot sign in, but they can reset the password (SSPR).',
  },
  {
    units: people,
    when: ({ methods }) => methods === '',
    words: () => 'Delete each method that the user does not know.',
  },
  {
    units: people,
    when: ({ judgement }) => judgement.events.some((event) => /^(register device|add device|add registered)/i.test(event.what)),
    words: () => 'Disable and delete the device that was registered: its primary refresh token outlives a new password.',
  },
  {
    units: people,
    words: () =>
      'Revoke the sessions (Graph: revokeSignInSessions). Access tokens live on for up to an hour, unless the app supports continuous access evaluation; a guest is revoked in the home tenant.',
  },
  {
    units: people,
    words: () =>
      'Reset the password. If the account is synchronised from Active Directory, reset it there, or with password writeback: a reset in Entra alone is overwritten or refused.',
  },
  {
    units: user,
    words: () =>
      'Let the user back in with a one-time Temporary Access Pass, handed over once their identity is proven, so that they register a phishing-resistant method themselves.',
  },
  {
    units: user,
    words: () =>
      'Look at what the session did meanwhile: inbox rules, consents to apps, registered devices, role activations. With Entra ID P2, confirm the user as compromised so that risk policies apply.',
  },
  {
    units: ['registration'],
    when: ({ judgement }) => judgement.actor !== undefined,
    words: ({ judgement }) =>
      `Check the account that acted, ${actorWords(judgement.actor)}: the help desk may have been talked into it, or the account may itself be taken over.`,
  },
  {
    units: people,
    when: ({ techniques }) => /T1110/.test(techniques),
    words: () =>
      'Block the source in a Conditional Access named location, lower the smart lockout threshold, and reset the password of each user whose sign-in from it succeeded, even where MFA stopped it.',
  },
  {
    units: people,
    when: ({ techniques }) => techniques.includes('T1621'),
    words: () =>
      'The password is known to the attacker even if every prompt was denied: reset it. Number matching and phishing-resistant methods stop this attack.',
  },
  {
    units: people,
    words: () =>
      'To prevent it: a Conditional Access policy for the user action "Register security information" (urn:user:registersecurityinfo) that asks for a trusted location, a compliant device or a Temporary Access Pass. Start it in report-only mode and exclude the break-glass accounts.',
  },
  {
    units: ['posture'],
    words: () =>
      'Have these accounts register a phishing-resistant method (registration campaign, or a Temporary Access Pass for those without any), accounts with roles first; block legacy authentication for them.',
  },
  { units: ['monitor'], words: () => 'See `factorwatch status` and the last rows of FactorRuns_CL.' },
];

/** AttackRemediationSteps: numbered steps, one a line. */
export function remediationSteps(judgement: Judgement, techniques: string): string {
  const only = judgement.users.length === 1 ? judgement.users[0]! : undefined;
  const facts: Facts = {
    judgement,
    methods: judgement.methods.join('; ').toLowerCase(),
    who: only === undefined ? 'the users' : clip(only.upn || only.userId || 'the user', 128),
    techniques,
  };
  return STEPS.filter((step) => step.units.includes(judgement.kind) && (step.when?.(facts) ?? true))
    .map((step, i) => `${i + 1}. ${step.words(facts)}`)
    .join('\n');
}

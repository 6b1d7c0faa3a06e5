/** Version of ATT&CK that the ids here are from. v19 split Defense Evasion in two; Sentinel's list of tactics still has it. */
export const ATTACK_VERSION = '19';

/** Tactics as Sentinel spells them. */
export const TACTICS: ReadonlySet<string> = new Set([
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'CommandAndControl',
  'Exfiltration',
  'Impact',
  'ImpairProcessControl',
  'InhibitResponseFunction',
]);

interface Technique {
  readonly name: string;
  readonly tactics: readonly string[];
  /** Numbers of the sub-techniques that exist. */
  readonly subs?: readonly string[];
  /** Sentinel's validator does not know it: a rule that uses it needs another technique beside it. */
  readonly unknownToSentinel?: true;
}

/** The techniques that concern identities; a rule may name no other. */
export const TECHNIQUES: Readonly<Record<string, Technique>> = {
  T1078: {
    name: 'Valid Accounts',
    tactics: ['DefenseEvasion', 'Persistence', 'PrivilegeEscalation', 'InitialAccess'],
    subs: ['001', '002', '003', '004'],
  },
  T1098: {
    name: 'Account Manipulation',
    tactics: ['Persistence', 'PrivilegeEscalation'],
    subs: ['001', '002', '003', '004', '005', '006', '007'],
  },
  T1110: { name: 'Brute Force', tactics: ['CredentialAccess'], subs: ['001', '002', '003', '004'] },
  T1111: { name: 'Multi-Factor Authentication Interception', tactics: ['CredentialAccess'] },
  T1114: { name: 'Email Collection', tactics: ['Collection'], subs: ['001', '002', '003'] },
  T1136: { name: 'Create Account', tactics: ['Persistence'], subs: ['001', '002', '003'] },
  T1199: { name: 'Trusted Relationship', tactics: ['InitialAccess'] },
  T1484: { name: 'Domain or Tenant Policy Modification', tactics: ['DefenseEvasion', 'PrivilegeEscalation'], subs: ['001', '002'] },
  T1528: { name: 'Steal Application Access Token', tactics: ['CredentialAccess'] },
  T1531: { name: 'Account Access Removal', tactics: ['Impact'] },
  T1539: { name: 'Steal Web Session Cookie', tactics: ['CredentialAccess'] },
  T1550: {
    name: 'Use Alternate Authentication Material',
    tactics: ['DefenseEvasion', 'LateralMovement'],
    subs: ['001', '002', '003', '004'],
  },
  T1556: {
    name: 'Modify Authentication Process',
    tactics: ['CredentialAccess', 'DefenseEvasion', 'Persistence'],
    subs: ['001', '002', '003', '004', '005', '006', '007', '008', '009'],
  },
  T1557: { name: 'Adversary-in-the-Middle', tactics: ['CredentialAccess', 'Collection'], subs: ['001', '002', '003', '004'] },
  T1562: { name: 'Impair Defenses', tactics: ['DefenseEvasion'], subs: ['001', '002', '004', '007', '008'] },
  T1566: { name: 'Phishing', tactics: ['InitialAccess'], subs: ['001', '002', '003', '004'] },
  T1606: { name: 'Forge Web Credentials', tactics: ['CredentialAccess'], subs: ['001', '002'] },
  T1621: { name: 'Multi-Factor Authentication Request Generation', tactics: ['CredentialAccess'], unknownToSentinel: true },
};

/** The technique of an id like T1556 or T1556.006; undefined where there is none. */
export function techniqueOf(id: string): Technique | undefined {
  const [parent = '', sub] = id.split('.');
  const technique = Object.hasOwn(TECHNIQUES, parent) ? TECHNIQUES[parent] : undefined;
  return sub === undefined || technique?.subs?.includes(sub) ? technique : undefined;
}

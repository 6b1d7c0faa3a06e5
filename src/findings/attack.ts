/** Version of ATT&CK that the ids are from. Tactics are spelt as Sentinel's enumeration has them. */
export const ATTACK_VERSION = '19';

/** Tactics that Sentinel accepts with each technique. v19 split Defense Evasion, Sentinel did not: it is left out on purpose. */
const TACTICS: Readonly<Record<string, readonly string[]>> = {
  T1078: ['InitialAccess', 'Persistence'],
  'T1078.004': ['InitialAccess', 'Persistence'],
  T1098: ['Persistence', 'PrivilegeEscalation'],
  'T1098.001': ['Persistence', 'PrivilegeEscalation'],
  'T1098.003': ['Persistence', 'PrivilegeEscalation'],
  'T1098.005': ['Persistence', 'PrivilegeEscalation'],
  T1110: ['CredentialAccess'],
  'T1110.001': ['CredentialAccess'],
  'T1110.003': ['CredentialAccess'],
  'T1110.004': ['CredentialAccess'],
  T1111: ['CredentialAccess'],
  T1528: ['CredentialAccess'],
  T1531: ['Impact'],
  T1539: ['CredentialAccess'],
  'T1550.001': ['LateralMovement'],
  'T1550.004': ['LateralMovement'],
  T1556: ['CredentialAccess', 'Persistence'],
  'T1556.006': ['CredentialAccess', 'Persistence'],
  'T1556.009': ['CredentialAccess', 'Persistence'],
  T1557: ['CredentialAccess', 'Collection'],
  T1621: ['CredentialAccess'],
};

/** The techniques that the evidence points to, each once, and the tactics they serve; both sorted. */
export function attackOf(techniques: Iterable<string>): { readonly techniques: string; readonly tactics: string } {
  const ids = [...new Set(techniques)].sort();
  const tactics = [...new Set(ids.flatMap((id) => TACTICS[id] ?? TACTICS[id.split('.')[0]!] ?? []))].sort();
  return { techniques: ids.join(', '), tactics: tactics.join(', ') };
}

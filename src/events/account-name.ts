/**
 * A user principal name as it tells one account: tables differ in its case, and the audit log has guests by their name in the inviting tenant
 * (`ana_partner.example#EXT#@contoso.example`) where sign-ins have the one at home (`ana@partner.example`). A domain has no underscore.
 */
export function accountName(upn: string): string {
  const name = upn.trim().toLowerCase();
  const end = name.indexOf('#ext#');
  if (end < 0) return name;
  const home = name.slice(0, end);
  const at = home.lastIndexOf('_');
  return at <= 0 ? home : `${home.slice(0, at)}@${home.slice(at + 1)}`;
}

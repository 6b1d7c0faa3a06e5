/** Parts of account names that stand for a role, not for a person. */
const ROLES = new Set([
  'admin',
  'adm',
  'test',
  'user',
  'svc',
  'service',
  'cloud',
  'priv',
  'tier',
  'ext',
  'guest',
  'contoso',
  'onmicrosoft',
]);

function parts(upn: string): readonly string[] {
  const [local = ''] = upn
    .toLowerCase()
    .slice(0, 256)
    .split(/@|#ext#/);
  return local.split(/[^\p{L}]+/u).filter((part) => part.length >= 3 && !ROLES.has(part));
}

/** Whether two account names look like one person's: jane.doe and adm-jane.doe, j.doe12 and jdoe-admin. */
export function looksLikeOnePerson(a: string, b: string): boolean {
  const [one, other] = [parts(a), parts(b)];
  if (one.some((part) => part.length >= 4 && other.includes(part))) return true;
  const [short, long] = [one.join(''), other.join('')].sort((x, y) => x.length - y.length) as [string, string];
  return short.length >= 4 && long.includes(short);
}

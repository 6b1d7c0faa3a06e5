import { isIdentity } from '../../events/identity-text.ts';

/** Parts of account names that stand for a role, not for a person. */
const ROLES = new Set([
  'admin',
  'adm',
  'administrator',
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

interface AccountName {
  /** The person's names: letters between separators and digits, roles left out. */
  readonly words: readonly string[];
  readonly digits: string;
  readonly hasRole: boolean;
}

function accountName(upn: string): AccountName {
  const text = upn.toLowerCase().slice(0, 256);
  // A guest's name is the address at home with its @ written as _.
  const [guest] = text.split('#ext#');
  const [local = ''] = guest === text ? text.split('@') : [guest!.slice(0, Math.max(0, guest!.lastIndexOf('_')))];
  const all = local.split(/[^\p{L}]+/u).filter((word) => word !== '');
  const words = all.filter((word) => !ROLES.has(word));
  return { words, digits: local.replace(/\D+/g, ''), hasRole: words.length < all.length };
}

/** The ways in which organisations write a name: in either order, whole or with one part as its initial. */
function spellings({ words }: AccountName): ReadonlySet<string> {
  const [first = '', last = ''] = [words[0], words.at(-1)];
  const initial = (word: string) => word.slice(0, 1);
  const out = [words.join(''), [...words].reverse().join('')];
  if (words.length > 1) out.push(initial(first) + last, first + initial(last), last + initial(first));
  return new Set(out);
}

const LEAST_LETTERS = 3;
const LEAST_SURNAME = 4;

/**
 * Whether two account names look like one person's: jane.doe and adm-jane.doe, j.doe12 and jdoe-admin. One name in common is not enough
 * (maria.smith and maria.jones), nor is a name that only its number tells apart (staff-1 and staff-2), nor one that was removed from the log.
 */
export function looksLikeOnePerson(a: string, b: string): boolean {
  if (!isIdentity(a) || !isIdentity(b)) return false;
  const [one, other] = [accountName(a), accountName(b)];
  if (one.digits !== '' && other.digits !== '' && one.digits !== other.digits) return false;
  const isRoleOfOne = one.hasRole || other.hasRole;
  if (one.words.length === 0 || other.words.length === 0) {
    return one.words.length === other.words.length && one.digits !== '' && one.digits === other.digits;
  }
  if ([...spellings(one)].some((name) => name.length >= LEAST_LETTERS && spellings(other).has(name))) return true;
  // An administrator's second account often has the surname alone.
  const [short, long] = one.words.length < other.words.length ? [one, other] : [other, one];
  const surname = short.words[0]!;
  return isRoleOfOne && short.words.length === 1 && surname.length >= LEAST_SURNAME && surname === long.words.at(-1);
}

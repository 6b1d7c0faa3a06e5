import { phoneTarget } from '../../events/audit/phone-target.ts';
import { isToken } from '../../events/identity-text.ts';

/** A token begins with a letter or digit and has no space; what else is long enough is a number with a slip in it, or a remark. */
const LIKE_TOKEN = /^[\p{L}\d]\S*$/u;

/** A phone number or device token that a person wrote down, under the key that audit facts have for it ('phone:<digits>', 'device:<token>'; these too are taken); '' where it is neither. */
export function writtenTarget(text: string): string {
  const [, prefix, value = ''] = /^(phone|device):(.*)$/.exec(text.trim()) ?? ['', '', text.trim()];
  const phone = prefix === 'device' ? '' : phoneTarget(value);
  if (phone !== '' || prefix === 'phone') return phone;
  return isToken(value) && LIKE_TOKEN.test(value) ? `device:${value}` : '';
}

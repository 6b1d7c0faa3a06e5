import { escapeRegex } from '../quote.ts';

/** The names that a wildcard means; `*` stands for any text. */
export function namesLike(wildcard: string): RegExp {
  return new RegExp(`^${wildcard.split('*').map(escapeRegex).join('.*')}$`, 's');
}

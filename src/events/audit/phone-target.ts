import { phoneDigits } from '../identity-text.ts';

/** A phone number with nothing but its digits, so that '+1 5550100' and '+15550100' are one; '' where it is none, or is masked. */
export function phoneTarget(value: unknown): string {
  const digits = typeof value === 'string' ? phoneDigits(value) : '';
  return digits === '' ? '' : `phone:${digits}`;
}

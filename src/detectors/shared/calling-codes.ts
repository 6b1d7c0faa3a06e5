/** Calling codes of two digits (ITU-T E.164); those that are neither here nor 1 or 7 have three. */
const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);

/** The calling code of a phone target ('phone:4670...' -> '46'); '' for what is no number or begins with a zero, as a national one does. */
export function callingCode(target: string): string {
  const digits = /^phone:([1-9]\d{6,})$/.exec(target)?.[1];
  if (digits === undefined) return '';
  if (digits[0] === '1' || digits[0] === '7') return digits[0];
  return TWO_DIGITS.has(digits.slice(0, 2)) ? digits.slice(0, 2) : digits.slice(0, 3);
}

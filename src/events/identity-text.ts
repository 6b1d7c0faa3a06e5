/**
 * Whether a text of a log can tell one thing (a phone, a session, a computer, a request) from another. Exporters, privacy filters and services
 * write words or masks in the place of a value; taken for an identity, such a text joins everybody.
 */

/** A word that says, anywhere in a text, that the value is not there. */
const REMOVED = new Set(
  'redacted removed masked hidden anonymized anonymised obfuscated scrubbed suppressed withheld sanitized sanitised unknown undefined unavailable unspecified placeholder'.split(
    ' ',
  ),
);
/** Texts that are nothing, as a whole; what is not a letter counts as a space. */
const NOTHING = new Set(['', 'none', 'null', 'nil', 'nan', 'n a', 'empty', 'blank', 'default', 'deleted', 'pii', 'true', 'false']);
/** 'NO_DEVICE_TOKEN', 'Not available'. */
const WITHOUT = /^(?:no|not|without) [a-z ]+$/;
const MASK = /[*•●█]{2,}|#{3,}|\?{3,}|x{4,}/i;
/** Zeros, as a GUID that nobody set, or another fill. */
const FILL = /^(?:0+|f{2,}|x{2,})$/;

export function isIdentity(text: string): boolean {
  const lower = text.toLowerCase();
  const alphanumeric = lower.replace(/[^\p{L}\d]+/gu, '');
  if (alphanumeric === '' || FILL.test(alphanumeric) || MASK.test(text)) return false;
  const words = lower.replace(/[^\p{L}]+/gu, ' ').trim();
  if (words.split(' ').some((word) => REMOVED.has(word))) return false;
  return /\d/.test(lower) || !(NOTHING.has(words) || WITHOUT.test(words));
}

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An id as it is compared with another table's: a GUID in small letters, whichever way a table or an exporter writes it. */
export const foldedId = (text: string) => (GUID.test(text) ? text.toLowerCase() : text);

/** The text of an id; '' where it tells nothing apart. */
export const idText = (text: string) => (isIdentity(text) ? text : '');

const LEAST_TOKEN = 8;
const MOST_TOKEN = 512;
/** This part of one and the same character is a fill with something around it. */
const OF_ONE = 2 / 3;

function isFilled(text: string): boolean {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return Math.max(...counts.values()) >= OF_ONE * text.length;
}

/** Whether it is a token that a service made for one device: long enough, and neither a placeholder nor a fill. */
export function isToken(text: string): boolean {
  if (text.length < LEAST_TOKEN || text.length > MOST_TOKEN || !isIdentity(text)) return false;
  return !isFilled(text.toLowerCase().replace(/[^\p{L}\d]+/gu, ''));
}

/** Of letters and digits in such a run, so many different ones, and so often one kind after the other, random text has with hardly an exception. */
const RANDOM_RUN = /[a-z\d_-]{16,}/gi;
const LEAST_DIFFERENT = 8;
const LEAST_TURNS = 4;

/** Whether a token looks as if a service had drawn it: no exporter or filter that writes one word for many writes such a one. */
export function looksRandom(token: string): boolean {
  return (token.match(RANDOM_RUN) ?? []).some((run) => {
    const turns = run.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0;
    return turns >= LEAST_TURNS && new Set(run.toLowerCase()).size >= LEAST_DIFFERENT;
  });
}

/** E.164 allows 15 digits; the shortest numbers with a country's code have 7. */
const LEAST_DIGITS = 7;
const MOST_DIGITS = 20;
/** As Entra writes a number, and its extension. */
const NUMBER = /^[+\d\s()./-]+(?:(?:x|ext\.?)\s*\d+)?$/i;

/** The digits of a telephone number that is written out; '' where some are hidden, or it is none. */
export function phoneDigits(text: string): string {
  if (!NUMBER.test(text.trim())) return '';
  const digits = text.replace(/\D/g, '');
  if (digits.length < LEAST_DIGITS || digits.length > MOST_DIGITS) return '';
  return isFilled(digits) ? '' : digits;
}

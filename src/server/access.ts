import { createHash, timingSafeEqual } from 'node:crypto';
import { WireError } from './wire-error.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Equal or not, in a time that says nothing of where they differ or how long they are. */
export function sameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

/** The token of an `Authorization: Bearer` header; undefined where there is none. */
export function bearerToken(header: string | undefined | null): string | undefined {
  return /^Bearer +(\S+)\s*$/i.exec(header ?? '')?.[1];
}

/** Throws what the service answers to a request without a token, or with another. */
export function requireToken(header: string | undefined | null, wanted: string | undefined): void {
  const given = bearerToken(header);
  if (given === undefined) {
    throw new WireError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing or has no bearer token.",
      {
        headers: { 'www-authenticate': 'Bearer' },
      },
    );
  }
  if (wanted !== undefined && !sameSecret(given, wanted)) {
    throw new WireError(403, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
}

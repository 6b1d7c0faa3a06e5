import type { MiddlewareHandler } from 'hono';
import { WireError } from './wire-error.ts';

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Lets in only what was addressed to this machine by name and comes from no other site's page. A name that an attacker's DNS
 * points to 127.0.0.1 has another Host; a page elsewhere has another Origin. No CORS header is ever sent.
 */
export function onlyLoopback(): MiddlewareHandler {
  return async (c, next) => {
    const url = new URL(c.req.url);
    const host = c.req.header('host') ?? url.host;
    if (!LOOPBACK_HOST.test(host) || !LOOPBACK_HOST.test(url.host)) {
      throw new WireError(421, 'MisdirectedRequest', 'This server answers only to 127.0.0.1, localhost and [::1].');
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && origin.replace(/^https?:\/\//, '').toLowerCase() !== host.toLowerCase()) {
      throw new WireError(403, 'ForbiddenOrigin', 'Requests from the pages of other sites are not answered.');
    }
    const site = c.req.header('sec-fetch-site');
    const follows = c.req.header('sec-fetch-mode') === 'navigate' && url.pathname === '/';
    if ((site === 'cross-site' || site === 'same-site') && !follows) {
      throw new WireError(403, 'ForbiddenOrigin', 'Requests from the pages of other sites are not answered.');
    }
    await next();
  };
}

const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Headers that every answer bears. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  };
}

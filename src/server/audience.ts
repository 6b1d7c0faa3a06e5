import { CLOUDS } from '../workspace/azure/clouds.ts';
import { bearerToken } from './access.ts';
import { WireError } from './wire-error.ts';

const clouds = Object.values(CLOUDS);

/** The APIs by their paths, and whom a token for each may be made for, in any of the clouds. */
const AUDIENCES: readonly { readonly path: string; readonly audiences: readonly string[] }[] = [
  { path: '/v1/', audiences: clouds.map(({ query }) => query.audience) },
  { path: '/dataCollectionRules/', audiences: clouds.map(({ ingestAudience }) => ingestAudience) },
  { path: '/subscriptions/', audiences: clouds.map(({ manage }) => manage.audience) },
];

const withoutSlashes = (audience: string) => audience.replace(/\/+$/, '').toLowerCase();

/** The `aud` of a token that is a JWT; undefined for one that is not. */
function audienceOf(token: string): string | undefined {
  try {
    const { aud } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { aud?: unknown };
    return typeof aud === 'string' ? aud : undefined;
  } catch {
    return undefined;
  }
}

/** Throws what the service answers to a token that was made for another API. One that does not say for whom it was made is let in. */
export function requireAudience(path: string, header: string | undefined): void {
  const wanted = AUDIENCES.find((row) => path.startsWith(row.path))?.audiences ?? [];
  const audience = audienceOf(bearerToken(header) ?? '');
  if (audience === undefined || wanted.some((one) => withoutSlashes(one) === withoutSlashes(audience))) return;
  const message = `The access token has been obtained for wrong audience or resource '${audience.slice(0, 200)}'. It should match one of the allowed audiences '${wanted.join("','")}'.`;
  throw new WireError(403, 'InvalidAuthenticationToken', message, { inner: { code: 'InvalidAuthenticationTokenAudience', message } });
}

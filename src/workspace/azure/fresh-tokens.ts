import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { errorCodeOf, TOKEN_CODES } from './failures.ts';
import type { TokenCredential } from './settings.ts';

type Scopes = Parameters<TokenCredential['getToken']>[0];
type Options = Parameters<TokenCredential['getToken']>[1];
type Token = NonNullable<Awaited<ReturnType<TokenCredential['getToken']>>>;

interface Kept {
  readonly scopes: Scopes;
  readonly options: Options;
  readonly token: Token;
}

/** A token is asked for anew so long before it ends. */
const BEFORE_END_MS = 120_000;

/**
 * The tokens of one credential. A service may refuse one before its end (revoked, keys rolled over, a clock that is wrong): then another has to be
 * had from the authority, past the caches of the SDK and of the identity package, which would go on giving the old one for an hour.
 */
export class FreshTokens implements TokenCredential {
  private credential: TokenCredential;
  private readonly reopen: () => Promise<TokenCredential>;
  private readonly onRenewed: () => void;
  private readonly kept = new Map<string, Kept>();
  /** By the token that was refused: requests side by side bear the same one. */
  private readonly renewals = new Map<string, Promise<string | undefined>>();

  constructor(
    credential: TokenCredential,
    { reopen, onRenewed = () => {} }: { readonly reopen: () => Promise<TokenCredential>; readonly onRenewed?: () => void },
  ) {
    this.credential = credential;
    this.reopen = reopen;
    this.onRenewed = onRenewed;
  }

  async getToken(scopes: Scopes, options?: Options): Promise<Token> {
    const key = JSON.stringify([scopes, options?.tenantId]);
    const known = options?.claims === undefined ? this.kept.get(key) : undefined;
    if (known !== undefined && known.token.expiresOnTimestamp - BEFORE_END_MS > Date.now()) return forOneRequest(known.token);
    return forOneRequest(await this.ask(key, scopes, options));
  }

  /** Another token for a request that bore `refused`; undefined where there is none but that. */
  renew(refused: string): Promise<string | undefined> {
    let renewal = this.renewals.get(refused);
    if (renewal === undefined) {
      renewal = this.replace(refused);
      this.renewals.set(refused, renewal);
      // An authority that does not answer now may the next time.
      renewal.catch(() => this.renewals.delete(refused));
    }
    return renewal;
  }

  private async replace(refused: string): Promise<string | undefined> {
    const entry = [...this.kept].find(([, { token }]) => token.token === refused);
    if (entry === undefined) return undefined;
    const [key, { scopes, options }] = entry;
    this.credential = await this.reopen();
    // The same one for another tenant's challenge, say.
    for (const [other, { token }] of this.kept) if (token.token === refused) this.kept.delete(other);
    const { token } = await this.ask(key, scopes, options);
    if (token === refused) return undefined;
    this.onRenewed();
    return token;
  }

  private async ask(key: string, scopes: Scopes, options: Options): Promise<Token> {
    const token = await this.credential.getToken(scopes, options);
    if (token === null) throw Object.assign(new Error('the credential gives none'), { name: 'AuthenticationError' });
    // What belongs to this one request is not asked for again.
    const { abortSignal: _, tracingOptions: __, claims: ___, ...kept } = options ?? {};
    this.kept.set(key, { scopes, options: kept, token });
    return token;
  }
}

/** The SDK asks for a token that has ended with every request, so that none but the one kept here is used. */
function forOneRequest({ token, tokenType }: Token): Token {
  return { token, expiresOnTimestamp: 0, ...(tokenType && { tokenType }) };
}

/** Sends a request whose token is refused once more, with another one; refused again, or without another, the answer stands. */
export function withFreshTokens(inner: HttpClient, tokens: FreshTokens): HttpClient {
  return {
    async sendRequest(request) {
      // A transport may change it.
      const { url } = request;
      const response = await inner.sendRequest(request);
      if (!refusesToken(response)) return response;
      const refused = /^Bearer (.+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
      const token = refused === undefined ? undefined : await tokens.renew(refused);
      if (token === undefined) return response;
      request.url = url;
      request.headers.set('Authorization', `Bearer ${token}`);
      return inner.sendRequest(request);
    },
  };
}

/** A challenge that says which claims it wants (continuous access evaluation) is answered by the SDK itself, once too. */
function refusesToken({ status, headers, bodyAsText }: PipelineResponse): boolean {
  if (status === 401) return !/\bclaims=/.test(headers.get('WWW-Authenticate') ?? '');
  return status === 403 && TOKEN_CODES.has(errorCodeOf(bodyAsText) ?? '');
}

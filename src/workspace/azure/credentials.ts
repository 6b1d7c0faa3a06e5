import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { CLOUDS } from './clouds.ts';
import type { AuthSettings, AzureSettings, Environment, TokenCredential } from './settings.ts';

type Opener<Kind extends AuthSettings['kind']> = (
  auth: Extract<AuthSettings, { kind: Kind }>,
  scope: { readonly env: Environment; readonly authority: string },
) => Promise<TokenCredential>;

function secret(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new FactorwatchError('auth-missing', `the environment variable ${name}, which auth names, is not set`, {
    exitCode: ExitCode.noPermission,
    hint: `Set ${name}, or change targets.<name>.auth in factorwatch.yaml.`,
  });
}

/** Expiry of a JWT where it says one, so that an old token is refused by name; else an hour from now. */
function expiryOf(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    if (typeof exp === 'number') return exp * 1000;
  } catch {
    // Not a JWT: opaque tokens are allowed.
  }
  return Date.now() + 3_600_000;
}

/** The identity package takes 0.3 s to load: only the kind that is asked for loads it. */
const identity = () => import('@azure/identity');

const OPENERS: { readonly [Kind in AuthSettings['kind']]: Opener<Kind> } = {
  'managed-identity': async ({ client_id }) => {
    const { ManagedIdentityCredential } = await identity();
    return client_id === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId: client_id });
  },
  'workload-identity': async ({ tenant_id, client_id, token_file }, { authority }) => {
    const { WorkloadIdentityCredential } = await identity();
    return new WorkloadIdentityCredential({
      authorityHost: authority,
      ...(tenant_id !== undefined && { tenantId: tenant_id }),
      ...(client_id !== undefined && { clientId: client_id }),
      ...(token_file !== undefined && { tokenFilePath: token_file }),
    });
  },
  'client-secret': async ({ tenant_id, client_id, env: name }, { env, authority }) => {
    const value = secret(env, name);
    const { ClientSecretCredential } = await identity();
    return new ClientSecretCredential(tenant_id, client_id, value, { authorityHost: authority });
  },
  'client-certificate': async ({ tenant_id, client_id, certificate_file, password_env }, { env, authority }) => {
    const certificatePassword = password_env === undefined ? undefined : secret(env, password_env);
    const { ClientCertificateCredential } = await identity();
    return new ClientCertificateCredential(
      tenant_id,
      client_id,
      { certificatePath: certificate_file, ...(certificatePassword !== undefined && { certificatePassword }) },
      { authorityHost: authority },
    );
  },
  'azure-cli': async ({ tenant_id }) => {
    const { AzureCliCredential } = await identity();
    return new AzureCliCredential(tenant_id === undefined ? {} : { tenantId: tenant_id });
  },
  token: async ({ env: name }, { env }) => {
    const token = secret(env, name);
    return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: expiryOf(token) }) };
  },
};

/** Opens the one credential of the configuration; there is no chain that tries others. */
export async function openCredential(settings: Pick<AzureSettings, 'auth' | 'cloud'>, env: Environment): Promise<TokenCredential> {
  const open = OPENERS[settings.auth.kind] as Opener<AuthSettings['kind']>;
  try {
    return await open(settings.auth as never, { env, authority: CLOUDS[settings.cloud].authority });
  } catch (error) {
    if (error instanceof FactorwatchError) throw error;
    throw new FactorwatchError(
      'auth-failed',
      `the credential ${settings.auth.kind} cannot be used: ${(error as Error).message.split('\n')[0]}`,
      {
        exitCode: ExitCode.noPermission,
        hint: 'Check targets.<name>.auth in factorwatch.yaml against docs/azure.md.',
      },
    );
  }
}

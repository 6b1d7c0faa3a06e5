import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/errors.ts';
import { openCredential } from '../../../src/workspace/azure/credentials.ts';
import type { AuthSettings } from '../../../src/workspace/azure/settings.ts';

const ID = '74be27de-1e4e-49d9-b579-fe0b331d3642';
const open = (auth: AuthSettings, env = {}) => openCredential({ auth, cloud: 'public' }, env);

test('token: the value of the variable, with the expiry it carries', async () => {
  const jwt = `h.${Buffer.from(JSON.stringify({ exp: 2_000_000_000 })).toString('base64url')}.s`;
  const credential = await open({ kind: 'token', env: 'T' }, { T: jwt });
  expect(await credential.getToken('x')).toEqual({ token: jwt, expiresOnTimestamp: 2_000_000_000_000 });
});

test.each<[AuthSettings, string]>([
  [{ kind: 'managed-identity' }, 'ManagedIdentityCredential'],
  [{ kind: 'managed-identity', client_id: ID }, 'ManagedIdentityCredential'],
  [{ kind: 'workload-identity', tenant_id: ID, client_id: ID, token_file: '/var/run/token' }, 'WorkloadIdentityCredential'],
  [{ kind: 'client-secret', tenant_id: ID, client_id: ID, env: 'S' }, 'ClientSecretCredential'],
  [{ kind: 'client-certificate', tenant_id: ID, client_id: ID, certificate_file: '/nowhere.pem' }, 'ClientCertificateCredential'],
  [{ kind: 'azure-cli' }, 'AzureCliCredential'],
])('$kind opens exactly one kind of credential', async (auth, name) => {
  expect((await open(auth, { S: 'secret' })).constructor.name).toBe(name);
});

describe('a secret that is not there', () => {
  test.each<AuthSettings>([
    { kind: 'token', env: 'ABSENT' },
    { kind: 'client-secret', tenant_id: ID, client_id: ID, env: 'ABSENT' },
    { kind: 'client-certificate', tenant_id: ID, client_id: ID, certificate_file: 'x.pem', password_env: 'ABSENT' },
  ])('of $kind is named by its variable', async (auth) => {
    await expect(open(auth, { ABSENT: '' })).rejects.toMatchObject({
      code: 'auth-missing',
      exitCode: ExitCode.noPermission,
      message: expect.stringContaining('ABSENT'),
    });
  });
});

test('workload identity without its settings is a named error', async () => {
  await expect(open({ kind: 'workload-identity' })).rejects.toMatchObject({ code: 'auth-failed', exitCode: ExitCode.noPermission });
});

import { z } from 'zod';
import { unknownKeys } from '../../core/yaml-text.ts';
import { allowListSchema } from './allow-schema.ts';

/** An object whose every key is known. */
function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) });
}

const text = z.string().min(1, 'must not be empty');
// z.uuid() checks RFC version bits, which some ids of Azure do not have.
const guid = z.guid('must be a GUID like 00000000-0000-0000-0000-000000000000');
const dcrId = z.string().regex(/^dcr-[0-9a-f]{32}$/i, 'must be the immutable id of a data collection rule: dcr- and 32 hex digits');

const httpsUrl = z.string().refine((value) => URL.canParse(value) && new URL(value).protocol === 'https:', 'must be an https:// address');

/** `60s`, `500ms`, `2m`, `1h`; read as milliseconds. */
const duration = z
  .string()
  .regex(/^\d{1,9}(ms|s|m|h)$/, 'must be a number with a unit: 500ms, 60s, 2m or 1h')
  .transform((value) => Number.parseInt(value, 10) * UNIT_MS[value.replace(/\d+/, '') as keyof typeof UNIT_MS]);
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Name of an environment variable. A secret itself never stands in the file. */
const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the secret itself');

const auth = z.discriminatedUnion(
  'kind',
  [
    object({ kind: z.literal('managed-identity'), client_id: guid.optional() }),
    object({ kind: z.literal('workload-identity'), tenant_id: guid.optional(), client_id: guid.optional(), token_file: text.optional() }),
    object({ kind: z.literal('client-secret'), tenant_id: guid, client_id: guid, env: envName }),
    object({
      kind: z.literal('client-certificate'),
      tenant_id: guid,
      client_id: guid,
      certificate_file: text,
      password_env: envName.optional(),
    }),
    object({ kind: z.literal('azure-cli'), tenant_id: guid.optional() }),
    object({ kind: z.literal('token'), env: envName }),
  ],
  { error: 'must be one of managed-identity, workload-identity, client-secret, client-certificate, azure-cli, token' },
);

const state = z.discriminatedUnion('kind', [object({ kind: z.literal('directory') }), object({ kind: z.literal('blob'), url: httpsUrl })], {
  error: 'must be directory or blob',
});

const retry = object({
  attempts: z.int().min(1).max(20).default(6),
  max_wait: duration.default(60_000),
  /** Since the first try of a request, and of all failures of a run together. */
  per_request: duration.optional(),
  per_run: duration.optional(),
});

const embedded = object({
  kind: z.literal('embedded'),
  /** Folders, relative to the file, whose files `externaldata` in a query may read. */
  external_data: z.array(text).optional(),
});

const azure = object({
  kind: z.literal('azure'),
  workspaces: z.array(guid).min(1, 'must name at least one workspace'),
  cloud: z.enum(['public', 'usgov', 'china'], { error: 'must be public, usgov or china' }).default('public'),
  query_endpoint: httpsUrl.optional(),
  /** Of the management API, for plan, deploy and doctor. */
  manage_endpoint: httpsUrl.optional(),
  ingest: object({ endpoint: httpsUrl, dcr_id: dcrId }),
  auth,
  state: state.default({ kind: 'directory' }),
  retry: retry.default({ attempts: 6, max_wait: 60_000 }),
});

const target = z.discriminatedUnion('kind', [embedded, azure], { error: 'must be embedded or azure' });

const shape = {
  version: z.literal(1, 'must be 1'),
  default_target: text.default('local'),
  targets: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a target is named by letters, digits, dots and dashes'), target)
    .default({ local: { kind: 'embedded' } }),
  allow_lists: z.array(allowListSchema).default([]),
};

/** `factorwatch.yaml`. */
export const configSchema = object(shape).superRefine((config, check) => {
  if (Object.hasOwn(config.targets, config.default_target)) return;
  check.addIssue({
    code: 'custom',
    path: ['default_target'],
    message: `"${config.default_target}" is none of the targets: ${Object.keys(config.targets).join(', ')}`,
  });
});

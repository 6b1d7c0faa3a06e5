import type { TokenCredential } from '@azure/identity';

/** A credential of exactly one kind, as the configuration names it. Secrets stand in the environment, never here. */
export type AuthSettings =
  | { readonly kind: 'managed-identity'; readonly client_id?: string | undefined }
  | {
      readonly kind: 'workload-identity';
      readonly tenant_id?: string | undefined;
      readonly client_id?: string | undefined;
      readonly token_file?: string | undefined;
    }
  | { readonly kind: 'client-secret'; readonly tenant_id: string; readonly client_id: string; readonly env: string }
  | {
      readonly kind: 'client-certificate';
      readonly tenant_id: string;
      readonly client_id: string;
      readonly certificate_file: string;
      readonly password_env?: string | undefined;
    }
  | { readonly kind: 'azure-cli'; readonly tenant_id?: string | undefined }
  | { readonly kind: 'token'; readonly env: string };

export type CloudName = 'public' | 'usgov' | 'china';

/** What the configuration says of a target of kind azure. */
export interface AzureSettings {
  readonly workspaces: readonly string[];
  readonly cloud: CloudName;
  readonly query_endpoint?: string | undefined;
  readonly manage_endpoint?: string | undefined;
  readonly ingest: { readonly endpoint: string; readonly dcr_id: string };
  readonly auth: AuthSettings;
  /** Tries of one request; in ms, the longest pause between two, what all tries of a request may take, and what a run may lose to failures. */
  readonly retry: {
    readonly attempts: number;
    readonly max_wait: number;
    readonly per_request?: number | undefined;
    readonly per_run?: number | undefined;
  };
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type { TokenCredential };

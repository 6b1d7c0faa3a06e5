import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { AzureWorkspace } from './azure-workspace.ts';
import { CLOUDS, ingestEndpoint, queryEndpoint } from './clouds.ts';
import { openCredential } from './credentials.ts';
import { FreshTokens } from './fresh-tokens.ts';
import { Gate } from './gate.ts';
import { guardedClient } from './guarded-client.ts';
import { Ingestor } from './ingestor.ts';
import { QueryRunner } from './query-runner.ts';
import { DEFAULT_REQUEST_MS, Losses, realSleep } from './retry.ts';
import type { AzureSettings, Environment, TokenCredential } from './settings.ts';
import { idleLimit } from './wire-client.ts';

/** The service lets five queries of one identity run; one place is left to the analysts' own. */
const QUERIES_AT_ONCE = 4;

export interface OpenAzureOptions {
  readonly env: Environment;
  readonly warn?: (message: string) => void;
  /** For tests: the transport, the credential, the clock's sleep and chance. */
  readonly httpClient?: HttpClient;
  readonly credential?: TokenCredential;
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random?: () => number;
  readonly now?: () => number;
}

/** Opens the workspaces of a target of kind azure. Nothing is sent before the first query. */
export async function openAzureWorkspace(settings: AzureSettings, options: OpenAzureOptions): Promise<AzureWorkspace> {
  const { env, warn = (message: string) => process.stderr.write(`${message}\n`), httpClient = createDefaultHttpClient() } = options;
  const { sleep = realSleep, random = Math.random, now = () => performance.now() } = options;
  const { attempts, max_wait, per_request = DEFAULT_REQUEST_MS, per_run } = settings.retry;
  const cloud = CLOUDS[settings.cloud];
  const query = queryEndpoint(settings);
  const ingest = ingestEndpoint(settings);
  const open = async () => options.credential ?? openCredential(settings, env);
  const credential = new FreshTokens(await open(), {
    reopen: open,
    onRenewed: () => warn('the service refused the token before its end; a new one was asked for'),
  });
  const policy = { attempts, maxWaitMs: max_wait, requestMs: per_request, losses: new Losses(per_run), sleep, random, now };
  const runner = new QueryRunner({
    endpoint: query,
    audience: cloud.query.audience,
    credential,
    httpClient: guardedClient([query], httpClient),
    gate: new Gate(QUERIES_AT_ONCE),
    idleMs: idleLimit(policy),
  });
  const ingestor = new Ingestor({
    endpoint: ingest,
    audience: cloud.ingestAudience,
    ruleId: settings.ingest.dcr_id,
    credential,
    httpClient: guardedClient([ingest], httpClient),
    policy,
    warn,
  });
  return new AzureWorkspace({ runner, ingestor, workspaces: settings.workspaces, policy, warn });
}

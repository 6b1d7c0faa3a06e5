import { EMPTY_DCR_ID } from '../../src/server/options.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';

/** A factorwatch.yaml whose target is our server at this address, asked with the token in TOKEN; `more` are lines of the target. */
export function azureConfig(address: string, ...more: readonly string[]): string {
  return `version: 1
default_target: prod
targets:
  prod:
    kind: azure
    workspaces: [${EMPTY_WORKSPACE_ID}]
    query_endpoint: ${address}
    ingest: { endpoint: ${address}, dcr_id: ${EMPTY_DCR_ID} }
    auth: { kind: token, env: TOKEN }
${more.map((line) => `    ${line}\n`).join('')}`;
}

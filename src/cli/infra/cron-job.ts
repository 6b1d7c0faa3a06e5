import { stringify } from 'yaml';

const NAME = 'factorwatch';
const HEAD = `# Factorwatch on Kubernetes, with a workload identity. Replace what stands in <angle brackets>; docs/azure.md says where to find it.
# The lock on the state keeps a second run out; a failure that a retry cannot mend ends the job at once.
`;

const CONFIGURATION = `version: 1
default_target: prod
targets:
  prod:
    kind: azure
    workspaces: [<workspace id>]
    ingest: { endpoint: <ingestEndpoint>, dcr_id: <dcrId> }
    auth: { kind: workload-identity }
    state: { kind: blob, url: <stateUrl> }
`;

/** Exit codes that say the same on every try: wrong configuration or rule, missing input, missing role. */
const HOPELESS = [64, 65, 66, 77, 78];

/** Service account, configuration and CronJob. */
export function cronJobText(): string {
  const metadata = { name: NAME, labels: { app: NAME } };
  const documents = [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, annotations: { 'azure.workload.identity/client-id': '<identityClientId>' } },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'factorwatch.yaml': CONFIGURATION } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '*/15 * * * *',
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 5,
        jobTemplate: {
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: 3600,
            podFailurePolicy: {
              rules: [{ action: 'FailJob', onExitCodes: { containerName: NAME, operator: 'In', values: HOPELESS } }],
            },
            template: {
              metadata: { labels: { app: NAME, 'azure.workload.identity/use': 'true' } },
              spec: {
                serviceAccountName: NAME,
                restartPolicy: 'Never',
                terminationGracePeriodSeconds: 60,
                securityContext: {
                  runAsNonRoot: true,
                  runAsUser: 1000,
                  runAsGroup: 1000,
                  fsGroup: 1000,
                  seccompProfile: { type: 'RuntimeDefault' },
                },
                containers: [
                  {
                    name: NAME,
                    image: '<image>',
                    args: ['run', '--config', '/config/factorwatch.yaml', '--json'],
                    resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '2Gi' } },
                    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
                    volumeMounts: [
                      { name: 'configuration', mountPath: '/config', readOnly: true },
                      { name: 'data', mountPath: '/data' },
                      { name: 'tmp', mountPath: '/tmp' },
                    ],
                  },
                ],
                volumes: [
                  { name: 'configuration', configMap: { name: NAME } },
                  { name: 'data', emptyDir: {} },
                  { name: 'tmp', emptyDir: {} },
                ],
              },
            },
          },
        },
      },
    },
  ];
  return HEAD + documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

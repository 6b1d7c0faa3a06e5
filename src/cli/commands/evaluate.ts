import { defineCommand } from '../command.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'evaluate',
  summary: 'hold the findings against what was planted',
  description: `Reads labels.json of a labelled tenant (what simulate writes, or any file of that form) and the findings in the workspace, and says how
many of the planted takeovers were found, how soon, how many findings are about nothing that was planted and what they fell for, and how far the
stated confidence can be believed; with 95 % intervals. Import and run the tenant's logs first: a workspace with other logs, or without a
run, is refused (65). --baselines runs rules of today's practice, in KQL, on the same logs beside it.`,
  examples: [
    'factorwatch simulate --users 500 --days 35 --out tenant && factorwatch import tenant && factorwatch run && factorwatch evaluate tenant',
    'factorwatch evaluate tenant --baselines --json',
  ],
  arguments: [{ name: 'DIR', about: 'folder with labels.json; several where their logs are in one workspace', many: true }],
  options: {
    baselines: { about: 'also run rules of Azure-Sentinel, Elastic and Splunk on the same logs' },
  },
  async run(context, directories, options) {
    if (directories.length === 0) throw usageError('which tenant? Give the folder with labels.json', 'factorwatch evaluate tenant');
    const { runEvaluation } = await import('../evaluate/run-evaluation.ts');
    return runEvaluation(context, directories, { baselines: options.baselines === true });
  },
});

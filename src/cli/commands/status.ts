import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'status',
  summary: 'how far the pipelines have come, the last runs, open findings',
  description: `Prints for each pipeline the ingestion time up to which everything was read and how long ago that is, what still waits to be
uploaded, the number of active findings by severity, and the last five runs with their counts and times.`,
  examples: ['factorwatch status', 'factorwatch status --json'],
  relayed: true,
  async run(context) {
    const { printStatus } = await import('../status/print-status.ts');
    return printStatus(context);
  },
});

import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'demo',
  summary: 'show it all on a sample tenant; needs nothing',
  description: `Imports the logs of a small made-up tenant into an embedded workspace, runs the pipelines over them, prints the findings with their
reasons, says which of the planted attacks were found and which were missed, and what to try next. Works in a new directory among the temporary
ones, which is kept, or in --data-dir.`,
  examples: ['factorwatch demo', 'factorwatch demo --data-dir demo --json'],
  async run(context) {
    const { runDemo } = await import('../demo/run-demo.ts');
    return runDemo(context);
  },
});

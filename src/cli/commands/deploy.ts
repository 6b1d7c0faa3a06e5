import { ARM_OPTIONS } from '../azure/arm-options.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'deploy',
  summary: 'make the tables, the rule and the functions in Azure',
  description: `Creates what plan shows: custom tables first, then the data collection rule, then the saved functions. What is as it should be is
left alone, so it can be run again after a failure. Prints the ingestion endpoint and the id of the rule, for factorwatch.yaml.
Roles, storage and the scheduled job are in infra/. Ends with 77 where a role is missing, which it names.`,
  examples: ['factorwatch deploy --target prod'],
  options: ARM_OPTIONS,
  async run(context, _args, options) {
    const { printDeploy } = await import('../azure/print-plan.ts');
    return printDeploy(context, options);
  },
});

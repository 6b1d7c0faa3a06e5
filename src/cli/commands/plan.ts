import { ARM_OPTIONS } from '../azure/arm-options.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'plan',
  summary: 'show what deploy would change in Azure',
  description: `Compares the tables, the data collection rule and the saved functions of the workspace with what this version needs, and prints
the difference. Changes nothing. Ends with 2 where there are changes and --detailed-exitcode is given, 77 where a role is
missing, which it names.`,
  examples: ['factorwatch plan --target prod', 'factorwatch plan --target prod --detailed-exitcode --json'],
  options: { ...ARM_OPTIONS, detailedExitcode: { about: 'end with 2 where there are changes' } },
  async run(context, _args, options) {
    const { printPlan } = await import('../azure/print-plan.ts');
    return printPlan(context, options);
  },
});

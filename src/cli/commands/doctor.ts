import { ARM_OPTIONS } from '../azure/arm-options.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'doctor',
  summary: 'check that a target can be read and written',
  description: `Checks the token, the roles (one that is missing is named with its scope), the tables and their columns, the streams of the data
collection rule, the state and the clock, and measures how long rows take to arrive, with the delay to set in a pipeline. With --workspace
the columns of the deployed rule are compared too. Writes nothing but a probe beside the state, which it removes. Ends with 69 where the workspace does not
answer, 77 where a token or role is missing (which it names), 78 where tables or streams are not as they should be.`,
  examples: ['factorwatch doctor --target prod', 'factorwatch doctor --json'],
  options: ARM_OPTIONS,
  relayed: true,
  async run(context, _args, options) {
    const { printDoctor } = await import('../doctor/print-doctor.ts');
    return printDoctor(context, options);
  },
});

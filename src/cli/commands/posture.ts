import { defineCommand } from '../command.ts';
import { timeOption, wholeNumber } from '../option-values.ts';

export const command = defineCommand({
  name: 'posture',
  summary: 'who is weakly protected: weak passwords, missing MFA, missing recovery info',
  description: `Asks the workspace (queries/posture/*.kql) which accounts have a password that others know or that was guessed, no second step,
one that can be taken over, or no way to recover, and says what to do, the most urgent first: now, soon, plan. A directory role
makes a gap a step more urgent. It says what cannot be known because a table is missing. It reads only, and writes no findings.
Microsoft Graph's userRegistrationDetails knows methods best: save its answer and load it with
import --table UserRegistrationDetails_CL FILE.json.`,
  examples: [
    'factorwatch posture',
    'factorwatch posture --subject mfa --days 90 --json',
    'factorwatch posture --user mara.basalt85@contoso.test',
  ],
  options: {
    days: { value: 'N', about: 'how many days to look back; 30 when absent', parse: wholeNumber({ least: 1, most: 730 }) },
    until: { value: 'TIME', about: 'where to look back from; now when absent, of imported logs their end', parse: timeOption },
    subject: { value: 'S', about: 'only these gaps', choices: ['password', 'mfa', 'recovery'] },
    user: { value: 'USER', about: 'only this user: a name or an object id' },
  },
  relayed: true,
  async run(context, _args, options) {
    const { printPosture } = await import('../posture/print-posture.ts');
    return printPosture(context, options);
  },
});

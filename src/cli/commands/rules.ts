import { defineCommand } from '../command.ts';
import { timeOption } from '../option-values.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'rules',
  summary: 'list detectors and rules, switch them off and on, set severities',
  description: `list: every detector and analytics rule with what is in force. disable, enable, set: write an override to FactorRules_CL, which
holds from the next run on, until --until where it is given. ID is a detector's id, a rule's id or file name, or an unambiguous beginning of it. A
detector has no severity of its own: the severity of a finding follows its score alone.`,
  examples: [
    'factorwatch rules',
    'factorwatch rules disable D4-password-spray --until 2999-01-01 --reason "penetration test"',
    'factorwatch rules set password-spray-from-one-address --severity High --reason "seen twice this month"',
  ],
  arguments: [
    { name: 'ACTION', about: 'what to do (default list)', choices: ['list', 'disable', 'enable', 'set'] },
    { name: 'ID', about: 'detector or rule' },
  ],
  options: {
    severity: { value: 'SEVERITY', about: 'severity to set', choices: ['Informational', 'Low', 'Medium', 'High'] },
    until: { value: 'TIME', about: 'when the change ends by itself', parse: timeOption },
    reason: { value: 'TEXT', about: 'why; kept with the change' },
  },
  relayed: true,
  async run(context, [action = 'list', id], options) {
    const { listRules, changeRule } = await import('../rules/actions.ts');
    if (action === 'list') {
      if (id !== undefined) throw usageError('rules list takes no ID');
      return listRules(context);
    }
    if (id === undefined) throw usageError(`rules ${action} needs an ID`, 'See factorwatch rules list.');
    if (options.reason === undefined) throw usageError('--reason TEXT is missing', 'Say why: it is kept with the change.');
    if ((action === 'set') !== (options.severity !== undefined))
      throw usageError('--severity belongs to rules set, and rules set needs it');
    return changeRule(context, id, {
      ...(action === 'set' ? { severity: options.severity! } : { enabled: action === 'enable' }),
      until: options.until,
      reason: options.reason,
    });
  },
});

import { defineCommand } from '../command.ts';
import { timeOption } from '../option-values.ts';

export const command = defineCommand({
  name: 'findings',
  summary: 'list, show, explain and close findings',
  description: `list: every finding's current revision, the most severe first. show ID: its row, column by column. explain ID: what speaks
for and against it with counts, what would have made it benign, the raw rows, what to do, and the query that shows the rows in
Log Analytics. close ID --verdict V: closes it; the verdict stays over later revisions and moves the score of its unit.
An ID is an EventUid or the first 8 or more digits of one; an unknown one ends with 64.`,
  examples: [
    'factorwatch findings',
    'factorwatch findings list --severity Medium --since 2026-01-01 --json',
    'factorwatch findings explain 9c1d42ab',
    'factorwatch findings close 9c1d42ab --verdict false-positive --comment "new phone, asked in person"',
  ],
  arguments: [
    { name: 'ACTION', about: 'what to do; list when absent', choices: ['list', 'show', 'explain', 'close'] },
    { name: 'ID', about: 'which finding' },
  ],
  options: {
    severity: { value: 'S', about: 'list: at least this severity', choices: ['Low', 'Medium', 'High'] },
    status: { value: 'STATUS', about: 'list: only these', choices: ['Active', 'Closed'] },
    since: { value: 'TIME', about: 'list: whose events begin at or after this time', parse: timeOption },
    verdict: { value: 'V', about: 'close: what it was', choices: ['true-positive', 'false-positive', 'benign-positive', 'unknown'] },
    comment: { value: 'TEXT', about: 'close: why' },
  },
  relayed: true,
  async run(context, [action = 'list', id], options) {
    const print = await import('../findings/print-findings.ts');
    if (action === 'show') await print.printShow(context, id);
    else if (action === 'explain') await print.printExplain(context, id);
    else if (action === 'close') await print.printClose(context, id, options);
    else await print.printList(context, options);
    return 0;
  },
});

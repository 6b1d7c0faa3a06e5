import { defineCommand } from '../command.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'allow',
  summary: 'show allow-list entries, and try what an entry would hide',
  description: `list: every entry of factorwatch.yaml (allow_lists), its files and watchlists, with the time until which it holds. test FILE: judges
the logs in the workspace once as they are judged now and once with the entries of FILE, and shows which past findings would have
been hidden or weaker. Nothing is written or changed. FILE is YAML like allow_lists, or has one entry a line: VALUE, "VALUE until TIME",
and after # a reason. Exit codes: 0 also where findings would be hidden, 66 no such file, 78 an entry that cannot be read.`,
  examples: ['factorwatch allow', 'factorwatch allow test vpn.txt', 'factorwatch allow test tools.txt --kind service-account --json'],
  arguments: [
    { name: 'ACTION', about: 'what to do (default list)', choices: ['list', 'test'] },
    { name: 'FILE', about: 'entries to try' },
  ],
  options: {
    kind: {
      value: 'KIND',
      about: 'what the lines of FILE are (default: addresses)',
      choices: ['egress-range', 'named-location', 'service-account', 'user', 'shared-target', 'break-glass'],
    },
  },
  relayed: true,
  async run(context, [action = 'list', file], options) {
    if (action === 'list') {
      if (file !== undefined || options.kind !== undefined) throw usageError('allow list takes no file', 'factorwatch allow test FILE');
      const { listEntries } = await import('../allow/list-entries.ts');
      return listEntries(context);
    }
    if (file === undefined) throw usageError('which entries? Give a file', 'factorwatch allow test vpn.txt');
    const { tryEntries } = await import('../allow/try-entries.ts');
    return tryEntries(context, file, options.kind as Parameters<typeof tryEntries>[2]);
  },
});

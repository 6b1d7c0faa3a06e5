import { defineCommand } from '../command.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'export',
  summary: 'write the rules as templates for Azure',
  description: `Writes each rule of rules/ as an ARM template of its own, in the form that Sentinel exports and its repositories connection
deploys. Without --out the templates are printed.`,
  examples: ['factorwatch export rules --out sentinel'],
  arguments: [{ name: 'WHAT', about: 'what to export', required: true, choices: ['rules'] }],
  options: {
    out: { value: 'DIR', about: 'directory to write to; made where it does not exist' },
  },
  async run(context, _args, options) {
    const [{ writeFileSync }, { join, resolve }, { makeFolders }, { loadRules }, { armTemplate }] = await Promise.all([
      import('node:fs'),
      import('node:path'),
      import('../../core/make-folders.ts'),
      import('../../rules/load-rules.ts'),
      import('../../rules/to-arm.ts'),
    ]);
    const rules = loadRules(context.folder('rules'), context.cwd);
    if (rules.length === 0) throw usageError('there is no rule to export', 'Rules are the YAML files of the folder rules/.');
    if (options.out === undefined) {
      context.io.json(rules.map(armTemplate));
      return 0;
    }
    const directory = resolve(context.cwd, options.out);
    makeFolders(directory);
    const files = rules.map((rule) => {
      const file = join(directory, `${rule.slug}.json`);
      writeFileSync(file, `${JSON.stringify(armTemplate(rule), null, 2)}\n`);
      return file;
    });
    if (context.json) context.io.json({ files });
    else context.io.out(`${files.length} templates in ${options.out}`);
    return 0;
  },
});

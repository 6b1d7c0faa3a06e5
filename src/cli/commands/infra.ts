import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'infra',
  summary: 'write the Bicep, ARM and Kubernetes files of a deployment',
  description: `Writes main.bicep, the same as main.json for those without Bicep, and cronjob.yaml: tables, data collection rule, saved functions,
storage, roles and the scheduled job. They are made from the same specifications that plan and deploy use.`,
  examples: ['factorwatch infra --out infra'],
  options: { out: { value: 'DIR', about: 'directory to write to, made where it does not exist (default: infra)' } },
  async run(context, _args, options) {
    const [{ join, resolve }, { makeFolders }, { writeWhole }, { infraFiles }, { functionFiles }] = await Promise.all([
      import('node:path'),
      import('../../core/make-folders.ts'),
      import('../../core/write-whole.ts'),
      import('../infra/infra-files.ts'),
      import('../azure/function-files.ts'),
    ]);
    const out = options.out ?? 'infra';
    const directory = resolve(context.cwd, out);
    makeFolders(directory);
    const files = [...infraFiles(functionFiles(context.folder('queries/functions')))].map(([name, text]) => {
      writeWhole(join(directory, name), text);
      return join(out, name);
    });
    if (context.json) context.io.json({ files });
    else for (const file of files) context.io.out(file);
    return 0;
  },
});

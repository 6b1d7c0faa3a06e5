import { counted } from '../../core/counted.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'export',
  summary: 'write the rules or the workbook as templates for Azure',
  description: `Writes each rule of rules/, or each workbook of workbooks/, as an ARM template of its own, in the form that Sentinel exports and
its repositories connection deploys. Without --out the templates are printed.`,
  examples: ['factorwatch export rules --out sentinel', 'factorwatch export workbooks --out sentinel'],
  arguments: [{ name: 'WHAT', about: 'what to export', required: true, choices: ['rules', 'workbooks'] }],
  options: {
    out: { value: 'DIR', about: 'directory to write to; made where it does not exist' },
  },
  async run(context, [what], options) {
    const [{ join, resolve }, { makeFolders }, { writeWhole }, { templatesOf }] = await Promise.all([
      import('node:path'),
      import('../../core/make-folders.ts'),
      import('../../core/write-whole.ts'),
      import('../export/templates.ts'),
    ]);
    const templates = templatesOf(what as 'rules' | 'workbooks', context);
    if (options.out === undefined) {
      context.io.json(templates.map(({ template }) => template));
      return 0;
    }
    const directory = resolve(context.cwd, options.out);
    makeFolders(directory);
    const files = templates.map(({ name, template }) => {
      const file = join(directory, `${name}.json`);
      writeWhole(file, `${JSON.stringify(template, null, 2)}\n`);
      return file;
    });
    if (context.json) context.io.json({ files });
    else context.io.out(`${counted(files.length, 'template')} in ${options.out}`);
    return 0;
  },
});

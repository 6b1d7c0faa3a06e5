import { loadRules } from '../../rules/load-rules.ts';
import { armTemplate } from '../../rules/to-arm.ts';
import { loadWorkbooks } from '../../workbook/load-workbooks.ts';
import { workbookTemplate } from '../../workbook/to-arm.ts';
import type { CommandContext } from '../context.ts';
import { usageError } from '../usage-error.ts';

interface Template {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
}

const SOURCES: Readonly<Record<'rules' | 'workbooks', (context: CommandContext) => readonly Template[]>> = {
  rules: (context) => loadRules(context.folder('rules'), context.cwd).map((rule) => ({ name: rule.slug, template: armTemplate(rule) })),
  workbooks: (context) =>
    loadWorkbooks(context.folder('workbooks'), context.cwd).map((workbook) => ({
      name: `workbook-${workbook.slug}`,
      template: workbookTemplate(workbook),
    })),
};

/** What `export` writes, a template a file. */
export function templatesOf(what: keyof typeof SOURCES, context: CommandContext): readonly Template[] {
  const templates = SOURCES[what](context);
  if (templates.length === 0)
    throw usageError(`there is nothing to export in ${what}/`, 'Rules are its YAML files, workbooks its .workbook files.');
  return templates;
}

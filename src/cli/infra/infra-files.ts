import type { FunctionFile } from '../azure/arm-resources.ts';
import { cronJobText } from './cron-job.ts';
import { mainTemplate } from './main-template.ts';
import { armTemplate, bicepText } from './template.ts';

const HEAD = 'Made by `factorwatch infra` from the table specifications; changes here are lost.';

/** The files of infra/ by name. */
export function infraFiles(functions: readonly FunctionFile[]): ReadonlyMap<string, string> {
  const template = mainTemplate(functions);
  return new Map([
    ['main.bicep', bicepText(template, HEAD)],
    ['main.json', `${JSON.stringify(armTemplate(template), null, 2)}\n`],
    ['cronjob.yaml', cronJobText()],
  ]);
}

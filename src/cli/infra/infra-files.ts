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
    ['main.json', `${jsonText(armTemplate(template))}\n`],
    ['cronjob.yaml', cronJobText()],
  ]);
}

const LINE_WIDTH = 140;
/** A list of plain values over several lines, with what stands before it. */
const PLAIN_LIST = /^( *(?:"[^"]*": )?)\[\n((?: *(?:"(?:[^"\\]|\\.)*"|[\w.-]+),?\n)+) *\](,?)$/gm;

/** JSON as the project's formatter has it: lists of plain values on one line where they fit. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(PLAIN_LIST, (whole, before: string, items: string, comma: string) => {
    const line = `${before}[${items.trim().replace(/,\n */g, ', ')}]${comma}`;
    return line.length <= LINE_WIDTH ? line : whole;
  });
}

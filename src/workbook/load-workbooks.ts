import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readWorkbook, type Workbook } from './workbook.ts';

/** Reads every workbook of a folder, in the order of their names; none where there is no such folder. */
export function loadWorkbooks(folder: string, shownFrom = folder): readonly Workbook[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.workbook'))
    .sort()
    .map((name) => readWorkbook(readFileSync(join(folder, name), 'utf8'), relative(shownFrom, join(folder, name)) || name));
}

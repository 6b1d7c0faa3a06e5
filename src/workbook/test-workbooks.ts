import { EmbeddedWorkspace } from '../workspace/embedded/embedded-workspace.ts';
import { readStoredFunctions } from '../workspace/embedded/stored-functions.ts';
import { checkWorkbook } from './check-workbook.ts';
import type { Workbook } from './workbook.ts';

export interface WorkbookResult {
  /** Name of its file. */
  readonly workbook: string;
  readonly queries: number;
  readonly failures: readonly string[];
}

/** Checks workbooks in a workspace in memory with the functions of a folder, which their queries may call. */
export async function testWorkbooks(workbooks: readonly Workbook[], functions: string): Promise<readonly WorkbookResult[]> {
  if (workbooks.length === 0) return [];
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => 0n, functions: readStoredFunctions(functions) });
  try {
    const results: WorkbookResult[] = [];
    for (const workbook of workbooks) {
      const failures = await checkWorkbook(workbook, (query) => workspace.check(query));
      results.push({ workbook: workbook.slug, queries: workbook.queries.length, failures });
    }
    return results;
  } finally {
    await workspace.close();
  }
}

import { FactorwatchError } from '../core/errors.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { fillParameters, type ParameterValues } from './fill-parameters.ts';
import type { Workbook, WorkbookQuery } from './workbook.ts';

/** The portal runs five queries of a user at once; a tab with more than this keeps people waiting. */
const MOST_QUERIES_A_TAB = 10;

/** Values for compiling: of each parameter one that the portal could put there. */
const SAMPLE: ParameterValues = {
  timeRange: { start: '2026-01-01T00:00:00.000Z', end: '2026-01-31T00:00:00.000Z' },
  values: { Severity: ['High', 'Medium'], Status: ['Active'], Finding: '0'.repeat(64) },
};

/** What is wrong with a workbook, in words; none where it can be shipped. */
export async function checkWorkbook(workbook: Workbook, compile: Workspace['check']): Promise<readonly string[]> {
  const faults: string[] = [];
  if (!/^sentinel-(?!UserWorkbook)\w+$/.test(workbook.fromTemplateId))
    faults.push(`fromTemplateId is "${workbook.fromTemplateId}"; a template of Sentinel has sentinel-<Name>`);
  if (/\/subscriptions\//i.test(workbook.text)) faults.push('it names a resource of one subscription; a template must open in any');
  const tabs = new Map<string, number>();
  for (const query of workbook.queries) {
    const tab = query.within[0] ?? '';
    tabs.set(tab, (tabs.get(tab) ?? 0) + 1);
    faults.push(...(await queryFaults(workbook, query, compile)).map((fault) => `${query.name}: ${fault}`));
  }
  for (const [tab, count] of tabs)
    if (count > MOST_QUERIES_A_TAB) faults.push(`the tab ${tab} has ${count} queries; ${MOST_QUERIES_A_TAB} are the most`);
  return faults;
}

async function queryFaults(
  workbook: Workbook,
  { kql, name, exports, item }: WorkbookQuery,
  compile: Workspace['check'],
): Promise<readonly string[]> {
  const unknown = [...kql.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, word]) => word!).filter((word) => !workbook.parameters.includes(word));
  if (unknown.length > 0) return unknown.map((word) => `there is no parameter ${word}`);
  try {
    const columns = (await compile({ kql: fillParameters(kql, SAMPLE), file: `${workbook.file}#${name}` })).map((column) => column.name);
    return [...(exports === undefined ? [] : [exports]), ...columnsOf(item)]
      .filter((column) => !columns.includes(column))
      .map((column) => `its answer has no column ${column}`);
  } catch (error) {
    if (!(error instanceof FactorwatchError)) throw error;
    return [`the query does not compile: ${error.message}`];
  }
}

/** Columns that the settings of grids, tiles and charts speak of. */
function columnsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(columnsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (/^(columnMatch|columnId|xAxis|group)$/.test(key) && typeof inner === 'string') return [inner];
    return key === 'yAxis' && Array.isArray(inner) ? inner.map(String) : columnsOf(inner);
  });
}

import { counted } from '../../core/counted.ts';
import type { VerdictName } from '../../findings/verdict.ts';
import { closeFinding } from '../../pipeline/close-finding.ts';
import { currentFindings } from '../../pipeline/current-findings.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../../schema/factor-findings.ts';
import type { CommandContext } from '../context.ts';
import { pad, plain, wrap } from '../text.ts';
import { usageError } from '../usage-error.ts';
import { closeDeps } from './close-deps.ts';
import { explainText } from './explain-text.ts';
import { findingsText } from './list-text.ts';
import { type Filters, filtered, findingOf } from './select.ts';

export interface FindingsOptions extends Filters {
  readonly verdict?: string | undefined;
  readonly comment?: string | undefined;
}

/** `findings list`: all that FactorFindings() shows, or those that pass the filters. */
export async function printList(context: CommandContext, filters: Filters): Promise<void> {
  const { io, json } = context;
  const rows = filtered(await currentFindings(await context.openWorkspace(), context.signal), filters);
  if (json) return io.json(rows);
  if (rows.length === 0) return io.out('No findings.');
  io.out(findingsText(rows, io));
  const open = rows.filter((row) => row.AlertStatus === 'Active').length;
  const next = `factorwatch findings explain ${rows.length === 1 ? rows[0]!.EventUid.slice(0, 8) : 'ID'}`;
  io.out(['', ...wrap(`${counted(rows.length, 'finding')}, ${open} active. Next: ${next}`, io.columns)].join('\n'));
}

/** `findings show`: the row, column by column. */
export async function printShow(context: CommandContext, id: string | undefined): Promise<void> {
  const { io, json } = context;
  const row = await findingIn(context, id);
  if (json) return io.json(row);
  const width = Math.max(...FACTOR_FINDINGS.columns.map(({ name }) => name.length)) + 2;
  for (const { name } of FACTOR_FINDINGS.columns) {
    const value = row[name];
    const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
    const lines = text.split('\n').flatMap((line) => wrap(plain(line), io.columns - width));
    lines.forEach((line, i) => {
      io.out((pad(i === 0 ? name : '', width) + line).trimEnd());
    });
  }
}

/** `findings explain`: evidence for and against, context, raw rows, what to do. */
export async function printExplain(context: CommandContext, id: string | undefined): Promise<void> {
  const row = await findingIn(context, id);
  if (context.json) context.io.json(row);
  else context.io.out(explainText(row, context.io));
}

/** `findings close`: an analyst's verdict. */
export async function printClose(context: CommandContext, id: string | undefined, { verdict, comment }: FindingsOptions): Promise<void> {
  if (verdict === undefined)
    throw usageError('--verdict is missing', 'findings close ID --verdict true-positive|false-positive|benign-positive|unknown');
  const row = await findingIn(context, id);
  const by = context.env['USER'] || context.env['USERNAME'] || 'unknown';
  const decision = { verdict: verdict as VerdictName, by, comment: comment ?? '' };
  const closed = await closeFinding(row, decision, await closeDeps(context));
  if (context.json) context.io.json(closed);
  else context.io.out(`closed ${closed.EventUid.slice(0, 8)} as ${closed.AlertVerdict} (revision ${closed.FindingRevision})`);
}

async function findingIn(context: CommandContext, id: string | undefined): Promise<FindingRow> {
  return findingOf(await currentFindings(await context.openWorkspace(), context.signal), id);
}

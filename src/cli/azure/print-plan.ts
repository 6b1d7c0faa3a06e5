import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import type { CommandContext } from '../context.ts';
import { type ArmCommandOptions, openArm } from './open-arm.ts';
import { apply, type PlannedChange, plan } from './plan.ts';

const SIGNS = { create: '+', update: '~', none: ' ' } as const;

function line({ action, kind, name, differences }: PlannedChange): string {
  return [`${SIGNS[action]} ${kind.padEnd(8)} ${name}`, ...differences.map((text) => `             ${text}`)].join('\n');
}

const shown = ({ action, kind, name, differences, id }: PlannedChange) => ({ action, kind, name, differences, id });

function nothingToDo(context: CommandContext): number {
  if (context.json) context.io.json({ changes: [] });
  else context.io.out('The target is embedded: it has its tables and functions, and nothing is deployed.');
  return ExitCode.done;
}

/** Shows what `deploy` would do. */
export async function printPlan(
  context: CommandContext,
  options: ArmCommandOptions & { readonly detailedExitcode?: boolean },
): Promise<number> {
  const opened = await openArm(context, options);
  if (!opened) return nothingToDo(context);
  const changes = (await plan(opened.arm, opened.request)).filter(({ action }) => action !== 'none');
  if (context.json) context.io.json({ changes: changes.map(shown) });
  else {
    for (const change of changes) context.io.out(line(change));
    context.io.out(changes.length === 0 ? 'No changes.' : `${counted(changes.length, 'change')}. Apply: factorwatch deploy`);
  }
  return options.detailedExitcode && changes.length > 0 ? ExitCode.planHasChanges : ExitCode.done;
}

/** Makes what `plan` shows, and prints what the configuration needs to know of it. */
export async function printDeploy(context: CommandContext, options: ArmCommandOptions): Promise<number> {
  const opened = await openArm(context, options);
  if (!opened) return nothingToDo(context);
  const changes = await plan(opened.arm, opened.request);
  const done: PlannedChange[] = [];
  const rule = await apply(opened.arm, changes, (change) => {
    done.push(change);
    if (!context.json) context.io.out(line(change));
  });
  if (context.json) context.io.json({ changes: done.map(shown), ingest: { endpoint: rule.endpoint, dcr_id: rule.immutableId } });
  else {
    context.io.out(done.length === 0 ? 'No changes.' : `${counted(done.length, 'change')} made.`);
    context.io.out(`For factorwatch.yaml:  ingest: { endpoint: ${rule.endpoint ?? '?'}, dcr_id: ${rule.immutableId ?? '?'} }`);
  }
  return ExitCode.done;
}

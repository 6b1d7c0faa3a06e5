import { FactorwatchError } from '../../core/errors.ts';
import { closeFinding } from '../../pipeline/close-finding.ts';
import { currentFindings } from '../../pipeline/current-findings.ts';
import type { CommandContext } from '../context.ts';
import { closeDeps } from '../findings/close-deps.ts';
import type { HeldState } from '../run/held-states.ts';
import { warn } from '../warn.ts';
import type { AllowSetting } from './entries.ts';
import { readFeedbackLine } from './feedback-line.ts';

/** Closes the findings that lists of verdicts name and that have no verdict yet, as `findings close` does; gives how many. `held`: states that are locked already. */
export async function applyFeedback(
  settings: readonly AllowSetting[],
  context: CommandContext,
  held: ReadonlyMap<string, HeldState>,
): Promise<number> {
  const nowMs = context.clock();
  const feedback = settings
    .filter(({ kind, untilMs }) => kind === 'verdict' && (untilMs === undefined || untilMs > nowMs))
    .map((setting) => ({ ...readFeedbackLine(setting.value, setting.source), setting }));
  if (feedback.length === 0) return 0;
  const deps = await closeDeps(context, held);
  const findings = await currentFindings(deps.workspace, context.signal);
  let closed = 0;
  for (const { id, verdict, setting } of feedback) {
    const named = findings.filter((row) => row.EventUid.startsWith(id));
    if (named.length !== 1) {
      const what = named.length === 0 ? 'there is no finding' : `${named.length} findings begin with`;
      warn(context, `${setting.source}: ${what} ${id}`);
      continue;
    }
    const [row] = named;
    if (row!.AlertVerdict !== 'Unknown') continue;
    try {
      await closeFinding(row!, { verdict, by: setting.source, comment: setting.reason }, deps);
      closed += 1;
    } catch (error) {
      // The others, and the run, go on; the row is in rejected/, and the next run tries again.
      if (!(error instanceof FactorwatchError) || error.code !== 'close-refused') throw error;
      warn(context, `${setting.source}: ${error.message}`);
    }
  }
  return closed;
}

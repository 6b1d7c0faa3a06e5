import { ExitCode } from '../../core/errors.ts';
import type { CommandContext } from '../context.ts';
import { tableText, tableWidth } from '../table.ts';
import { configuredSettings } from './allow-list.ts';
import { settingJson } from './try-entries.ts';

/** `allow list`: every entry of the configuration, its files and watchlists, with where it stands and until when it holds. */
export async function listEntries(context: CommandContext): Promise<number> {
  const { io, clock } = context;
  const settings = await configuredSettings(context);
  const isOver = (untilMs: number | undefined) => untilMs !== undefined && untilMs <= clock();
  if (context.json) {
    io.json(settings.map((setting) => ({ ...settingJson(setting), expired: isOver(setting.untilMs) })));
    return ExitCode.done;
  }
  if (settings.length === 0) {
    io.out('No allow-list entries: factorwatch.yaml has no allow_lists.');
    return ExitCode.done;
  }
  const rows = settings.map(({ kind, value, untilMs, reason, source }) => [
    kind,
    value,
    untilMs === undefined ? '' : `${new Date(untilMs).toISOString().slice(0, 16).replace('T', ' ')}${isOver(untilMs) ? ' expired' : ''}`,
    source,
    reason,
  ]);
  io.out(
    tableText(
      [
        { title: 'KIND' },
        { title: 'ENTRY', overflow: 'cut' },
        { title: 'UNTIL' },
        { title: 'FROM', overflow: 'cut' },
        { title: 'REASON', overflow: 'cut' },
      ],
      rows,
      { columns: tableWidth(io), color: io.color },
    ),
  );
  return ExitCode.done;
}

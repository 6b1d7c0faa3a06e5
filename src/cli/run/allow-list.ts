import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { kqlString } from '../../findings/kql-literal.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import type { AllowEntry, AllowList } from '../../scoring/engine-api.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Config, AllowList as ListSettings } from '../config/config.ts';

const KINDS = {
  'egress-range': 'egress',
  'named-location': 'namedLocations',
  'service-account': 'serviceAccounts',
} as const satisfies Record<ListSettings['kind'], keyof AllowList>;

/** What the operator vouches for, from the configuration, its files and watchlists. */
export async function loadAllowList(config: Config, workspace: Workspace): Promise<AllowList> {
  const entries: Record<(typeof KINDS)[keyof typeof KINDS], AllowEntry[]> = { egress: [], namedLocations: [], serviceAccounts: [] };
  for (const list of config.allow_lists) {
    const untilMs = list.until === undefined ? undefined : Date.parse(list.until);
    for (const value of await valuesOf(list, config, workspace)) entries[KINDS[list.kind]].push({ value, untilMs });
  }
  return entries;
}

async function valuesOf(list: ListSettings, config: Config, workspace: Workspace): Promise<readonly string[]> {
  if (list.values !== undefined) return list.values;
  if (list.watchlist !== undefined) {
    const rows = await queryRows(workspace, {
      kql: `_GetWatchlist(${kqlString(list.watchlist)}) | project SearchKey`,
      file: `watchlist ${list.watchlist}`,
    });
    return rows.map((row) => row.text('SearchKey')).filter((value) => value !== '');
  }
  const file = resolve(dirname(config.file ?? '.'), list.file ?? '');
  try {
    // One entry a line; # begins a comment.
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line !== '');
  } catch (cause) {
    throw new FactorwatchError('allow-list-missing', `cannot read the allow-list ${list.file}: ${(cause as Error).message}`, {
      exitCode: ExitCode.noInput,
      where: { file: config.file },
      cause,
    });
  }
}

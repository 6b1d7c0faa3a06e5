import { dirname } from 'node:path';
import type { AllowEntry, AllowList } from '../../scoring/engine-api.ts';
import type { AllowKind } from '../config/allow-schema.ts';
import type { CommandContext } from '../context.ts';
import { warn } from '../warn.ts';
import { type AllowSetting, settingsOf } from './entries.ts';

/** What each kind is to the engine. A verdict closes its finding and is no part of an allow-list. */
const LISTS = {
  'egress-range': 'egress',
  'named-location': 'namedLocations',
  'service-account': 'serviceAccounts',
  user: 'users',
  'shared-target': 'phoneTargets',
  'break-glass': 'breakGlass',
} as const satisfies Record<Exclude<AllowKind, 'verdict'>, keyof AllowList>;

/** Everything that the configuration vouches for, from its values, files and watchlists. */
export async function configuredSettings(context: CommandContext): Promise<readonly AllowSetting[]> {
  const config = await context.config();
  return settingsOf(config.allow_lists, {
    folder: config.file === undefined ? context.cwd : dirname(config.file),
    name: 'factorwatch.yaml',
    workspace: () => context.openWorkspace(),
    warn: (text) => warn(context, text),
  });
}

export function allowListOf(settings: readonly AllowSetting[]): AllowList {
  const entries: Record<(typeof LISTS)[keyof typeof LISTS], AllowEntry[]> = {
    egress: [],
    namedLocations: [],
    serviceAccounts: [],
    users: [],
    phoneTargets: [],
    breakGlass: [],
  };
  for (const { kind, value, untilMs } of settings) if (kind !== 'verdict') entries[LISTS[kind]].push({ value, untilMs });
  return entries;
}

/** One line for each list or line whose time is over: it still explains what happened before, and nothing since. */
export function expiryWarnings(settings: readonly AllowSetting[], nowMs: number): readonly string[] {
  const over = settings.filter(({ untilMs }) => untilMs !== undefined && untilMs <= nowMs);
  const groups = new Map<string, AllowSetting[]>();
  for (const setting of over) {
    const key = `${setting.kind} of ${setting.source.replace(/:\d+$/, '')}`;
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return [...groups].map(([name, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    const since = new Date(first!.untilMs!).toISOString().slice(0, 10);
    return `allow-list entry expired: ${first!.value}${others} (${name}, until ${since}); give a new time or remove it`;
  });
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { msFromTicks, ticksFromIso } from '../../core/ticks.ts';
import { kqlString } from '../../findings/kql-literal.ts';
import { WATCHLIST_COLUMNS } from '../../kql/watchlists.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import { vouchedRange } from '../../scoring/address-range.ts';
import { sharedTarget } from '../../scoring/shared-target.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { AllowKind, AllowListSettings } from '../config/allow-schema.ts';
import { whyUnreadable } from '../file-fault.ts';
import { readFeedbackLine } from './feedback-line.ts';

/** One thing that the operator vouches for, wherever it was written down. */
export interface AllowSetting {
  readonly kind: AllowKind;
  readonly value: string;
  /** Unix ms; it holds for events before that. */
  readonly untilMs: number | undefined;
  readonly reason: string;
  /** As a user knows it: factorwatch.yaml, vpn.txt:3, watchlist Egress. */
  readonly source: string;
}

/** Where lists are read from: the folder that their files are relative to. */
export interface ListPlace {
  readonly folder: string;
  /** Name of the file that holds the lists. */
  readonly name: string;
  /** Opened only where a list is a watchlist. */
  readonly workspace: () => Promise<Workspace>;
  /** Told of a row of a watchlist that is left out. */
  readonly warn: (text: string) => void;
}

/** Every entry of some lists. Their own `until` and `reason` hold where an entry has none. */
export async function settingsOf(lists: readonly AllowListSettings[], place: ListPlace): Promise<readonly AllowSetting[]> {
  const settings: AllowSetting[] = [];
  for (const list of lists) {
    const untilMs = list.until === undefined ? undefined : Date.parse(list.until);
    const whole = { kind: list.kind, untilMs, reason: list.reason ?? '' };
    if (list.values !== undefined) settings.push(...list.values.map((value) => ({ ...whole, value, source: place.name })));
    else if (list.watchlist !== undefined) settings.push(...(await ofWatchlist(list.watchlist, whole, place)));
    else settings.push(...ofFile(list.file!, whole, place));
  }
  return settings;
}

type Whole = Omit<AllowSetting, 'value' | 'source'>;

/** Columns of a watchlist that may say until when, why and, of a finding, what it was; the first that is there and filled. */
const UNTIL = ['Until', 'ExpiresAt', 'Expires'];
const REASON = ['Reason', 'Comment', 'Notes'];

/** What a value must be, where that can be told before it is used. */
const READABLE: { readonly [K in AllowKind]?: (value: string, source: string) => unknown } = {
  'egress-range': vouchedRange,
  'shared-target': sharedTarget,
  verdict: readFeedbackLine,
};

/**
 * A slip in a file of the configuration is the operator's, who is there to mend it; one row of a watchlist, which any analyst writes, must not stop all
 * detection. It is left out and told: an entry that nobody can read excuses nothing.
 */
async function ofWatchlist(alias: string, whole: Whole, place: ListPlace): Promise<readonly AllowSetting[]> {
  const workspace = await place.workspace();
  const source = `watchlist ${alias}`;
  const request = { kql: `_GetWatchlist(${kqlString(alias)})`, file: source };
  const rows = await queryRows(workspace, request);
  // The service answers no rows for a list that does not exist; here it can be told apart, and a misspelled alias must not go unseen.
  if (rows.length === 0 && workspace.kind === 'embedded' && (await workspace.check(request)).length === WATCHLIST_COLUMNS.length)
    throw new FactorwatchError('allow-list-missing', `there is no watchlist '${alias}'`, {
      exitCode: ExitCode.noInput,
      hint: `fill it with \`factorwatch import --watchlist ${alias} FILE.csv\``,
    });
  return rows.flatMap((row) => {
    const filled = (names: readonly string[]) => names.map((name) => row.text(name).trim()).find((text) => text !== '');
    const key = row.text('SearchKey').trim();
    if (key === '') return [];
    const until = filled(UNTIL);
    const value = whole.kind === 'verdict' ? `${key} ${filled(['Verdict']) ?? ''}`.trim() : key;
    try {
      READABLE[whole.kind]?.(value, source);
      const untilMs = until === undefined ? whole.untilMs : timeOf(until, { file: source });
      return [{ ...whole, value, untilMs, reason: filled(REASON) ?? whole.reason, source }];
    } catch (error) {
      if (!(error instanceof FactorwatchError)) throw error;
      place.warn(`${source}: ${error.message}; the row is left out. ${error.hint ?? ''}`.trim());
      return [];
    }
  });
}

function ofFile(file: string, whole: Whole, { folder, name }: ListPlace): readonly AllowSetting[] {
  const path = resolve(folder, file);
  try {
    return ofLines(readFileSync(path, 'utf8'), file, () => whole);
  } catch (cause) {
    if (cause instanceof FactorwatchError) throw cause;
    throw missing(file, cause, name);
  }
}

export function missing(file: string, cause: unknown, where: string | undefined): FactorwatchError {
  return new FactorwatchError('allow-list-missing', `cannot read the allow-list ${file}: ${whyUnreadable(cause)}`, {
    exitCode: ExitCode.noInput,
    where: { file: where },
    cause,
  });
}

/** One entry a line: `VALUE`, `VALUE until TIME`; what follows # at the start or after a blank is the reason (`#EXT#` of a guest is part of the name). */
export function ofLines(text: string, file: string, wholeOf: (value: string, line: number) => Whole): readonly AllowSetting[] {
  return text.split('\n').flatMap((raw, at) => {
    const [, entry = '', reason = ''] = /^(.*?)(?:(?:^|\s)#\s*(.*))?$/.exec(raw.trim()) ?? [];
    const [, value = '', until] = /^(.*?)(?:\s+until\s+(\S+))?$/i.exec(entry.trim()) ?? [];
    if (value === '') return [];
    const whole = wholeOf(value, at + 1);
    const untilMs = until === undefined ? whole.untilMs : timeOf(until, { file, line: at + 1 });
    return [{ ...whole, value, untilMs, reason: reason.trim() || whole.reason, source: `${file}:${at + 1}` }];
  });
}

/** UTC where the text names no zone. */
function timeOf(text: string, where: { readonly file: string; readonly line?: number }): number {
  const ticks = ticksFromIso(text);
  if (ticks !== undefined) return msFromTicks(ticks);
  throw new FactorwatchError('allow-list-invalid', `"${text.slice(0, 60)}" is not a time; write one like 2026-12-31T00:00:00Z`, {
    exitCode: ExitCode.invalid,
    where,
  });
}

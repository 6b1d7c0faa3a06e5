import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { msFromTicks, ticksFromIso } from '../core/ticks.ts';
import { SEVERITIES, type Severity } from '../findings/severity.ts';
import type { Labels } from '../simulate/labels.ts';

/** A planted attack as evaluation needs it; times in Unix ms, NaN where the file has none. */
export interface Incident {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly userIds: readonly string[];
  readonly upns: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly registrationMs: number;
  readonly registrationIds: readonly string[];
  readonly mustDetect: boolean;
  readonly minSeverity: Severity;
}

/** A benign event that looks like an attack. */
export interface Decoy {
  readonly kind: string;
  readonly userIds: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly registrationIds: readonly string[];
}

export interface Truth {
  readonly users: number;
  readonly weeks: number;
  /** End of the logs, Unix ms. */
  readonly endMs: number;
  readonly incidents: readonly Incident[];
  readonly decoys: readonly Decoy[];
}

type Loose<T> = { readonly [K in keyof T]?: unknown };

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const text = (value: unknown, other = ''): string => (typeof value === 'string' ? value : other);
/** Unix ms, UTC where no zone is given; NaN where it is no time. */
const time = (value: unknown): number => {
  const ticks = typeof value === 'string' ? ticksFromIso(value) : undefined;
  return ticks === undefined ? Number.NaN : msFromTicks(ticks);
};
const lower = (value: unknown) => texts(value).map((item) => item.toLowerCase());
const records = (value: unknown): readonly Loose<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];

/** Reads labels.json, as `simulate` writes it. Whatever may be missing is taken as not known; FactorwatchError labels-unusable where nothing can be judged. */
export function readLabels(json: unknown): Truth {
  const refuse = (why: string, hint: string): never => {
    throw new FactorwatchError('labels-unusable', `labels.json ${why}`, { exitCode: ExitCode.nothingUsable, hint });
  };
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('is not an object', 'It holds start, end, users, incidents and decoys; factorwatch simulate writes one');
  const labels = json as Loose<Labels>;
  if (!Array.isArray(labels.incidents)) return refuse('has no incidents', 'incidents is an array, empty where nothing was planted');
  const days = (time(labels.end) - time(labels.start)) / 86_400_000;
  if (!(days > 0)) return refuse('has no start and end', 'ISO 8601 times between which the logs lie');
  const users = Number(labels.users);
  if (!(users > 0)) return refuse('has no number of users', 'users is how many people the tenant has');
  const incidents = records(labels.incidents).map((item, at): Incident => {
    const registrationIds = texts(item['registration_event_ids']);
    const startMs = time(item['start']);
    const endMs = time(item['end']);
    const severity = text(item['min_severity'], 'Medium');
    return {
      id: text(item['id'], `incident-${at + 1}`),
      scenario: text(item['scenario'], 'unknown'),
      variant: text(item['variant']),
      userIds: lower(item['user_ids']),
      upns: lower(item['upns']),
      startMs: Number.isNaN(startMs) ? time(item['registration_time']) : startMs,
      endMs: Number.isNaN(endMs) ? time(item['registration_time']) : endMs,
      registrationMs: time(item['registration_time']),
      registrationIds,
      mustDetect:
        typeof item['must_detect'] === 'boolean' ? item['must_detect'] : registrationIds.length > 0 || item['registration_time'] != null,
      minSeverity: (SEVERITIES as readonly string[]).includes(severity) ? (severity as Severity) : 'Medium',
    };
  });
  const decoys = records(labels.decoys).map(
    (item): Decoy => ({
      kind: text(item['kind'], 'unknown'),
      userIds: lower(item['user_ids']),
      startMs: time(item['start']),
      endMs: time(item['end']),
      registrationIds: texts(item['registration_event_ids']),
    }),
  );
  return { users, weeks: days / 7, endMs: time(labels.end), incidents, decoys };
}

/** Several tenants as one: users are added up, and weeks so that user-weeks are. */
export function joinTruths(truths: readonly Truth[]): Truth {
  const users = truths.reduce((sum, truth) => sum + truth.users, 0);
  return {
    users,
    weeks: truths.reduce((sum, truth) => sum + truth.users * truth.weeks, 0) / users,
    endMs: Math.max(...truths.map(({ endMs }) => endMs)),
    incidents: truths.flatMap(({ incidents }) => incidents),
    decoys: truths.flatMap(({ decoys }) => decoys),
  };
}

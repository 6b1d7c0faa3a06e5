import { Cron } from 'croner';
import { z } from 'zod';
import { TICKS_PER_DAY, TICKS_PER_MINUTE, type Ticks } from '../core/ticks.ts';
import { unknownKeys } from '../core/yaml-text.ts';
import { durationTicks } from './duration.ts';

function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) });
}

const DURATION_TEXT = 'must be a duration like 10m, 1h, 30d or P30D';

function duration({ least = 0n, most }: { readonly least?: Ticks; readonly most: { readonly ticks: Ticks; readonly text: string } }) {
  return z.string(DURATION_TEXT).transform((text, check): Ticks => {
    const ticks = durationTicks(text);
    const message =
      ticks === undefined
        ? DURATION_TEXT
        : ticks < least
          ? `"${text}" is too short`
          : ticks > most.ticks
            ? `"${text}" is more than ${most.text}`
            : undefined;
    if (message !== undefined) check.addIssue({ code: 'custom', message });
    return ticks ?? 0n;
  });
}

const name = z
  .string('must be text')
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, because files and rows are named by it');

const days = (count: bigint) => ({ ticks: count * TICKS_PER_DAY, text: `${count} days` });

const cron = z.string('must be a cron expression').refine((text) => {
  try {
    return text.trim().split(/\s+/).length === 5 && new Cron(text, { paused: true, timezone: 'UTC' }) !== undefined;
  } catch {
    return false;
  }
}, 'must be a cron expression of five fields, in UTC, e.g. */10 * * * *');

const query = object({
  name,
  /** Relative to the folder of queries. */
  file: z.string('must be a file name').regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.kql$/, 'must be the name of a .kql file in queries/'),
  table: z.enum(['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'AADUserRiskEvents', 'IdentityInfo'], {
    error: 'must be SigninLogs, AADNonInteractiveUserSignInLogs, AuditLogs, AADUserRiskEvents or IdentityInfo',
  }),
  kind: z.enum(['sign-in', 'audit', 'risk', 'identity'], { error: 'must be sign-in, audit, risk or identity' }),
});

const detector = object({ enabled: z.boolean('must be true or false').default(true) }).catchall(z.number('a parameter is a number'));

const shape = {
  name,
  description: z.string('must be text').default(''),
  schedule: cron.default('*/10 * * * *'),
  window: duration({ least: TICKS_PER_MINUTE, most: days(1n) }).default(10n * TICKS_PER_MINUTE),
  delay: duration({ most: days(7n) }).default(5n * TICKS_PER_MINUTE),
  lateness: duration({ most: days(1n) }).default(15n * TICKS_PER_MINUTE),
  history: duration({ most: days(730n) }).default(30n * TICKS_PER_DAY),
  queries: z.array(query, 'must be a list of queries').min(1, 'must name at least one query'),
  detectors: z.record(z.string(), detector, 'must be detector ids with their parameters').default({}),
  /** Findings that an analyst reads a day; more than that are marked, none is dropped. */
  findings_per_day: z.number('must be a number').positive('must be more than 0').optional(),
  outputs: object({
    findings: z.literal('FactorFindings_CL', 'must be FactorFindings_CL').default('FactorFindings_CL'),
    runs: z.literal('FactorRuns_CL', 'must be FactorRuns_CL').default('FactorRuns_CL'),
  }).default({ findings: 'FactorFindings_CL', runs: 'FactorRuns_CL' }),
};

/** `pipelines/*.yaml`. */
export const pipelineSchema = object(shape);
export type PipelineSettings = z.output<typeof pipelineSchema>;

import { z } from 'zod';
import { unknownKeys } from '../../core/yaml-text.ts';

/** What an entry of an allow-list may name; `verdict` is what an analyst said of a finding. */
export const ALLOW_KINDS = [
  'egress-range',
  'named-location',
  'service-account',
  'user',
  'shared-target',
  'break-glass',
  'verdict',
] as const;
export type AllowKind = (typeof ALLOW_KINDS)[number];

const text = z.string('must be text').min(1, 'must not be empty');
const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'must be a time like 2026-12-31T00:00:00Z' });
const shape = {
  kind: z.enum(ALLOW_KINDS, { error: `must be ${ALLOW_KINDS.slice(0, -1).join(', ')} or ${ALLOW_KINDS.at(-1)}` }),
  values: z.array(text).min(1, 'must not be empty').optional(),
  file: text.optional(),
  watchlist: text.optional(),
  until: time.optional(),
  reason: text.optional(),
};

/** Entries that explain a source or account; exactly one of values, file and watchlist says which. */
export const allowListSchema = z
  .strictObject(shape, { error: unknownKeys(Object.keys(shape)) })
  .refine((list) => [list.values, list.file, list.watchlist].filter((source) => source !== undefined).length === 1, {
    error: 'must have exactly one of values, file, watchlist',
  });
export type AllowListSettings = z.output<typeof allowListSchema>;

/** A file of its own: a list, or the same below allow_lists as in factorwatch.yaml. */
const fileShape = { allow_lists: z.array(allowListSchema) };
export const allowFileSchema = z.preprocess(
  (value) => (Array.isArray(value) ? { allow_lists: value as unknown } : value),
  z.strictObject(fileShape, { error: unknownKeys(Object.keys(fileShape)) }),
);

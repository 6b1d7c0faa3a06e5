import { z } from 'zod';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { FAULT_ENDPOINTS, type FaultRow } from './faults.ts';

const count = z.int().min(0);
const fault = z.union([
  z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), retryAfter: count.optional() }),
  z.strictObject({ kind: z.literal('cut'), afterBytes: count }),
  z.strictObject({ kind: z.literal('partial'), rows: count }),
  z.strictObject({ kind: z.literal('slow'), delayMs: count }),
  z.strictObject({ kind: z.literal('visible-after'), delayMs: count }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('lost-answer') }),
  z.strictObject({ kind: z.literal('no-content') }),
  z.strictObject({ kind: z.literal('empty') }),
  z.strictObject({ kind: z.literal('reversed') }),
]);
const rows = z.array(
  z.strictObject({
    on: z.enum(FAULT_ENDPOINTS),
    calls: z.array(z.int().min(1)).optional(),
    every: z.int().min(1).optional(),
    fault,
  }),
);

/** Reads the rows of `serve --faults FILE`: a JSON array of FaultRow. */
export function faultRows(text: string, file: string): readonly FaultRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FactorwatchError('invalid-faults', `${file} is not JSON`, { exitCode: ExitCode.invalid, where: { file }, cause });
  }
  const read = rows.safeParse(value);
  if (!read.success) {
    throw new FactorwatchError('invalid-faults', `${file}: ${z.prettifyError(read.error)}`, {
      exitCode: ExitCode.invalid,
      where: { file },
    });
  }
  return read.data;
}

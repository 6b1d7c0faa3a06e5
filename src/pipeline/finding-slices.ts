import { splitUsers } from '../findings/user-parts.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import { type Slice, sliceRows } from './outbox.ts';
import { type RunIdentity, userPartRow } from './run-records.ts';

/** Findings as slices for a workspace, which takes no field over 64 kB: a long list of users goes in parts. */
export function findingSlices(rows: readonly FindingRow[], identity: RunIdentity, nowMs: number): readonly Slice[] {
  const split = rows.map(splitUsers);
  const parts = split.flatMap((each) => each.parts.map((part) => userPartRow(identity, nowMs, part)));
  return [
    ...sliceRows(
      FACTOR_FINDINGS.stream,
      split.map(({ row }) => row),
    ),
    ...sliceRows(FACTOR_RUNS.stream, parts),
  ];
}

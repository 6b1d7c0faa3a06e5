import { msFromTicks, type Ticks } from '../../core/ticks.ts';
import { isAtLeast, type Severity } from '../../findings/severity.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import { usageError } from '../usage-error.ts';

export interface Filters {
  readonly severity?: string | undefined;
  readonly status?: string | undefined;
  readonly since?: Ticks | undefined;
}

/** The findings that a list shows. */
export function filtered(rows: readonly FindingRow[], { severity, status, since }: Filters): readonly FindingRow[] {
  return rows.filter(
    (row) =>
      (severity === undefined || isAtLeast(row.EventSeverity, severity as Severity)) &&
      (status === undefined || row.AlertStatus === status) &&
      (since === undefined || Date.parse(row.EventStartTime ?? '') >= msFromTicks(since)),
  );
}

/** The finding that an id or the beginning of one names. */
export function findingOf(rows: readonly FindingRow[], id: string | undefined): FindingRow {
  if (id === undefined) throw usageError('which finding? Give its id or the first 8 digits of it', 'factorwatch findings list');
  if (!/^[0-9a-f]{8,64}$/i.test(id)) throw usageError(`"${id}" is not an id of a finding: 8 to 64 hex digits`, 'factorwatch findings list');
  const found = rows.filter((row) => row.EventUid.startsWith(id.toLowerCase()));
  if (found.length === 0) throw usageError(`there is no finding ${id}`, 'factorwatch findings list');
  if (found.length > 1) throw usageError(`${id} is the beginning of ${found.length} findings: give more digits`);
  return found[0]!;
}

import { createHash } from 'node:crypto';
import type { UnitKind } from '../scoring/judgement.ts';

/** What a finding is about; its identity over all revisions and runs. */
export interface UnitKey {
  readonly tenantId: string;
  readonly kind: UnitKind;
  readonly subject: string;
  readonly anchor: string;
}

/** EventUid: hex SHA-256 of scope, unit kind, subject and anchor, joined by newlines. */
export function eventUid({ tenantId, kind, subject, anchor }: UnitKey): string {
  return createHash('sha256').update([tenantId, kind, subject, anchor].join('\n')).digest('hex');
}

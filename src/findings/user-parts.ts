import type { FindingRow } from '../schema/factor-findings.ts';
import type { JsonValue } from '../schema/output-table.ts';
import { fieldsOf } from './finding-row.ts';
import { jsonBytes } from './text.ts';

/** Log Analytics cuts a field at 64 kB, in the middle of its JSON. */
const MOST_BYTES = 60_000;

/** Users of a finding that did not fit into its row; they are written beside it, to FactorRuns_CL. */
export interface UserPart {
  readonly EventUid: string;
  readonly FindingRevision: number;
  /** From 1. */
  readonly Part: number;
  readonly Parts: number;
  readonly Users: readonly JsonValue[];
}

/**
 * A finding as Log Analytics can take it: the first users in its row, UsersCut saying how many more there are, and these as parts. A second row of
 * the finding would be another finding or another revision, and columns for it would end at some number of users; parts do not.
 */
export function splitUsers(row: FindingRow): { readonly row: FindingRow; readonly parts: readonly UserPart[] } {
  const fields = fieldsOf(row);
  const users = fields['Users'];
  if (!Array.isArray(users) || jsonBytes(fields) <= MOST_BYTES) return { row, parts: [] };
  // 64 bytes: UsersCut itself.
  const room = MOST_BYTES - jsonBytes({ ...fields, Users: [] }) - 64;
  const [first = [], ...rest] = chunks(users, (at) => (at === 0 ? room : MOST_BYTES - 200));
  const parts = rest.map((chunk, at) => ({
    EventUid: row.EventUid,
    FindingRevision: row.FindingRevision ?? 0,
    Part: at + 1,
    Parts: rest.length,
    Users: chunk,
  }));
  return { row: { ...row, AdditionalFields: { ...fields, Users: first, UsersCut: users.length - first.length } }, parts };
}

/** Consecutive pieces of a list, each as long as its room in bytes allows and of one item at least. */
function chunks(items: readonly JsonValue[], roomOf: (chunk: number) => number): JsonValue[][] {
  const made: JsonValue[][] = [];
  let left = 0;
  for (const item of items) {
    const bytes = jsonBytes(item) + 1;
    if (made.length === 0 || left < bytes) left = roomOf(made.push([]) - 1);
    made.at(-1)!.push(item);
    left -= bytes;
  }
  return made;
}

/** The row whole again. Parts that are not there yet stay counted in UsersCut. */
export function joinUsers(row: FindingRow, parts: readonly UserPart[]): FindingRow {
  const { UsersCut, ...fields } = fieldsOf(row);
  if (typeof UsersCut !== 'number' || !Array.isArray(fields['Users'])) return row;
  // A part may have been written twice.
  const mine = new Map(
    parts.filter((part) => part.EventUid === row.EventUid && part.FindingRevision === row.FindingRevision).map((part) => [part.Part, part]),
  );
  const more = [...mine.values()].sort((a, b) => a.Part - b.Part).flatMap(({ Users }) => Users);
  const missing = UsersCut - more.length;
  const Users = [...(fields['Users'] as JsonValue[]), ...more];
  return { ...row, AdditionalFields: { ...fields, Users, ...(missing > 0 ? { UsersCut: missing } : {}) } };
}

import { isUnknownOperation } from '../../events/audit/operations.ts';
import { type ColumnBatch, entryText, textAt } from '../../events/column-batch.ts';
import { tellsApart } from '../../events/dictionary.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';

/** What the rows that were added can and cannot say, whatever is judged of them. */
export interface Covered extends Kept {
  signIns: number;
  audits: number;
  /** Sign-ins and audit records that name no tenant, and the tenants that others name, in lower case. */
  tenantless: number;
  tenants: string[];
  /** Sign-ins and audit records without an Id, or with a mask in its place. */
  nameless: number;
  /** Event time of the first sign-in, Unix ms; 0 before there is one. */
  firstSignInMs: number;
  /** Changes of methods by names of operations that are not known here, and how many rows of them there were. */
  unknown: Record<string, number>;
}

const MAX_TENANTS = 8;
const MAX_UNKNOWN = 8;
const MAX_NAME = 100;

const none = (): Covered => ({
  touchedMs: 0,
  signIns: 0,
  audits: 0,
  tenantless: 0,
  tenants: [],
  nameless: 0,
  firstSignInMs: 0,
  unknown: {},
});

/** Counts rows as they are added: what would otherwise be missed without a word shows in it. Memory: one line. */
export class Coverage {
  readonly #table: ObjectTable<Covered>;

  constructor(table: ObjectTable<Covered>) {
    this.#table = table;
  }

  get now(): Readonly<Covered> {
    return this.#table.get('rows') ?? none();
  }

  note(batch: ColumnBatch): void {
    if (batch.rows === 0 || (batch.kind !== 'sign-in' && batch.kind !== 'audit')) return;
    const covered = this.#table.edit('rows', none);
    noteTenants(covered, batch);
    covered.nameless += nameless(batch);
    if (batch.kind === 'sign-in') noteSignIns(covered, batch);
    else noteAudits(covered, batch);
  }
}

function noteTenants(covered: Covered, { strings, rows }: ColumnBatch): void {
  const tenant = strings.get('TenantId');
  const names = Array.from({ length: tenant?.size ?? 0 }, (_, entry) => entryText(tenant!, entry).toLowerCase());
  const used = new Uint8Array(names.length);
  for (let row = 0; row < rows; row++) {
    const entry = tenant?.indices[row] ?? -1;
    if (entry < 0 || names[entry] === '') covered.tenantless++;
    else used[entry] = 1;
  }
  const found = names.filter((name, entry) => used[entry] === 1 && name !== '');
  // In order of the alphabet: which batch had them first is chance.
  covered.tenants = [...new Set([...covered.tenants, ...found])].sort().slice(0, MAX_TENANTS);
}

function nameless({ strings, rows }: ColumnBatch): number {
  const id = strings.get('Id');
  if (id === undefined) return rows;
  // As many texts as rows: each has its own.
  if (id.size >= rows && id.indices.every((entry) => entry >= 0)) return 0;
  const telling = Array.from({ length: id.size }, (_, entry) => tellsApart(id, entry));
  let count = 0;
  for (let row = 0; row < rows; row++) if (id.indices[row]! < 0 || !telling[id.indices[row]!]) count++;
  return count;
}

function noteSignIns(covered: Covered, { numbers, rows }: ColumnBatch): void {
  covered.signIns += rows;
  let first = Number.POSITIVE_INFINITY;
  const times = numbers.get('EventTime');
  // An iterator would make an object of each time.
  for (let row = 0; times !== undefined && row < rows; row++) if (times[row]! < first) first = times[row]!;
  if (first !== Number.POSITIVE_INFINITY)
    covered.firstSignInMs = covered.firstSignInMs === 0 ? first : Math.min(first, covered.firstSignInMs);
}

function noteAudits(covered: Covered, batch: ColumnBatch): void {
  covered.audits += batch.rows;
  for (let row = 0; row < batch.rows; row++) {
    const name = textAt(batch, 'OperationName', row);
    if (!isUnknownOperation(textAt(batch, 'LoggedByService', row), name)) continue;
    const key = name.slice(0, MAX_NAME);
    if (!Object.hasOwn(covered.unknown, key) && Object.keys(covered.unknown).length >= MAX_UNKNOWN) continue;
    covered.unknown[key] = (covered.unknown[key] ?? 0) + 1;
  }
}

import { type Answer, ask, type Row } from './api.ts';
import { counted, number, text } from './format.ts';
import { QUERIES } from './kql.ts';

export const SEVERITIES = ['High', 'Medium', 'Low'] as const;
export type Severity = (typeof SEVERITIES)[number];

let latest: Promise<Answer> | undefined;

/** All current findings, newest first; asked once until the page is refreshed. */
export function findings(): Promise<Answer> {
  latest ??= ask(QUERIES.findings).catch((error: unknown) => {
    latest = undefined;
    throw error;
  });
  return latest;
}
export function forgetFindings(): void {
  latest = undefined;
}

export const isOpen = (row: Row) => text(row['AlertStatus']) !== 'Closed';

/** Whom a finding is about, in a cell. */
export function who(row: Row): string {
  const name = text(row['Username']) || text(row['UserId']);
  const users = number(row['Users']);
  return name !== '' ? name : users > 0 ? counted(users, 'user') : '–';
}

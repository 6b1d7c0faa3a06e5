import { browser } from './browser.ts';

/** An answer with each row as an object; dynamic cells are parsed. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
  /** Why it is not whole. */
  readonly partial: string | undefined;
  readonly seconds: number | undefined;
}
export type Row = Readonly<Record<string, unknown>>;

/** A query that was refused or failed, in the server's words. */
export class QueryFailure extends Error {
  readonly status: number;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(status: number, message: string, place: { line?: number; pos?: number } = {}) {
    super(message);
    this.status = status;
    this.line = place.line;
    this.column = place.pos;
  }
}

interface WireError {
  readonly message?: string;
  readonly innererror?: { readonly message?: string; readonly innererror?: { readonly line?: number; readonly pos?: number } };
  readonly details?: readonly { readonly innererror?: { readonly message?: string } }[];
}
interface WireAnswer {
  readonly tables?: readonly { readonly columns: Answer['columns']; readonly rows: readonly (readonly unknown[])[] }[];
  readonly statistics?: { readonly query?: { readonly executionTime?: number } };
  readonly error?: WireError;
}

const PATH = '/v1/workspaces/00000000-0000-0000-0000-000000000000/query';
const KEPT = 'factorwatch-token';

/** The token that the page came with; where the server wants one of its own, what the user typed. */
export function token(): string {
  const given = browser.document.querySelector('meta[name="factorwatch-token"]')?.getAttribute('content') ?? '';
  return given !== '' ? given : (browser.sessionStorage.getItem(KEPT) ?? '');
}
export function keepToken(value: string): void {
  if (value === '') browser.sessionStorage.removeItem(KEPT);
  else browser.sessionStorage.setItem(KEPT, value);
}

function parsed(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

/** JSON with whole numbers of more than 15 digits as texts: JavaScript would round them. */
export function withExactNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

/** Asks the query API, the same way as any other client does. */
export async function ask(query: string, timespan?: string): Promise<Answer> {
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json', prefer: 'include-statistics=true' },
    body: JSON.stringify({ query, ...(timespan !== undefined && { timespan }) }),
  });
  const text = await response.text();
  const body = (text === '' ? {} : parsed(withExactNumbers(text))) as WireAnswer;
  if (!response.ok) {
    const inner = body.error?.innererror;
    throw new QueryFailure(response.status, inner?.message ?? body.error?.message ?? `status ${response.status}`, inner?.innererror);
  }
  const [table] = body.tables ?? [];
  const columns = table?.columns ?? [];
  const rows = (table?.rows ?? []).map((cells) => {
    const row: Record<string, unknown> = Object.create(null);
    columns.forEach(({ name, type }, i) => {
      row[name] = type === 'dynamic' ? parsed(cells[i]) : cells[i];
    });
    return row;
  });
  const partial = body.error && (body.error.details?.[0]?.innererror?.message ?? body.error.message ?? 'The answer is not whole.');
  return { columns, rows, partial, seconds: body.statistics?.query?.executionTime };
}

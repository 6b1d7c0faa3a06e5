import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DAY_MS } from '../core/durations.ts';
import { parsedStrings } from '../core/json-strings.ts';
import { datetimeParameter, type KqlParameters } from '../core/kql-types.ts';
import { ticksFromMs } from '../core/ticks.ts';
import {
  type AddressRow,
  type Ask,
  chooseFacts,
  type Enrichment,
  type IdentityRow,
  LOOK_BACK_DAYS,
  type MethodRow,
} from '../findings/enrichment.ts';
import type { Judgement } from '../scoring/judgement.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type NamedRow, queryRows } from './query-rows.ts';

/** Users of one question: enough that a run asks few, few enough that no answer is cut. */
const USERS_A_QUERY = 50;
const MOST_ROWS = 500_000;

const TABLES = { identity: 'IdentityInfo', methods: 'AuditLogs', address: 'SigninLogs' } as const;
type Question = keyof typeof TABLES;
/** The tables that are asked about users. */
export const ENRICHMENT_TABLES: readonly string[] = Object.values(TABLES);

export interface EnrichOptions {
  readonly workspace: Workspace;
  /** Names of the tables that exist; one that does not is not asked. */
  readonly tables: ReadonlySet<string>;
  /** Folder of the extraction queries; the questions stand in its folder `enrichment`. */
  readonly queries: string;
  readonly latenessMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What the workspace knows about the users of these judgements: three queries for every 50 users, never one a finding. */
export async function enrich(judgements: readonly Judgement[], options: EnrichOptions): Promise<ReadonlyMap<Judgement, Enrichment>> {
  const result = new Map<Judgement, Enrichment>(judgements.map((judgement) => [judgement, {}]));
  const asks = judgements.flatMap((judgement) => {
    const ask = askOf(judgement);
    return ask === undefined ? [] : [{ judgement, ask }];
  });
  const users = [...new Set(asks.map(({ ask }) => ask.userId))].sort();
  for (let start = 0; start < users.length; start += USERS_A_QUERY) {
    const some = new Set(users.slice(start, start + USERS_A_QUERY));
    const theirs = asks.filter(({ ask }) => some.has(ask.userId));
    const rows = await rowsOf(
      theirs.map(({ ask }) => ask),
      options,
    );
    for (const { judgement, ask } of theirs) result.set(judgement, chooseFacts(ask, rows, options.latenessMs));
  }
  return result;
}

/** The records of one change lie within minutes; what else a finding rests on may be a day older. */
const ONE_CHANGE_MS = 600_000;

function changeMs({ events, originalId, startMs }: Judgement): number {
  const records = events.filter(({ table }) => table === 'AuditLogs');
  const change = records.find(({ id }) => id === originalId && id !== '')?.timeMs;
  if (change === undefined) return startMs;
  return Math.min(...records.map(({ timeMs }) => timeMs).filter((timeMs) => timeMs <= change && change - timeMs <= ONE_CHANGE_MS));
}

function askOf(judgement: Judgement): Ask | undefined {
  const { kind, users, source, startMs, endMs } = judgement;
  const userId = users[0]?.userId ?? '';
  if (users.length !== 1 || userId === '' || (kind !== 'registration' && kind !== 'user-day')) return undefined;
  return { userId, ip: source.ip, startMs, endMs, changeMs: changeMs(judgement) };
}

async function rowsOf(asks: readonly Ask[], options: EnrichOptions) {
  const first = Math.min(...asks.map((ask) => ask.startMs));
  const last = Math.max(...asks.map((ask) => ask.endMs));
  const json = (values: readonly string[]) => ({ type: 'dynamic', value: JSON.stringify([...new Set(values)].sort()) }) as const;
  const ask = async <T>(question: Question, read: (row: NamedRow) => T, more: KqlParameters = {}): Promise<T[]> => {
    if (!options.tables.has(TABLES[question])) return [];
    const path = join(options.queries, 'enrichment', `${question}.kql`);
    const rows = await queryRows(options.workspace, {
      kql: readFileSync(path, 'utf8'),
      file: `${basename(options.queries)}/enrichment/${question}.kql`,
      parameters: {
        Users: json(asks.map(({ userId }) => userId)),
        From: datetimeParameter(ticksFromMs(first - LOOK_BACK_DAYS[question] * DAY_MS)),
        Until: datetimeParameter(ticksFromMs(last + 1)),
        ...more,
      },
      maxRows: MOST_ROWS,
      signal: options.signal,
    });
    return rows.map(read);
  };
  const addresses = asks.map(({ ip }) => ip).filter((ip) => ip !== '');
  return {
    identity: await ask('identity', identityRow),
    methods: await ask('methods', methodRow),
    address: addresses.length === 0 ? [] : await ask('address', addressRow, { Addresses: json(addresses) }),
  };
}

const common = (row: NamedRow) => ({ userId: row.text('UserId'), atMs: row.ms('At') ?? 0, ingestedMs: row.ms('IngestedAt') ?? 0 });

function identityRow(row: NamedRow): IdentityRow {
  return {
    ...common(row),
    userType: row.text('UserType'),
    department: row.text('Department'),
    jobTitle: row.text('JobTitle'),
    manager: row.text('Manager'),
    createdMs: row.ms('Created'),
    roles: [...parsedStrings(row.text('Roles'))],
    enabled: row.bool('Enabled'),
    serviceAccount: row.bool('ServiceAccount'),
    onPremises: row.bool('OnPremises') ?? false,
  };
}

function methodRow(row: NamedRow): MethodRow {
  return { ...common(row), operation: row.text('OperationName'), reason: row.text('Reason'), id: row.text('Id') };
}

function addressRow(row: NamedRow): AddressRow {
  return {
    ...common(row),
    ip: row.text('IPAddress'),
    success: row.text('ResultType') === '0',
    namedLocation: row.text('NamedLocation'),
    deviceTrust: row.text('DeviceTrust'),
  };
}

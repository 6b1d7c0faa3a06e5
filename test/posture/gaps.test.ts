import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { askGap } from '../../src/cli/posture/ask-gaps.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { resultMeaning } from '../../src/events/sign-in-results.ts';
import type { Gap } from '../../src/posture/gap.ts';
import { GAPS } from '../../src/posture/gaps.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { at, END, idOf, logs, REPORT, type Row, upn, WHO } from './people.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const QUERIES = join(ROOT, 'queries/posture');
let folder: string;
const open: Workspace[] = [];

/** A workspace with these tables only. */
async function workspaceOf(tables: Readonly<Record<string, readonly Row[]>>, cwd = ROOT) {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const workspace = await openEmbeddedWorkspace({ directory: dataDir });
  open.push(workspace);
  const call = async (...argv: readonly string[]) => {
    const io = memoryIo();
    const code = await runCommandInProcess(argv, io, {
      cwd,
      env: {},
      signal: new AbortController().signal,
      serving: { dataDir, workspace },
    });
    return { code, out: io.stdout(), err: io.stderr() };
  };
  const files = mkdtempSync(join(folder, 'logs-'));
  for (const [name, rows] of Object.entries(tables))
    writeFileSync(join(files, `${name}.ndjson`), rows.map((row) => JSON.stringify(row)).join('\n'));
  expect((await call('import', files)).code).toBe(0);
  return call;
}

let posture: (...argv: readonly string[]) => Promise<{ code: number; out: string; err: string }>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-posture-'));
  const call = await workspaceOf({ ...logs, UserRegistrationDetails_CL: REPORT });
  posture = (...argv) => call('posture', '--until', END, ...argv);
});
afterAll(async () => {
  for (const workspace of open) await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const json = async (...argv: readonly string[]) => JSON.parse((await posture('--json', ...argv)).out);

test('each gap has its query, and each query its gap and a case here', () => {
  const files = readdirSync(QUERIES).map((name) => name.replace(/\.kql$/, ''));
  expect(files.filter((name) => name !== 'accounts').sort()).toEqual(GAPS.map(({ id }) => id).sort());
  expect(Object.keys(WHO).sort()).toEqual(GAPS.map(({ id }) => id).sort());
});

describe('of the people in the logs', () => {
  let users: readonly Row[];
  beforeAll(async () => {
    users = (await json()).users;
  });
  test.each(GAPS.map(({ id }) => id))('%s: those have it, and their look-alikes do not', (id) => {
    const have = users.filter(({ gaps }) => gaps.some((of: Row) => of['gap'] === id)).map(({ username }) => username.split('@')[0]);
    // Who has a second gap by the same rows: a guessed password is also one that stands alone, and so on.
    expect(have.sort()).toEqual([...WHO[id]!].sort());
  });
});

test('a role makes a gap more urgent, and comes first; a disabled account does not come at all', async () => {
  const { users } = await json('--subject', 'mfa');
  const chief = users.find(({ username }: Row) => username === upn('chief'));
  expect(chief).toMatchObject({ roles: ['Global Administrator'], urgency: 'soon', gaps: [{ gap: 'phone-only', urgency: 'soon' }] });
  expect(users[0].username).toBe(upn('chief'));
  expect(users.find(({ username }: Row) => username === upn('texts'))).toMatchObject({
    urgency: 'plan',
    gaps: [{ times: 2, first: at(1).replace('.000Z', 'Z') }],
  });
});

test('--user shows one, by name or id; --subject some of the gaps', async () => {
  expect((await json('--user', 'SPRAYED@contoso.test')).users).toHaveLength(1);
  expect((await json('--user', idOf('sprayed'))).users).toMatchObject([{ username: upn('sprayed'), urgency: 'now' }]);
  const { gaps } = await json('--subject', 'password');
  expect(gaps.map(({ gap }: Row) => gap).sort()).toEqual(['password-guessed', 'password-leaked', 'password-refused']);
});

test('a user without a gap is told from one whom no row names', async () => {
  const call = await workspaceOf({ IdentityInfo: logs['IdentityInfo']! });
  const disabled = logs['IdentityInfo']!.find(({ IsAccountEnabled }) => IsAccountEnabled === false)!;
  const known = await call('posture', '--until', END, '--user', String(disabled['AccountUPN']).toUpperCase(), '--json');
  expect(JSON.parse(known.out).users).toEqual([]);
  const unknown = await call('posture', '--until', END, '--user', "nobody' or true //");
  expect(unknown).toMatchObject({ code: 64, out: '' });
  expect(unknown.err).toContain('names "nobody\' or true //"');
});

test('the text fits 80 columns, says what to do, and neutralises what a log holds', async () => {
  const call = await workspaceOf({
    SigninLogs: [{ ...logs['SigninLogs']!.find(({ UserId }) => UserId === idOf('alone')), AppDisplayName: '\u001b[2Jgone\u202e' }],
  });
  const { code, out } = await call('posture');
  expect(code).toBe(0);
  expect(out).toContain('signs in with the password alone');
  expect(out).toContain('Require multifactor authentication');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
  expect(out).not.toMatch(/[\u001b\u202e]/);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('what cannot be known for want of a table is said, not passed over', async () => {
  const call = await workspaceOf({ IdentityInfo: logs['IdentityInfo']! });
  const { users, notKnown } = JSON.parse((await call('posture', '--until', END, '--json')).out);
  expect(users.map(({ username }: Row) => username)).toEqual([upn('bare-since'), upn('bare')]);
  expect(notKnown).toContainEqual({ gap: 'single-method', title: 'one method only', needs: ['UserRegistrationDetails_CL'] });
  expect(notKnown.map(({ gap }: Row) => gap)).toContain('password-alone');
});

describe('a workspace in which a table does not exist yet', () => {
  const period = { from: ticksFromMs(Date.parse(END) - 30 * 86_400_000), until: ticksFromMs(Date.parse(END)) };
  const tablesOf = (id: string) =>
    ['SigninLogs', 'AuditLogs', 'IdentityInfo', 'AADUserRiskEvents'].filter((table) =>
      readFileSync(join(QUERIES, `${id}.kql`), 'utf8').includes(table),
    );
  /** Those who have the gap where the name of a table does not resolve. */
  const without = async (gap: Gap, table: string) => {
    const queries = mkdtempSync(join(folder, 'queries-'));
    const text = readFileSync(join(QUERIES, `${gap.id}.kql`), 'utf8');
    writeFileSync(join(queries, `${gap.id}.kql`), text.replaceAll(new RegExp(`\\b${table}\\b`, 'g'), 'NoSuchTable_CL'));
    const rows = await askGap(gap, { workspace: open[0]!, queries, period, signal: new AbortController().signal });
    return rows.map(({ userId }) => userId);
  };
  const cases = GAPS.flatMap((gap) =>
    tablesOf(gap.id).flatMap((table) => (gap.tables.every((of) => of === table) ? [] : [{ gap, table }])),
  );
  test.each(cases)('$gap.id without $table answers by the others', async ({ gap, table }) => {
    const found = await without(gap, table);
    if (gap.mendedBy === table) for (const name of WHO[gap.id]!) expect(found, name).toContain(idOf(name));
    else for (const id of found) expect(WHO[gap.id]!.map(idOf)).toContain(id);
  });
  test('says that it does not know who has mended a gap since, and finds them too', async () => {
    const { AuditLogs: _, ...others } = logs;
    const call = await workspaceOf(others);
    const { mendedKnown, users } = JSON.parse((await call('posture', '--until', END, '--json')).out);
    expect(mendedKnown).toBe(false);
    expect(users.map(({ username }: Row) => username)).toContain(upn('bare-since'));
    expect((await call('posture', '--until', END)).out.replaceAll(/\s+/g, ' ')).toContain('is not known (no AuditLogs)');
    expect((await json()).mendedKnown).toBe(true);
  });
});

test('a project with a folder of queries of its own asks those that come with Factorwatch', async () => {
  const project = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(project, 'queries'));
  writeFileSync(join(project, 'queries/mine.kql'), 'SigninLogs | take 1');
  const call = await workspaceOf(logs, project);
  const { code, out } = await call('posture', '--until', END, '--subject', 'password', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out).users).toEqual((await json('--subject', 'password')).users);
});

test('the codes of a right and a wrong password are those of the table of results', () => {
  const text = readFileSync(join(QUERIES, 'password-guessed.kql'), 'utf8');
  const listed = (name: string) => JSON.parse(new RegExp(`let ${name} = dynamic\\((.*?)\\)`).exec(text)![1]!) as string[];
  for (const code of listed('Right')) expect(resultMeaning(code), code).toMatchObject({ firstFactor: true });
  for (const code of listed('Wrong')) expect(resultMeaning(code), code).toMatchObject({ outcome: 'password-failure' });
});

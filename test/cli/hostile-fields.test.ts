import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { findingContent } from '../../src/findings/finding-row.ts';
import type { EmbeddedWorkspace } from '../../src/workspace/embedded/embedded-workspace.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import { fakeJudgement } from '../pipeline/fake-judgement.ts';
import { allRows } from '../workspace/embedded/support.ts';

// What an attacker can write into a name, a user agent or an id of a request.
const HOSTILE =
  "=cmd|'/c calc'!A1\u001b]0;pwn\u0007\u001b[2J\r\n<script>alert(1)</script>\u202e\u0000\"'`\\\") | take 0 // __proto__ \u{e0041}\u200b\u2028\ud800";
/** Line feeds are the output's own. */
const REACHES_THE_TERMINAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dataDir: string;
let workspace: EmbeddedWorkspace;
let id: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'factorwatch-hostile-'));
  workspace = await openEmbeddedWorkspace({ directory: dataDir });
  const judgement = fakeJudgement('u1', 80, [{ id: HOSTILE, ms: Date.parse('2026-03-01T10:00:00Z'), weight: 50 }]);
  const party = { userId: HOSTILE, upn: HOSTILE };
  const content = findingContent(
    {
      ...judgement,
      users: [party],
      actor: party,
      methods: [HOSTILE],
      originalId: HOSTILE,
      source: { ip: HOSTILE, country: HOSTILE, city: HOSTILE, asn: HOSTILE, deviceId: HOSTILE, sessionId: HOSTILE, app: HOSTILE },
      contributions: judgement.contributions.map((piece) => ({
        ...piece,
        words: HOSTILE,
        counts: { __proto__: 1, constructor: 2 } as never,
      })),
      events: judgement.events.map((event) => ({
        ...event,
        ip: HOSTILE,
        country: HOSTILE,
        app: HOSTILE,
        what: HOSTILE,
        deviceName: HOSTILE,
      })),
    },
    {},
    { productVersion: '1', runKind: 'Live', titles: new Map() },
  );
  id = content.EventUid;
  const rest = { TimeGenerated: '2026-03-01T10:20:00Z', FindingRevision: 1, RunId: 'r' };
  await workspace.ingest('Custom-FactorFindings_CL', [{ ...content, ...rest } as unknown as Readonly<Record<string, unknown>>]);
});
afterAll(async () => {
  await workspace.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function call(isTTY: boolean, ...argv: readonly string[]) {
  const io = memoryIo({ isTTY });
  const surroundings = { cwd: dataDir, env: {}, signal: new AbortController().signal, serving: { dataDir, workspace } };
  const code = await runCommandInProcess(argv, io, surroundings);
  return { code, out: io.stdout(), err: io.stderr() };
}

test.each([
  ['findings'],
  ['findings', 'explain'],
  ['findings', 'show'],
  ['status'],
  ['query', 'FactorFindings_CL | project Username, EventMessage, SrcIpAddr, AdditionalFields'],
  ['query', 'FactorFindings_CL | where Nope == "\u001b[2J\u202e"'],
  ['import', '\u001b[2J\u202e.ndjson'],
])('%s %s: nothing of it reaches the terminal', async (...argv) => {
  for (const isTTY of argv[0] === 'query' ? [true] : [true, false]) {
    const asked = argv[1] === 'explain' || argv[1] === 'show' ? [...argv, id] : argv;
    const { out, err } = await call(isTTY, ...asked);
    expect(`${out}${err}`).not.toBe('');
    expect(`${out}${err}`).not.toMatch(REACHES_THE_TERMINAL);
  }
});

test('a spreadsheet runs none of it', async () => {
  const { code, out } = await call(false, 'query', 'FactorFindings_CL | project Username, EventMessage', '--csv');
  expect(code).toBe(0);
  expect(out).toContain("'=cmd");
  expect(out).not.toMatch(/(^|,|")=cmd/m);
});

test('JSON keeps it as it is', async () => {
  const { out } = await call(false, 'findings', '--json');
  const [row] = JSON.parse(out) as [{ Username: string }];
  expect(row.Username).toContain(HOSTILE.slice(0, 60));
});

test('the query that shows the raw rows is the same query still', async () => {
  const { out } = await call(false, 'query', 'FactorFindings_CL | project q = tostring(AdditionalFields.Query)', '--json');
  const [row] = JSON.parse(out) as [{ q: string }];
  expect(await allRows(workspace, row.q)).toEqual([]);
});

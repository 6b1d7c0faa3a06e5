import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { KqlError } from '../../src/kql/kql-error.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import type { QueryRequest } from '../../src/workspace/workspace.ts';
import { type Scripted, table } from '../support/memory-workspace.ts';
import { testApp } from './helpers.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const EVIL = '<script>document.title="owned"</script><img src=x onerror=alert(1)>\u202emoc.os';
const UID = 'ab'.repeat(32);
const day = ticksFromIso('2026-03-01T03:12:40Z')!;

const evidence = JSON.stringify([
  { Direction: 'For', Words: `first sign-in from ${EVIL}`, Detector: 'D1', Nats: 3 },
  { Direction: 'Against', Words: 'known device', Detector: 'D1', Nats: -1 },
]);
const more = JSON.stringify({
  Users: [{ UserId: 'x', Username: EVIL }],
  Query: 'AuditLogs | where Id == "a"',
  BenignIf: ['the user travelled'],
  Events: [{ TimeGenerated: '2026-03-01T03:00:00Z', Source: 'AuditLogs', Event: EVIL }],
});
const columns = [
  'EventUid:string',
  'FindingRevision:int',
  'EventStartTime:datetime',
  'EventEndTime:datetime',
  'EventSeverity:string',
  'ThreatRiskLevel:int',
  'AlertStatus:string',
  'RuleName:string',
  'AlertName:string',
  'UserId:string',
  'Username:string',
  'EventMessage:string',
  'AttackRemediationSteps:string',
  'Evidence:dynamic',
  'AdditionalFields:dynamic',
];
const finding = (uid: string, severity: string, risk: number) => [
  uid,
  1,
  day,
  day,
  severity,
  risk,
  'Active',
  'Suspicious registration',
  'Novelty',
  'x',
  EVIL,
  `Phone added: ${EVIL}`,
  '1. Call the user.',
  evidence,
  more,
];

function script({ kql }: QueryRequest): Scripted {
  if (kql.includes('nonsense')) throw new KqlError([{ kind: 'semantic', message: 'no such table', line: 1, column: 1, name: 'nonsense' }]);
  if (kql.includes(`"${UID}"`)) return table(columns, [finding(UID, 'High', 91)]);
  if (kql.startsWith('FactorFindings_CL')) return table(columns, [finding(UID, 'High', 91), finding('cd'.repeat(32), 'Low', 33)]);
  if (kql.startsWith('FactorRuns_CL'))
    return table(
      ['TimeGenerated:datetime', 'OperationName:string', 'Status:string', 'Description:string'],
      [[day, 'Pipeline run', 'Success', EVIL]],
    );
  if (kql.startsWith('union withsource')) return table(['Table:string', 'Rows:long'], [['AuditLogs', 9233n]]);
  if (kql.includes('UserTimeline')) return table(['TimeGenerated:datetime', 'Source:string', 'Event:string'], [[day, 'AuditLogs', EVIL]]);
  return table(['n:long'], [[9_223_372_036_854_775_807n]]);
}

const servers: Listening[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close(0))));
const run = promisify(execFile);

/** The document as the browser has it when its scripts have run. */
async function shown(place: string, answers: (request: QueryRequest) => Scripted = script, token?: string): Promise<string> {
  const server = await listen(testApp(answers, { token }).app, 0);
  servers.push(server);
  const args = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--virtual-time-budget=5000',
    '--dump-dom',
    `${server.address}/#${encodeURIComponent(place)}`,
  ];
  return (await run(CHROMIUM!, args, { timeout: 60_000, maxBuffer: 1e8 })).stdout;
}
const texts = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/\s+/g, ' ');

describe.skipIf(CHROMIUM === undefined)('the page in a browser (skipped where there is no chromium)', () => {
  it.each([
    ['overview', ['1 High, open', '1 Low, open', 'Findings a day', 'Highest risk', 'Success last run']],
    ['findings', ['2 of 2', '▲ High', '● Low', 'Phone added:']],
    ['findings/Low', ['1 of 2', '● Low']],
    [
      `finding/${UID}`,
      [
        'Speaks for an attack',
        'first sign-in from',
        'Speaks against it',
        'known device',
        'Benign if',
        '1. Call the user.',
        'AuditLogs | where Id == "a"',
        UID,
      ],
    ],
    ['user/ana@contoso.test', ['1 event, newest first', 'Changes', 'Sign-ins']],
    ['pipeline', ['Pipeline run', '✓ Success', 'AuditLogs', '9,233']],
    ['query/print n', ['1 row in ', '9223372036854775807']],
    ['query/nonsense', ['query:1:1: no such table', '^']],
  ])('shows %s, and what an attacker wrote as text', async (place, words) => {
    const html = await shown(place);
    for (const word of words) expect(texts(html)).toContain(word);
    expect(html).toContain('<title>Factorwatch</title>');
    expect(html).not.toMatch(/<img src="?x/);
    expect(texts(html)).not.toContain('\u202e');
    if (!place.startsWith('query')) expect(texts(html)).toContain('<script>document.title');
    expect(html).not.toMatch(/class="failure"(?!.*no such table)/s);
  });

  it('says what to do where there is nothing', async () => {
    const empty = () => table(['n:long'], []);
    expect(texts(await shown('overview', empty))).toContain('No findings yet');
    expect(texts(await shown('findings', empty))).toContain('No findings');
    expect(texts(await shown('pipeline', empty))).toContain('No run yet');
    expect(texts(await shown('user/nobody', empty))).toContain('Nothing is known of nobody');
  });

  it('asks for the token where the server has one', async () => {
    expect(texts(await shown('overview', script, 'secret'))).toContain('This server wants a token');
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FactorwatchError } from '../../src/core/errors.ts';
import { TICKS_PER_DAY, TICKS_PER_MINUTE } from '../../src/core/ticks.ts';
import { allDetectors } from '../../src/detectors/registry.ts';
import { columnsOf } from '../../src/events/contracts.ts';
import { loadPipeline, pipelineNames } from '../../src/pipeline/pipeline-file.ts';
import { contractFaults } from '../../src/pipeline/query-contract.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const detectors = new Map(allDetectors.map(({ id, parameters }) => [id, Object.keys(parameters)]));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-pipeline-'));
  mkdirSync(join(folder, 'queries'));
  mkdirSync(join(folder, 'pipelines'));
  writeFileSync(join(folder, 'queries', 'a.kql'), 'AuditLogs');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string, name = 'mine') {
  writeFileSync(join(folder, 'pipelines', `${name}.yaml`), text);
  return loadPipeline(name, { pipelines: join(folder, 'pipelines'), queries: join(folder, 'queries'), detectors });
}
function faultOf(text: string): FactorwatchError {
  try {
    load(text);
  } catch (error) {
    return error as FactorwatchError;
  }
  throw new Error('it was accepted');
}
const LEAST = 'name: mine\nqueries:\n  - { name: a, file: a.kql, table: AuditLogs, kind: audit }\n';

test('the pipeline that comes with Factorwatch loads, with the text of its queries', () => {
  const pipeline = loadPipeline('account-takeover', { pipelines: join(root, 'pipelines'), queries: join(root, 'queries'), detectors });
  expect(pipeline).toMatchObject({ window: 10n * TICKS_PER_MINUTE, lateness: 15n * TICKS_PER_MINUTE, history: 30n * TICKS_PER_DAY });
  expect(pipeline.queries.map(({ file }) => file)).toEqual([
    'queries/registrations.kql',
    'queries/signins.kql',
    'queries/noninteractive-signins.kql',
    'queries/risk-events.kql',
    'queries/identity.kql',
  ]);
  for (const { kql } of pipeline.queries) {
    expect(kql).toMatch(/^declare query_parameters\(From:datetime, Until:datetime\);\n/);
    expect(kql).toMatch(/ingestion_time\(\) >= From and ingestion_time\(\) < Until/);
    expect(kql).toMatch(/where TimeGenerated between/);
  }
});

test('what its comments show as settings are settings', () => {
  const text = readFileSync(join(root, 'pipelines/account-takeover.yaml'), 'utf8');
  const shown = text
    .replace(/^name: .*/m, 'name: mine')
    .replace(/file: [\w-]+\.kql/g, 'file: a.kql')
    .replace(/^#( {3}D\d+-.*)\n(detectors:) \{\}$/m, '$2\n $1')
    .replace(/^# (findings_per_day: .*)$/m, '$1');
  expect(load(shown)).toMatchObject({ detectors: { 'D6-registration-after-risk': { half_life_hours: 8 } } });
});

test('what is left out has the defaults', () => {
  expect(load(LEAST)).toMatchObject({
    schedule: '*/10 * * * *',
    window: 10n * TICKS_PER_MINUTE,
    delay: 5n * TICKS_PER_MINUTE,
    detectors: {},
    outputs: { findings: 'FactorFindings_CL', runs: 'FactorRuns_CL' },
  });
});

test.each([
  ['an unknown key', `${LEAST}delai: 5m\n`, 4, 1, /unknown key "delai" \(did you mean "delay"\?\)/],
  ['a duration without a unit', `${LEAST}window: 10\n`, 4, 1, /window: must be a duration/],
  ['a window shorter than a minute', `${LEAST}window: 5s\n`, 4, 1, /window: "5s" is too short/],
  ['a history of years', `${LEAST}history: 5000d\n`, 4, 1, /more than 730 days/],
  ['six cron fields', `${LEAST}schedule: '0 */10 * * * *'\n`, 4, 1, /five fields/],
  ['an unknown table', LEAST.replace('AuditLogs', 'SignInLogs'), 3, 29, /queries\.0\.table: must be SigninLogs/],
  ['a query that is not there', LEAST.replace('a.kql', 'b.kql'), 3, 16, /there is no queries\/b\.kql/],
  ['a path out of the folder', LEAST.replace('a.kql', '../a.kql'), 3, 16, /must be the name of a \.kql file/],
  ['another name than the file', LEAST.replace('mine', 'yours'), 1, 1, /must be "mine" like the file/],
  ['a query named twice', `${LEAST}  - { name: a, file: a.kql, table: AuditLogs, kind: audit }\n`, 4, 7, /"a" is there twice/],
  ['a misspelt detector', `${LEAST}detectors:\n  D6-registration-after-rik: {}\n`, 5, 3, /unknown detector .*did you mean "D6-/],
  [
    'a parameter that is none',
    `${LEAST}detectors:\n  ${[...detectors.keys()][0]}: { nosuch: 1 }\n`,
    5,
    undefined,
    /has no parameter "nosuch"/,
  ],
  [
    'a parameter that is no number',
    `${LEAST}detectors:\n  ${[...detectors.keys()][0]}: { enabled: 'no' }\n`,
    5,
    undefined,
    /must be true or false/,
  ],
  ['not YAML', 'name: [', 1, 8, /./],
])('%s is refused with its place', (_, text, line, column, message) => {
  const error = faultOf(text);
  expect(error).toMatchObject({ code: 'pipeline-invalid', exitCode: 78 });
  expect(error.message).toMatch(message);
  expect(error.where).toMatchObject({ file: 'pipelines/mine.yaml', line, ...(column === undefined ? {} : { column }) });
});

test('all faults are told at once', () => {
  const { message } = faultOf('name: yours\nwindow: x\ndelay: y\nqueries: []\n');
  expect(message.match(/pipelines\/mine\.yaml:\d+:\d+/g)).toHaveLength(3);
});

test('an unknown pipeline is a usage error that names the nearest', () => {
  load(LEAST);
  expect(pipelineNames(join(folder, 'pipelines'))).toEqual(['mine']);
  expect(() => loadPipeline('mime', { pipelines: join(folder, 'pipelines'), queries: folder, detectors })).toThrow(
    expect.objectContaining({ exitCode: 64, message: expect.stringContaining('did you mean "mine"') }),
  );
});

test('differences between a query and its contract are all named', () => {
  const wanted = columnsOf('risk');
  expect(contractFaults(wanted, wanted)).toEqual([]);
  const actual = [
    ...wanted.filter(({ name }) => name !== 'RequestId' && name !== 'Id'),
    { name: 'RequestID', type: 'string' as const },
    { name: 'Id', type: 'guid' as const },
  ];
  expect(contractFaults(actual, wanted)).toEqual([
    'Id is guid, not string',
    'RequestId (string) is missing (is it "RequestID"?)',
    'RequestID is not expected',
  ]);
});

import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import type { Labels } from '../../src/simulate/labels.ts';
import { cli } from '../support/cli.ts';
import { spawnCommand } from '../support/serve-process.ts';
import { ROOT, textOf } from '../support/source-files.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-demo-test-'));
afterAll(() => rmSync(cwd, { recursive: true }));

interface DemoJson {
  readonly findings: readonly FindingRow[];
  readonly attacks: {
    readonly planted: number;
    readonly found: number;
    readonly missed: number;
    readonly incidents: readonly { readonly id: string; readonly found: boolean; readonly EventUid: string | null }[];
  };
  readonly stages: readonly { readonly name: string; readonly text: string }[];
}
const labels = JSON.parse(textOf('samples/labels.json')) as Labels;
const rowsOf = (table: string) =>
  gunzipSync(readFileSync(join(ROOT, `samples/${table}.ndjson.gz`)))
    .toString('utf8')
    .trim()
    .split('\n');

describe('demo', { timeout: 300_000 }, () => {
  let demo: DemoJson;
  let again: Awaited<ReturnType<typeof cli>>;
  beforeAll(async () => {
    const { code, out, err } = await cli(cwd, 'demo', '--json', '--data-dir', 'data');
    if (code !== 0) throw new Error(err + out);
    demo = JSON.parse(out) as DemoJson;
    again = await cli(cwd, 'demo', '--data-dir', 'data');
  }, 300_000);

  it('imports every row of the sample once', async () => {
    const distinct = new Set(
      rowsOf('AuditLogs').map((line) => JSON.stringify({ ...(JSON.parse(line) as object), _IngestionTime: undefined })),
    ).size;
    const { out } = await cli(cwd, 'query', 'AuditLogs | count', '--json', '--data-dir', 'data');
    expect(JSON.parse(out)).toEqual([{ Count: distinct }]);
  });

  it('plants what the labels say must be found', () => {
    const mustDetect = labels.incidents.filter((incident) => incident.must_detect).map(({ id }) => id);
    expect(demo.attacks.incidents.map(({ id }) => id)).toEqual(mustDetect);
    expect(demo.attacks.planted).toBe(mustDetect.length);
    expect(demo.attacks.found + demo.attacks.missed).toBe(mustDetect.length);
  });

  it('counts an attack as found only where a finding names its registration or its victims, in its time', () => {
    expect(demo.attacks.found).toBeGreaterThan(0);
    for (const { id, found, EventUid } of demo.attacks.incidents) {
      if (!found) continue;
      const label = labels.incidents.find((incident) => incident.id === id)!;
      const finding = demo.findings.find((row) => row.EventUid === EventUid)!;
      expect(['Medium', 'High']).toContain(finding.EventSeverity);
      const fields = finding.AdditionalFields as {
        readonly Users: readonly { readonly UserId: string }[];
        readonly EventIds: readonly string[];
      };
      const named =
        fields.EventIds.some((event) => label.registration_event_ids.includes(event)) ||
        fields.Users.every(({ UserId }) => label.user_ids.includes(UserId));
      expect(named).toBe(true);
    }
  });

  it('prints stages, findings with reasons, attacks and next steps; a second time it finds the same', () => {
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/\[1\/3\] import .* 0 rows of logs/);
    expect(again.out).toContain(`Planted attacks: ${demo.attacks.found} of ${demo.attacks.planted} found, ${demo.attacks.missed} missed`);
    expect(again.out).toContain('npx factorwatch findings explain');
    const wide = again.out.split('\n').filter((line) => line.length > 80 && !line.includes(cwd));
    expect(wide).toEqual([]);
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('a demo that is ended by %s leaves no folder behind', { timeout: 120_000 }, async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-demo-ended-'));
  try {
    const child = spawnCommand(['demo'], { env: { TMPDIR: folder } });
    const ended = once(child, 'close');
    await once(child.stdout!, 'data');
    expect(readdirSync(folder).some((name) => name.startsWith('factorwatch-demo-'))).toBe(true);
    child.kill(signal);
    expect((await ended)[0]).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(readdirSync(folder).filter((name) => name.startsWith('factorwatch'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

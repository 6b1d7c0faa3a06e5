import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Labels } from '../../src/simulate/labels.ts';
import type { SimulateOptions } from '../../src/simulate/model.ts';
import { runAll } from './support.ts';

const SAMPLES = new URL('../../samples/', import.meta.url);

/** The options of the command that samples/README.md gives, so that the two cannot part. */
function documented(): SimulateOptions {
  const readme = readFileSync(new URL('README.md', SAMPLES), 'utf8');
  const command = readme.split('\n').find((line) => line.startsWith('npx factorwatch simulate'))!;
  const value = (flag: string) => new RegExp(`--${flag} (\\S+)`).exec(command)![1]!;
  return {
    users: Number(value('users')),
    days: Number(value('days')),
    seed: Number(value('seed')),
    tenant: value('tenant') as SimulateOptions['tenant'],
  };
}

describe('samples/', () => {
  it('are what the documented command writes, byte for byte', () => {
    const run = runAll(documented());
    for (const [table, rows] of run.rows) {
      const text = gunzipSync(readFileSync(new URL(`${table}.ndjson.gz`, SAMPLES))).toString();
      expect(text === rows.map((row) => `${JSON.stringify(row)}\n`).join(''), table).toBe(true);
    }
    expect(readFileSync(new URL('labels.json', SAMPLES), 'utf8')).toBe(`${JSON.stringify(run.labels, null, 1)}\n`);
  });

  it('stay small', () => {
    const bytes = readdirSync(SAMPLES).reduce((sum, name) => sum + statSync(new URL(name, SAMPLES)).size, 0);
    expect(bytes).toBeLessThanOrEqual(3_000_000);
  });

  it('plant at least nine takeovers of ten scenarios', () => {
    const labels = JSON.parse(readFileSync(new URL('labels.json', SAMPLES), 'utf8')) as Labels;
    const takeovers = labels.incidents.filter((incident) => incident.must_detect);
    expect(takeovers.length).toBeGreaterThanOrEqual(9);
    expect(new Set(takeovers.map((incident) => incident.scenario)).size).toBeGreaterThanOrEqual(10);
  });
});

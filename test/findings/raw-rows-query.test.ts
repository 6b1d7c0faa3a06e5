import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kqlString } from '../../src/findings/kql-literal.ts';
import { rawRowsQuery } from '../../src/findings/raw-rows-query.ts';
import type { EvidenceEvent } from '../../src/scoring/judgement.ts';

/** Reads a KQL literal as Kusto does: JSON has the same escapes for all that is written here. */
const read = (literal: string) => JSON.parse(literal) as string;

test('a literal says what it was made of, in printable ASCII, and cannot be left', () => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const literal = kqlString(text);
    return /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]|\\u[0-9a-f]{4})*"$/.test(literal) && read(literal) === text;
  });
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow();
});

const event = (table: EvidenceEvent['table'], id: string, time: string): EvidenceEvent => ({
  table,
  id,
  timeMs: Date.parse(time),
  what: '',
  ip: '',
  country: '',
  city: '',
  asn: '',
  deviceId: '',
  deviceName: '',
  app: '',
});

test('names each table once, its rows by id, and bounds the time', () => {
  const query = rawRowsQuery([
    event('AuditLogs', 'IAMUX_1', '2026-03-01T10:00:00Z'),
    event('SigninLogs', 's2', '2026-03-01T09:00:00Z'),
    event('SigninLogs', 's1', '2026-03-01T08:00:00Z'),
  ]);
  expect(query.match(/^\(?(SigninLogs|AuditLogs)$/gm)).toHaveLength(2);
  expect(query).toContain('where Id in ("s1", "s2")');
  expect(query).toContain('between (datetime(2026-03-01T07:00:00.000Z) .. datetime(2026-03-01T10:00:00.000Z))');
  expect(rawRowsQuery([])).toBe('');
});

test('an id from the logs cannot add to the query', () => {
  const query = rawRowsQuery([event('AuditLogs', 'x") | union SecretTable | where ("" == "\n', '2026-03-01T10:00:00Z')]);
  expect(query).toContain('"x\\") | union SecretTable | where (\\"\\" == \\"\\u000a"');
});

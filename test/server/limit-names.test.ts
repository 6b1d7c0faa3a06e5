import { describe, expect, it } from 'vitest';
import { limitOf } from '../../src/server/limit-names.ts';
import { DEFAULT_LIMITS } from '../../src/server/options.ts';

describe('serve --limit', () => {
  it.each([
    ['rows=1000', { rows: 1000 }],
    ['queue-ms=250', { queueMs: 250 }],
    ['ingest-bytes=0', { ingestBytes: 0 }],
    ['rate=200/30', { rate: { count: 200, windowMs: 30_000 } }],
  ])('%s', (text, limit) => expect(limitOf(text)).toEqual(limit));

  it.each([
    ['row=1', 'there is no limit "row" (did you mean "rows"?); there are rows, bytes,'],
    ['constructor=1', 'there is no limit "constructor"'],
    ['rows', 'rows is a whole number'],
    ['rows=-1', 'rows is a whole number'],
    ['rows=1e3', 'rows is a whole number'],
    ['rate=200', 'rate is QUERIES/SECONDS'],
  ])('%s is refused', (text, said) => expect(limitOf(text)).toContain(said));

  it('reaches every limit', () => {
    const said = limitOf('no') as string;
    const names = said.slice(said.indexOf('there are ') + 10).split(', ');
    const keys = names.map((name) => Object.keys(limitOf(name === 'rate' ? 'rate=1/1' : `${name}=1`))[0]!);
    expect(keys.sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
  });
});

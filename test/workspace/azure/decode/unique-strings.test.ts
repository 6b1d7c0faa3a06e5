import { expect, test } from 'vitest';
import { AnswerDecoder } from '../../../../src/workspace/azure/decode/answer-decoder.ts';
import { MalformedAnswer } from '../../../../src/workspace/azure/decode/json-bytes.ts';
import { rowsOf } from '../../../../src/workspace/azure/decode/rows.ts';
import { Rng } from '../../../support/rng.ts';

/**
 * A column in which nearly every string is new is not looked up any more after some thousands of rows, and read by another way: in one
 * pass. What it must give is what JSON.parse gives.
 */
const ROWS = 9000;
const COLUMNS = [
  { name: 'S', type: 'string' },
  { name: 'D', type: 'dynamic' },
  { name: 'G', type: 'guid' },
] as const;
const PIECES = ['a', 'bc', 'word ', 'é', '😀', '\u2028', '"', '\\', '/', '\n', '\t', '\u0000', '\u001f', ',', ']', '}', '{"x":', 'xxxxxxx'];

function text(random: () => number, i: number): string {
  let made = `${i}`;
  for (let n = Math.floor(random() * 14); n > 0; n--) made += PIECES[Math.floor(random() * PIECES.length)];
  // Some longer than the room that a buffer still has.
  return i % 97 === 0 ? made.repeat(40) : made;
}

function dynamicOf(random: () => number, i: number): { readonly sent: string; readonly kept: string | null } {
  const kind = i % 9;
  const some = text(random, i);
  if (kind < 5) {
    const json = JSON.stringify({ id: i, some, list: [some, null] });
    return { sent: json, kept: json };
  }
  if (kind === 5) return { sent: JSON.stringify([i, some]), kept: JSON.stringify([i, some]) };
  if (kind === 6) return { sent: `${i}.5`, kept: `${i}.5` };
  if (kind === 7) return i % 2 === 0 ? { sent: '', kept: null } : { sent: 'null', kept: null };
  return { sent: `t${some}`, kept: JSON.stringify(`t${some}`) };
}

test.each([1, 2, 3, 4])('unique strings, whatever their escapes and cuts, are those of JSON.parse (seed %i)', (seed) => {
  const generator = new Rng(seed);
  const random = () => generator.next();
  const expected: (string | null)[][] = [];
  const lines: string[] = [];
  for (let i = 0; i < ROWS; i++) {
    const s = text(random, i);
    const d = dynamicOf(random, i);
    const g = `${i.toString(16).padStart(8, '0')}-1111-4222-8333-000000000000`;
    const json = [JSON.stringify(s), JSON.stringify(d.sent), i % 50 === 49 ? 'null' : JSON.stringify(g)];
    if (random() < 0.5) json[0] = unicode(json[0]!, random);
    if (random() < 0.5) json[1] = unicode(json[1]!, random);
    expect([JSON.parse(json[0]!), JSON.parse(json[1]!)]).toEqual([s, d.sent]);
    expected.push([s, d.kept, i % 50 === 49 ? null : g]);
    lines.push(`[${json.join(',')}]`);
  }
  const body = Buffer.from(`{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(COLUMNS)},"rows":[${lines.join(',')}]}]}`);
  const decoder = new AnswerDecoder();
  for (let at = 0; at < body.length; ) {
    const size = 1 + Math.floor(random() ** 3 * 3000);
    decoder.push(body.subarray(at, at + size));
    at += size;
  }
  const { batches, columns } = decoder.end();
  expect(batches.flatMap((batch) => rowsOf(batch, columns))).toEqual(expected);
});

/** Any character outside an escape, each now and then as \uXXXX; those beyond the first plane as a pair. */
function unicode(json: string, random: () => number): string {
  return json.replace(/\\u[0-9a-f]{4}|\\.|[^"\\]/gsu, (match) => {
    if (match.startsWith('\\') || random() < 0.7) return match;
    return match
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  });
}

test.each([
  ['an unknown escape', '\\x41'],
  ['four digits that are none', '\\u00g1'],
])('%s is an answer that cannot be read', (_what, wrong) => {
  const rows = Array.from({ length: 6000 }, (_, i) => `["${i}${i === 5990 ? wrong : ''}"]`);
  const body = Buffer.from(`{"tables":[{"name":"P","columns":[{"name":"S","type":"string"}],"rows":[${rows.join(',')}]}]}`);
  const decoder = new AnswerDecoder();
  expect(() => {
    decoder.push(body);
    decoder.end();
  }).toThrow(MalformedAnswer);
});

test('half a pair stands for nothing, as in any decoder of UTF-8', () => {
  const rows = Array.from(
    { length: 6000 },
    (_, i) => `["${i}${['\\ud83d', '\\ud83d\\u0041', '\\ude00', '\\ud83d\\ude00', '\\ud83dx'][i % 5]}"]`,
  );
  const body = Buffer.from(`{"tables":[{"name":"P","columns":[{"name":"S","type":"string"}],"rows":[${rows.join(',')}]}]}`);
  const decoder = new AnswerDecoder();
  decoder.push(body);
  const { batches, columns } = decoder.end();
  const ends = ['\ufffd', '\ufffdA', '\ufffd', '😀', '\ufffdx'];
  expect(batches.flatMap((batch) => rowsOf(batch, columns))).toEqual(Array.from({ length: 6000 }, (_, i) => [`${i}${ends[i % 5]}`]));
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allDetectors } from '../../src/detectors/registry.ts';

/** What each header says, and how it stands there. */
const PARTS = {
  'when it works': /\bWorks\b/,
  'when it does not': /\bBlind\b/,
  cost: /\bCost: /,
  'memory bound': /\bMemory: /,
  technique: /\bATT&CK T\d{4}/,
  source: /\bRef: \S/,
} as const;

test.each(allDetectors.map(({ id, techniques, parameters }) => ({ id, techniques, parameters })))(
  '$id says in its header what an operator needs',
  ({ id, techniques, parameters }) => {
    const file = readFileSync(new URL(`../../src/detectors/${id.toLowerCase()}.ts`, import.meta.url), 'utf8');
    const header = /defineDetector\(\{\s*\/\*\*([\s\S]*?)\*\//.exec(file)?.[1] ?? '';
    const words = header.replaceAll(/\s*\n\s*\*\s*/g, ' ');
    const missing = Object.entries(PARTS).flatMap(([part, pattern]) => (pattern.test(words) ? [] : [part]));
    expect(missing).toEqual([]);
    expect(header.split('\n').filter((line) => line.length > 140)).toEqual([]);
    for (const technique of techniques) expect(words).toContain(technique);
    // Parameters stand right below it, each with its default and what it is for.
    if (Object.keys(parameters).length === 0) expect(words).toContain('No parameters.');
  },
);

import { expect, test } from 'vitest';
import { ask, openEngine, wireCell } from './support/engine.ts';
import { queryOf } from './support/reference-tables.ts';
import { Chance } from './support/reference-terms.ts';

const QUERIES = 200;

test('random pipes answer as the rules say, computed row by row without SQL', async () => {
  const connection = await openEngine();
  const wrong: string[] = [];
  for (let seed = 1; seed <= QUERIES; seed++) {
    const { kql, columns, rows, sorted } = queryOf(new Chance(seed));
    const lined = (all: readonly (readonly unknown[])[]) => {
      const lines = all.map((row) => JSON.stringify(row));
      return (sorted ? lines : lines.sort()).join('\n');
    };
    const want = lined(rows.map((row) => columns.map((c) => row[c.name])));
    try {
      const answer = await ask(connection, kql);
      const names = answer.columns.map((c) => `${c.name}:${c.type}`).join();
      const got = lined(answer.rows.map((row) => row.map((v, i) => wireCell(v, answer.columns[i]!.type))));
      if (names !== columns.map((c) => `${c.name}:${c.type}`).join()) wrong.push(`${seed}: ${kql}\n${names}`);
      else if (got !== want) wrong.push(`${seed}: ${kql}\nwant\n${want}\ngot\n${got}`);
    } catch (error) {
      wrong.push(`${seed}: ${kql}\n${error}`);
    }
  }
  expect(wrong).toEqual([]);
});

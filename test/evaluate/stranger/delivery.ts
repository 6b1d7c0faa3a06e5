import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR, MINUTE, stamp } from './time.ts';
import type { Row, TableName, World } from './world.ts';

interface Delivered {
  readonly row: Row;
  readonly arrival: number;
}

/** How rows come in: minutes late, one in a hundred hours late, some twice, roughly but not quite in the order of arrival. */
function deliver(world: World, table: TableName): Row[] {
  const random = world.random.stream(`delivery/${table}`);
  const { traits } = world;
  const delivered: Delivered[] = [];
  const rows = world.rows[table].map((row) => ({ row, time: Date.parse(String(row['TimeGenerated'])) })).sort((a, b) => a.time - b.time);
  for (const { row, time } of rows) {
    for (const column of traits.withoutColumns) delete row[column];
    const delay = random.chance(0.01) ? random.between(1, 9) * HOUR : random.logNormal(3.2, 0.6) * MINUTE;
    const arrival = time + delay;
    const whole = traits.ingestionTime ? { ...row, _IngestionTime: stamp(arrival) } : row;
    delivered.push({ row: whole, arrival });
    if (random.chance(0.004)) {
      const again = arrival + random.between(0, 3) * HOUR;
      delivered.push({ row: traits.ingestionTime ? { ...row, _IngestionTime: stamp(again) } : row, arrival: again });
    }
  }
  const order = delivered.map((item) => ({ item, key: item.arrival + (random.chance(0.03) ? random.between(-2, 2) * HOUR : 0) }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item.row);
}

/** Writes one NDJSON file a table and labels.json. */
export function writeTenant(world: World, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const table of Object.keys(world.rows) as TableName[]) {
    if (world.rows[table].length === 0) continue;
    const lines = deliver(world, table).map((row) => JSON.stringify(row));
    writeFileSync(join(directory, `${table}.ndjson`), `${lines.join('\n')}\n`);
  }
  const { traits, incidents, decoys } = world;
  const labels = { start: stamp(traits.startMs), end: stamp(world.endMs), users: world.people.length, incidents, decoys };
  writeFileSync(join(directory, 'labels.json'), `${JSON.stringify(labels, null, 1)}\n`);
}

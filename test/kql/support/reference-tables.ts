import { type Cell, type CellType, type Chance, type Column, type Row, termOf, VALUES, written } from './reference-terms.ts';

/** A query and what it answers by the written rules; `sorted` where the order of the rows is told. */
export interface Query {
  readonly kql: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly sorted: boolean;
}

const TYPES: readonly CellType[] = ['long', 'string', 'bool', 'long', 'string'];

/** A table that is written out, with at least a long and a string. */
function tableOf(chance: Chance, prefix: string): Query {
  const types: CellType[] = ['long', 'string', ...Array.from({ length: chance.below(3) }, () => chance.pick(TYPES))];
  const columns = types.map((type, i): Column => ({ name: `${prefix}${i}`, type }));
  const rows = Array.from(
    { length: chance.below(7) },
    (): Row => Object.fromEntries(columns.map((c) => [c.name, chance.pick(VALUES[c.type])])),
  );
  const cells = rows.flatMap((row) => columns.map((c) => written(row[c.name]!, c.type)));
  return { kql: `datatable(${columns.map((c) => `${c.name}:${c.type}`).join(', ')})[${cells.join(', ')}]`, columns, rows, sorted: false };
}

type Step = (input: Query, chance: Chance, fresh: () => string) => Query;

function keyOf(row: Row, columns: readonly Column[]): string {
  return JSON.stringify(columns.map((c) => row[c.name]));
}

function grouped(rows: readonly Row[], keys: readonly Column[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row, keys), [...(groups.get(keyOf(row, keys)) ?? []), row]);
  return [...groups.values()];
}

/** Null is the least of all; texts by their code points. */
function compare(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b === null || a > b ? 1 : -1;
}

const where: Step = (input, chance) => {
  const term = termOf('bool', input.columns, chance);
  return { ...input, kql: `${input.kql}\n| where ${term.kql}`, rows: input.rows.filter((row) => term.of(row) === true) };
};

const extend: Step = (input, chance, fresh) => {
  const column: Column = { name: fresh(), type: chance.pick(TYPES) };
  const term = termOf(column.type, input.columns, chance);
  return {
    ...input,
    kql: `${input.kql}\n| extend ${column.name} = ${term.kql}`,
    columns: [...input.columns, column],
    rows: input.rows.map((row) => ({ ...row, [column.name]: term.of(row) })),
  };
};

/** A lambda over the first long and string of the rows. */
const lambda: Step = (input, chance, fresh) => {
  const parameters: Column[] = [
    { name: 'p', type: 'long' },
    { name: 'q', type: 'string' },
  ];
  const given = parameters.map(({ type }) => termOf(type, input.columns, chance, 1));
  const [name, column]: [string, Column] = [fresh(), { name: fresh(), type: chance.pick(TYPES) }];
  const body = termOf(column.type, parameters, chance);
  return {
    ...input,
    kql: `let ${name} = (p:long, q:string) { ${body.kql} };\n${input.kql}\n| extend ${column.name} = ${name}(${given.map((g) => g.kql).join(', ')})`,
    columns: [...input.columns, column],
    rows: input.rows.map((row) => ({ ...row, [column.name]: body.of({ p: given[0]!.of(row), q: given[1]!.of(row) }) })),
  };
};

const numbers = (rows: readonly Row[], of: (row: Row) => Cell) => rows.map(of).filter((v): v is number => v !== null);
const summarize: Step = (input, chance, fresh) => {
  const keys = input.columns.filter(() => chance.below(3) === 0);
  const value = termOf('long', input.columns, chance, 2);
  const test = termOf('bool', input.columns, chance, 2);
  const AGGREGATES: readonly (readonly [string, (rows: readonly Row[]) => Cell])[] = [
    ['count()', (rows) => rows.length],
    [`sum(${value.kql})`, (rows) => numbers(rows, value.of).reduce((a, b) => a + b, 0)],
    [`min(${value.kql})`, (rows) => numbers(rows, value.of).sort((a, b) => a - b)[0] ?? null],
    [`max(${value.kql})`, (rows) => numbers(rows, value.of).sort((a, b) => b - a)[0] ?? null],
    [`countif(${test.kql})`, (rows) => rows.filter((row) => test.of(row) === true).length],
    [
      `sumif(${value.kql}, ${test.kql})`,
      (rows) =>
        numbers(
          rows.filter((r) => test.of(r) === true),
          value.of,
        ).reduce((a, b) => a + b, 0),
    ],
    [`dcount(coalesce(${value.kql}, 99))`, (rows) => new Set(rows.map((row) => value.of(row) ?? 99)).size],
    [`array_length(make_set(coalesce(${value.kql}, 99)))`, (rows) => new Set(rows.map((row) => value.of(row) ?? 99)).size],
    [`array_length(make_list(${value.kql}))`, (rows) => numbers(rows, value.of).length],
  ];
  const chosen = [chance.pick(AGGREGATES), chance.pick(AGGREGATES)].map(([kql, of]) => ({ name: fresh(), kql, of }));
  const groups = keys.length > 0 ? grouped(input.rows, keys) : [[...input.rows]];
  const by = keys.length > 0 ? ` by ${keys.map((c) => c.name).join(', ')}` : '';
  return {
    kql: `${input.kql}\n| summarize ${chosen.map((a) => `${a.name} = ${a.kql}`).join(', ')}${by}`,
    columns: [...keys, ...chosen.map(({ name }): Column => ({ name, type: 'long' }))],
    rows: groups.map((rows) => ({
      ...Object.fromEntries(keys.map((k) => [k.name, rows[0]![k.name]!])),
      ...Object.fromEntries(chosen.map(({ name, of }) => [name, of(rows)])),
    })),
    sorted: false,
  };
};

const distinct: Step = (input, chance) => {
  const kept = input.columns.filter((_, i) => i === 0 || chance.below(2) === 0);
  return {
    kql: `${input.kql}\n| distinct ${kept.map((c) => c.name).join(', ')}`,
    columns: kept,
    rows: grouped(input.rows, kept).map(([row]) => Object.fromEntries(kept.map((c) => [c.name, row![c.name]!]))),
    sorted: false,
  };
};

/** By every column, so that no two rows that differ may change places. */
const sorted: Step = (input, chance) => {
  const keys = input.columns.map((c) => ({ ...c, down: chance.below(2) === 0, nulls: chance.pick(['', ' nulls first', ' nulls last']) }));
  const order = (a: Row, b: Row): number => {
    for (const { name, down, nulls } of keys) {
      const [x, y] = [a[name]!, b[name]!];
      const last = nulls === '' ? down : nulls === ' nulls last';
      if ((x === null) !== (y === null)) return (x === null) === last ? 1 : -1;
      const told = compare(x, y) * (down ? -1 : 1);
      if (told !== 0) return told;
    }
    return 0;
  };
  const by = keys.map((k) => `${k.name} ${k.down ? 'desc' : 'asc'}${k.nulls}`).join(', ');
  return { ...input, kql: `${input.kql}\n| sort by ${by}`, rows: [...input.rows].sort(order), sorted: true };
};

const take: Step = (input, chance, fresh) => {
  const from = sorted(input, chance, fresh);
  const count = chance.below(4);
  return { ...from, kql: `${from.kql}\n| take ${count}`, rows: from.rows.slice(0, count) };
};

/** Numbers, neighbours and running sums of rows in order. */
const windowed: Step = (input, chance, fresh) => {
  const from = sorted(input, chance, fresh);
  const long = chance.pick(from.columns.filter((c) => c.type === 'long')).name;
  const value = (row: Row | undefined, none: Cell = null) => (row ? row[long]! : none);
  const sums = (i: number) => from.rows.slice(0, i + 1).reduce((sum, row) => sum + Number(row[long] ?? 0), 0);
  const chosen = chance.pick<readonly [string, (i: number) => Cell]>([
    ['row_number()', (i) => i + 1],
    ['row_number(5)', (i) => i + 5],
    [`prev(${long})`, (i) => value(from.rows[i - 1])],
    [`next(${long}, 2, -7)`, (i) => value(from.rows[i + 2], -7)],
    [`row_cumsum(${long})`, sums],
    [
      `row_cumsum(${long}, ${long} == 2)`,
      (i) =>
        sums(i) -
        (from.rows.findLastIndex((r, at) => at <= i && r[long] === 2) > 0
          ? sums(from.rows.findLastIndex((r, at) => at <= i && r[long] === 2) - 1)
          : 0),
    ],
  ]);
  const name = fresh();
  return {
    ...from,
    kql: `${from.kql}\n| serialize ${name} = ${chosen[0]}`,
    columns: [...from.columns, { name, type: 'long' }],
    rows: from.rows.map((row, i) => ({ ...row, [name]: chosen[1](i) })),
  };
};

const expand: Step = (input, chance, fresh) => {
  const items = [termOf('long', input.columns, chance, 1), termOf('long', input.columns, chance, 1)];
  const name = fresh();
  return {
    kql: `${input.kql}\n| mv-expand ${name} = pack_array(${items.map((t) => t.kql).join(', ')}) to typeof(long)`,
    columns: [...input.columns, { name, type: 'long' }],
    rows: input.rows.flatMap((row) => items.map((t) => ({ ...row, [name]: t.of(row) }))),
    sorted: false,
  };
};

const union: Step = (input, chance, fresh) => {
  const [name, other] = [fresh(), tableOf(chance, fresh())];
  const columns = [...input.columns, ...other.columns];
  const filled = (row: Row): Row => Object.fromEntries(columns.map((c) => [c.name, row[c.name] ?? (c.type === 'string' ? '' : null)]));
  return {
    kql: `let ${name} = ${other.kql};\n${input.kql}\n| union ${name}`,
    columns,
    rows: [...input.rows, ...other.rows].map(filled),
    sorted: false,
  };
};

/** Rows of equal keys, where null equals null. */
const join: Step = (input, chance, fresh) => {
  const right = tableOf(chance, fresh());
  const type = chance.pick<CellType>(['long', 'string']);
  const [l, r] = [input.columns, right.columns].map((columns) => columns.find((c) => c.type === type)?.name);
  if (l === undefined || r === undefined) return extend(input, chance, fresh);
  const kind = chance.pick(['inner', 'leftouter', 'rightouter', 'fullouter', 'leftsemi', 'leftanti', 'rightsemi', 'rightanti']);
  const matches = (a: Row, b: Row) => a[l] === b[r];
  const none = (columns: readonly Column[]): Row => Object.fromEntries(columns.map((c) => [c.name, c.type === 'string' ? '' : null]));
  const pairs = input.rows.flatMap((a) => right.rows.filter((b) => matches(a, b)).map((b) => ({ ...a, ...b })));
  const onlyLeft = input.rows.filter((a) => !right.rows.some((b) => matches(a, b)));
  const onlyRight = right.rows.filter((b) => !input.rows.some((a) => matches(a, b)));
  const semi: Readonly<Record<string, readonly Row[]>> = {
    leftsemi: input.rows.filter((a) => !onlyLeft.includes(a)),
    leftanti: onlyLeft,
    rightsemi: right.rows.filter((b) => !onlyRight.includes(b)),
    rightanti: onlyRight,
  };
  const wide = [
    ...pairs,
    ...(/left|full/.test(kind) ? onlyLeft.map((a) => ({ ...a, ...none(right.columns) })) : []),
    ...(/right|full/.test(kind) ? onlyRight.map((b) => ({ ...none(input.columns), ...b })) : []),
  ];
  const name = fresh();
  return {
    kql: `let ${name} = ${right.kql};\n${input.kql}\n| join kind=${kind} ${name} on $left.${l} == $right.${r}`,
    columns: kind in semi ? (kind.startsWith('left') ? input.columns : right.columns) : [...input.columns, ...right.columns],
    rows: semi[kind] ?? wide,
    sorted: false,
  };
};

const STEPS: readonly Step[] = [
  where,
  extend,
  lambda,
  summarize,
  distinct,
  sorted,
  take,
  windowed,
  expand,
  union,
  join,
  where,
  extend,
  join,
];

/** A table and one to four operators over it. */
export function queryOf(chance: Chance): Query {
  let count = 0;
  const fresh = () => `n${++count}_`;
  let query = tableOf(chance, 'c');
  for (let steps = 1 + chance.below(4); steps > 0; steps--) {
    const step = chance.pick(STEPS);
    const fits = step !== windowed || query.columns.some((c) => c.type === 'long');
    query = (fits ? step : extend)(query, chance, fresh);
  }
  return query;
}

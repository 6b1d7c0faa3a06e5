/**
 * Expressions with their value by Kusto's written rules, computed here row by row: an implementation of its own to hold the translated
 * SQL against. Nothing of src/kql is used.
 */
export type Cell = number | string | boolean | null;
export type CellType = 'long' | 'string' | 'bool';
export type Row = Readonly<Record<string, Cell>>;

export interface Term {
  readonly kql: string;
  readonly of: (row: Row) => Cell;
}

export interface Column {
  readonly name: string;
  readonly type: CellType;
}

/** The same numbers for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** A value as it is written in KQL. */
export function written(value: Cell, type: CellType): string {
  if (type === 'string') return JSON.stringify(value);
  return value === null ? `${type}(null)` : String(value);
}

type Numbers = (a: number, b: number) => number | null;
/** Nulls make null; there is no negative zero. */
function both(of: Numbers): (a: Cell, b: Cell) => Cell {
  return (a, b) => {
    const value = a === null || b === null ? null : of(Number(a), Number(b));
    return value === null ? null : value + 0;
  };
}
/** The rest of a division is never negative; what is divided by 0 is null. */
const rest: Numbers = (a, b) => (b === 0 ? null : ((a % Math.abs(b)) + Math.abs(b)) % Math.abs(b));
const ARITHMETIC: readonly (readonly [string, (a: Cell, b: Cell) => Cell])[] = [
  ['+', both((a, b) => a + b)],
  ['-', both((a, b) => a - b)],
  ['*', both((a, b) => a * b)],
  ['%', both(rest)],
  ['/', both((a, b) => (b === 0 ? null : Math.trunc(a / b)))],
];
/** Equality is false beside one null and null between two; the order is null beside any. */
const COMPARISON: readonly (readonly [string, (a: Cell, b: Cell) => Cell])[] = [
  ['==', (a, b) => (a === null && b === null ? null : a === b)],
  ['!=', (a, b) => (a === null && b === null ? null : a !== b)],
  ['<', (a, b) => (a === null || b === null ? null : a < b)],
  ['>=', (a, b) => (a === null || b === null ? null : a >= b)],
];
const TEXT: readonly (readonly [string, (a: string, b: string) => boolean])[] = [
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
  ['=~', (a, b) => a.toLowerCase() === b.toLowerCase()],
  ['contains_cs', (a, b) => a.includes(b)],
  ['contains', (a, b) => a.toLowerCase().includes(b.toLowerCase())],
  ['!contains', (a, b) => !a.toLowerCase().includes(b.toLowerCase())],
  ['startswith', (a, b) => a.toLowerCase().startsWith(b.toLowerCase())],
  ['endswith_cs', (a, b) => a.endsWith(b)],
];

function and(a: Cell, b: Cell): Cell {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}
const not = (a: Cell): Cell => (a === null ? null : !a);

/** An expression of a type over the columns, `depth` levels deep at most. */
export function termOf(type: CellType, columns: readonly Column[], chance: Chance, depth = 3): Term {
  const own = columns.filter((c) => c.type === type);
  if (depth === 0 || chance.below(4) === 0) {
    const column = own.length > 0 && chance.below(4) > 0 ? chance.pick(own) : undefined;
    if (column) return { kql: column.name, of: (row) => row[column.name]! };
    const value = chance.pick(VALUES[type]);
    return { kql: written(value, type), of: () => value };
  }
  return chance.pick(MAKERS[type])((t) => termOf(t, columns, chance, depth - 1), chance);
}

export const VALUES: Readonly<Record<CellType, readonly Cell[]>> = {
  long: [0, 1, 2, 2, 3, 7, -1, -5, 10, null],
  string: ['', 'a', 'b', 'ab', 'Ab', 'B a', 'abcabc', "a'b", 'b\\'],
  bool: [true, false, null],
};

type Maker = (sub: (type: CellType) => Term, chance: Chance) => Term;
const choose: (type: CellType) => Maker = (type) => (sub) => {
  const [c, x, y] = [sub('bool'), sub(type), sub(type)];
  return { kql: `iff(${c.kql}, ${x.kql}, ${y.kql})`, of: (row) => (c.of(row) === true ? x.of(row) : y.of(row)) };
};
const cases: (type: CellType) => Maker = (type) => (sub) => {
  const [c, x, d, y, z] = [sub('bool'), sub(type), sub('bool'), sub(type), sub(type)];
  return {
    kql: `case(${[c, x, d, y, z].map((t) => t.kql).join(', ')})`,
    of: (row) => (c.of(row) === true ? x.of(row) : d.of(row) === true ? y.of(row) : z.of(row)),
  };
};
function one(name: string, type: CellType, of: (value: Cell) => Cell): Maker {
  return (sub) => {
    const x = sub(type);
    return { kql: `${name}(${x.kql})`, of: (row) => of(x.of(row)) };
  };
}

const MAKERS: Readonly<Record<CellType, readonly Maker[]>> = {
  long: [
    (sub, chance) => {
      const [[sign, of], x, y] = [chance.pick(ARITHMETIC), sub('long'), sub('long')];
      return { kql: `(${x.kql} ${sign} ${y.kql})`, of: (row) => of(x.of(row), y.of(row)) };
    },
    choose('long'),
    cases('long'),
    one('strlen', 'string', (s) => String(s).length),
    one('abs', 'long', (n) => (n === null ? null : Math.abs(Number(n)))),
    one('tolong', 'bool', (b) => (b === null ? null : Number(b))),
    (sub, chance) => {
      const [x, size] = [sub('long'), chance.pick([2, 3, 10])];
      return { kql: `bin(${x.kql}, ${size})`, of: (row) => both((n) => Math.floor(n / size) * size)(x.of(row), 0) };
    },
    (sub) => {
      const [x, y] = [sub('long'), sub('long')];
      return { kql: `coalesce(${x.kql}, ${y.kql})`, of: (row) => x.of(row) ?? y.of(row) };
    },
    (sub) => {
      const x = sub('string');
      return { kql: `indexof(${x.kql}, "b")`, of: (row) => String(x.of(row)).indexOf('b') };
    },
  ],
  string: [
    (sub) => {
      const [x, y] = [sub('string'), sub('string')];
      return { kql: `strcat(${x.kql}, "-", ${y.kql})`, of: (row) => `${x.of(row)}-${y.of(row)}` };
    },
    choose('string'),
    cases('string'),
    one('tostring', 'long', (n) => (n === null ? '' : String(n))),
    one('toupper', 'string', (s) => String(s).toUpperCase()),
    one('reverse', 'string', (s) => [...String(s)].reverse().join('')),
    (sub, chance) => {
      const [x, from, size] = [sub('string'), chance.below(4), chance.below(3)];
      return { kql: `substring(${x.kql}, ${from}, ${size})`, of: (row) => String(x.of(row)).slice(from, from + size) };
    },
    (sub) => {
      const x = sub('string');
      return { kql: `replace_string(${x.kql}, "ab", "c")`, of: (row) => String(x.of(row)).replaceAll('ab', 'c') };
    },
    (sub) => {
      const [x, y] = [sub('long'), sub('string')];
      return {
        kql: `strcat_array(pack_array(${x.kql}, ${y.kql}), "|")`,
        of: (row) => `${x.of(row) ?? ''}|${y.of(row)}`,
      };
    },
  ],
  bool: [
    (sub, chance) => {
      const [[sign, of], x, y] = [chance.pick(COMPARISON), sub('long'), sub('long')];
      return { kql: `(${x.kql} ${sign} ${y.kql})`, of: (row) => of(x.of(row), y.of(row)) };
    },
    (sub, chance) => {
      const [[sign, of], x, y] = [chance.pick(TEXT), sub('string'), sub('string')];
      return { kql: `(${x.kql} ${sign} ${y.kql})`, of: (row) => of(String(x.of(row)), String(y.of(row))) };
    },
    one('isnull', 'long', (n) => n === null),
    one('isempty', 'string', (s) => s === ''),
    one('not', 'bool', not),
    (sub) => {
      const [x, y] = [sub('bool'), sub('bool')];
      return { kql: `(${x.kql} and ${y.kql})`, of: (row) => and(x.of(row), y.of(row)) };
    },
    (sub) => {
      const [x, y] = [sub('bool'), sub('bool')];
      return { kql: `(${x.kql} or ${y.kql})`, of: (row) => not(and(not(x.of(row)), not(y.of(row)))) };
    },
    (sub) => {
      const x = sub('long');
      return { kql: `(${x.kql} in (1, 2, -5))`, of: (row) => [1, 2, -5].includes(x.of(row) as number) };
    },
    (sub) => {
      const x = sub('string');
      return { kql: `(${x.kql} !in~ ("A", "b a"))`, of: (row) => !['a', 'b a'].includes(String(x.of(row)).toLowerCase()) };
    },
  ],
};

import { type Data, Field, Float64, Int64, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import type { KqlColumn, KqlType } from '../../../core/kql-types.ts';
import type { DecodedAnswer } from './answer-decoder.ts';
import { builderFor } from './builders.ts';
import { FIRST_ROWS } from './column-builder.ts';

/** The same values in another type; undefined where one of them would not be the same. */
type Conversion = (data: Data) => Data | undefined;

const withNulls = ({ length, nullCount, nullBitmap }: Data) => ({ length, nullCount, nullBitmap: nullCount > 0 ? nullBitmap : null });
const asItIs: Conversion = (data) => data;
const MOST_EXACT = 2n ** 53n;

/** Between which types a value stays what it is. Both of one line are stored alike where nothing is to be done. */
const CONVERSIONS: ReadonlyMap<`${KqlType} ${KqlType}`, Conversion> = new Map<`${KqlType} ${KqlType}`, Conversion>([
  ['guid string', asItIs],
  ['decimal string', asItIs],
  [
    'int long',
    (data) =>
      makeData({ type: new Int64(), ...withNulls(data), data: BigInt64Array.from(data.values as Int32Array, (value) => BigInt(value)) }),
  ],
  ['int real', (data) => makeData({ type: new Float64(), ...withNulls(data), data: Float64Array.from(data.values as Int32Array) })],
  [
    'long real',
    (data) => {
      const values = data.values as BigInt64Array;
      if (values.some((value) => value > MOST_EXACT || value < -MOST_EXACT)) return undefined;
      return makeData({ type: new Float64(), ...withNulls(data), data: Float64Array.from(values, Number) });
    },
  ],
]);

/** Nulls of a type; what has no value has none in any other type either. */
function allNull(type: KqlType, name: string, rows: number): Data {
  const builder = builderFor(type, name);
  builder.reserve(Math.max(rows, FIRST_ROWS));
  const cell = Buffer.from('null,');
  for (let row = 0; row < rows; row++) builder.read(cell, 0, cell.length, row);
  return builder.finish(rows);
}

function converted(data: Data, from: KqlType, { name, type }: KqlColumn): Data | undefined {
  if (from === type) return data;
  if (data.length > 0 && data.nullCount === data.length) return allNull(type, name, data.length);
  return CONVERSIONS.get(`${from} ${type}`)?.(data);
}

/**
 * The batches of an answer with the columns that are wanted: each answer of a run is another query, and between two of them a log's
 * columns may have changed, or another workspace has others. Columns are told by their names; a type is changed where no value is,
 * and refused by name elsewhere. `place` says in words which answer it is.
 */
export function withColumns(
  { columns, batches }: Pick<DecodedAnswer, 'columns' | 'batches'>,
  wanted: readonly KqlColumn[],
  { place, file }: { readonly place: string; readonly file?: string | undefined },
): readonly RecordBatch[] {
  const same =
    columns.length === wanted.length && wanted.every(({ name, type }, i) => columns[i]!.name === name && columns[i]!.type === type);
  if (same) return batches;
  const places = wanted.map(({ name }) => columns.findIndex((column) => column.name === name));
  const faults = new Set<string>();
  const renewed = batches.map((batch) => {
    const children = wanted.map((column, i) => {
      const at = places[i]!;
      const data = at < 0 ? undefined : converted(batch.data.children[at]!, columns[at]!.type, column);
      if (data === undefined) faults.add(`${column.name} is ${at < 0 ? 'missing' : columns[at]!.type}, not ${column.type}`);
      return data!;
    });
    return faults.size > 0 ? batch : batchOf(wanted, children, batch.numRows);
  });
  if (faults.size === 0) return renewed;
  throw new FactorwatchError('answer-columns', `the answer for ${place} has other columns: ${[...faults].join('; ')}`, {
    exitCode: ExitCode.invalid,
    ...(file !== undefined && { where: { file } }),
    hint: 'Nothing of it was used, and the next run asks again. Convert the column in the query, as in tostring(Column), if the log stays so.',
  });
}

function batchOf(columns: readonly KqlColumn[], children: readonly Data[], length: number): RecordBatch {
  const schema = new Schema(columns.map(({ name }, i) => new Field(name, children[i]!.type, true)));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [...children] }));
}

import { KQL_TYPES, type KqlType } from '../../../core/kql-types.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { BoolColumn, DatetimeColumn, IntColumn, LongColumn, RealColumn, TimespanColumn } from './fixed-columns.ts';
import { MalformedAnswer } from './json-bytes.ts';
import { DynamicColumn, TextColumn } from './string-columns.ts';

/** How each type of Kusto is read. */
const BUILDERS: Readonly<Record<KqlType, (name: string) => ColumnBuilder>> = {
  bool: (name) => new BoolColumn(name),
  int: (name) => new IntColumn(name),
  long: (name) => new LongColumn(name),
  real: (name) => new RealColumn(name),
  datetime: (name) => new DatetimeColumn(name),
  timespan: (name) => new TimespanColumn(name),
  decimal: () => new TextColumn({ nullable: true }),
  guid: () => new TextColumn({ nullable: true }),
  string: () => new TextColumn({ nullable: false }),
  dynamic: () => new DynamicColumn(),
};

/** Other spellings of the types, which older answers and other services use. */
const ALIASES: ReadonlyMap<string, KqlType> = new Map<string, KqlType>([
  ...KQL_TYPES.map((type) => [type, type] as const),
  ['boolean', 'bool'],
  ['double', 'real'],
  ['date', 'datetime'],
  ['time', 'timespan'],
  ['uuid', 'guid'],
  ['uniqueid', 'guid'],
  ['object', 'dynamic'],
]);

export function kqlTypeOf(wireType: string, column: string): KqlType {
  const type = ALIASES.get(wireType.toLowerCase());
  if (type === undefined) throw new MalformedAnswer(`column ${column} has the unknown type ${JSON.stringify(wireType)}`);
  return type;
}

export function builderFor(type: KqlType, name: string): ColumnBuilder {
  return BUILDERS[type](name);
}

import type { KqlColumn, KqlType, KqlValue } from '../core/kql-types.ts';
import { KqlError } from './kql-error.ts';

/**
 * A query whose columns depend on its data (bag_unpack, pivot) is translated in two steps: the first translation only asks for
 * names and types; with its rows `schemaOf` gives the schema that the second translation reads as if it had been written.
 */
export interface Probe {
  readonly plugin: string;
  /** Where in the text the schema goes. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** Columns that come through. */
  readonly source: readonly KqlColumn[];
  /** A column that gives way, in its place, to an unpacked one of the same name. */
  readonly replaced?: { readonly name: string; readonly at: number } | undefined;
  readonly prefix: string;
  /** What to do with an unpacked column that is named like one of the source. */
  readonly conflict: 'error' | 'keep_source' | 'replace_source';
}

/** Text that is laid into the query where a probe asked for it. */
export interface ProbedSchema {
  readonly offset: number;
  readonly text: string;
}

/** As many columns as an answer may get from its data. */
const MOST = 1000;
const TYPES: ReadonlySet<string> = new Set(['bool', 'long', 'real', 'string', 'dynamic']);

function quoted(name: string): string {
  return `['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}']`;
}

/** The schema that follows from the rows (name, type) of the first step; throws a KqlError where Kusto's answer is an error or not known. */
export function schemaOf(probe: Probe, rows: readonly (readonly KqlValue[])[]): ProbedSchema {
  const fail = (kind: 'semantic' | 'unsupported', message: string): never => {
    throw new KqlError([{ kind, message, name: probe.plugin, line: probe.line, column: probe.column }]);
  };
  if (rows.length > MOST) fail('unsupported', `${probe.plugin} is not supported: it gives more than ${MOST} columns`);
  const columns = [...probe.source];
  const taken = new Set(columns.map((c) => c.name));
  for (const [key, type] of rows) {
    const name = probe.prefix + String(key);
    if (taken.has(name)) {
      if (probe.conflict === 'error') fail('semantic', `${probe.plugin}: the column '${name}' is there already`);
      const at = columns.findIndex((c) => c.name === name);
      if (probe.conflict === 'replace_source' && TYPES.has(String(type))) columns[at] = { name, type: type as KqlType };
      else if (probe.conflict === 'replace_source')
        fail('unsupported', `${probe.plugin} is not supported: the values of '${name}' are ${String(type)}`);
      continue;
    }
    if (name === '' || /\p{Cc}/u.test(name.replace(/[\t\r\n]/g, '')))
      fail('unsupported', `${probe.plugin} is not supported: a column with an empty or unprintable name`);
    if (!TYPES.has(String(type))) fail('unsupported', `${probe.plugin} is not supported: the values of '${name}' are ${String(type)}`);
    taken.add(name);
    const column: KqlColumn = { name, type: type as KqlType };
    if (probe.replaced?.name === name) columns.splice(probe.replaced.at, 0, column);
    else columns.push(column);
  }
  return { offset: probe.offset, text: ` : (${columns.map((c) => `${quoted(c.name)}:${c.type}`).join(', ')})` };
}

/** The text with the schemas in it, each laid into what the ones before it made. */
export function withSchemas(text: string, schemas: readonly ProbedSchema[]): string {
  return schemas.reduce((all, s) => all.slice(0, s.offset) + s.text + all.slice(s.offset), text);
}

/** Where a place of the text with schemas is in the text that was written. */
export function writtenOffset(offset: number, schemas: readonly ProbedSchema[]): number {
  return schemas.reduceRight((at, s) => (at <= s.offset ? at : Math.max(s.offset, at - s.text.length)), offset);
}

/** Thrown through the translation when a probe is needed; never seen outside of translate(). */
export class ProbeNeeded extends Error {
  readonly probe: Probe;
  /** Gives the columns name and type. */
  readonly sql: string;

  constructor(probe: Probe, sql: string) {
    super(probe.plugin);
    this.probe = probe;
    this.sql = sql;
  }
}

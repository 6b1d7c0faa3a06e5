import { didYouMean } from '../core/did-you-mean.ts';
import type { ServerLimits } from './options.ts';

/** What `serve --limit NAME=N` sets, under which name, counted in what. */
const NAMES: Readonly<Record<string, readonly [key: Exclude<keyof ServerLimits, 'rate'>, unit: string]>> = {
  rows: ['rows', 'of an answer'],
  bytes: ['bytes', 'of an answer'],
  'wait-ms': ['waitMs', 'milliseconds'],
  'max-wait-ms': ['maxWaitMs', 'milliseconds'],
  concurrent: ['concurrent', 'queries'],
  queue: ['queue', 'queries'],
  'queue-ms': ['queueMs', 'milliseconds'],
  'query-bytes': ['queryBodyBytes', 'of a request'],
  'batch-items': ['batchItems', 'queries'],
  'ingest-bytes': ['ingestBytes', 'of a call'],
  'field-bytes': ['fieldBytes', 'of a field'],
  'stall-ms': ['stallMs', 'milliseconds'],
};

/** Reads `NAME=N`, or `rate=N/SECONDS`; a text says what is wrong. */
export function limitOf(text: string): Partial<ServerLimits> | string {
  const [name = '', value = ''] = text.split('=');
  if (name === 'rate') {
    const [, count, seconds] = /^(\d{1,9})\/(\d{1,9})$/.exec(value) ?? [];
    return count === undefined
      ? 'rate is QUERIES/SECONDS, as in rate=200/30'
      : { rate: { count: +count, windowMs: Number(seconds) * 1000 } };
  }
  const row = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  const all = [...Object.keys(NAMES), 'rate'];
  if (row === undefined) return `there is no limit "${name}"${didYouMean(name, all)}; there are ${all.join(', ')}`;
  return /^\d{1,12}$/.test(value) ? { [row[0]]: Number(value) } : `${name} is a whole number (${row[1]}), as in ${name}=100`;
}

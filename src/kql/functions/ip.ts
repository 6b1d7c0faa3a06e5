import { convert } from '../convert.ts';
import type { Scalar } from '../scalar.ts';
import type { Call, FunctionRow } from './row.ts';

/** Values and arrays of them as one JSON array. */
function all(call: Call, from: number): string {
  const items = call.args.slice(from).map((a) => `coalesce(${convert(call.scope, a, 'dynamic').sql}, 'null')`);
  return `'[' || ${items.join(" || ',' || ")} || ']'`;
}

function anyRange(name: string, fn: string): FunctionRow {
  const emit = (call: Call): Scalar => ({ sql: `${fn}(${call.args[0]!.sql}, ${all(call, 1)})`, type: 'bool' });
  return { name, takes: ['string', 'any', 'any*'], returns: 'bool', emit };
}

function has(name: string, prefix: boolean): FunctionRow {
  const emit = (call: Call): Scalar => ({ sql: `kqlf_has_ipv4(${call.args[0]!.sql}, ${all(call, 1)}, ${prefix})`, type: 'bool' });
  return { name, takes: ['string', 'any', 'any*'], returns: 'bool', emit };
}

function compare(version: 4 | 6, most: number): FunctionRow[] {
  const emit =
    (match: boolean) =>
    (call: Call): Scalar => {
      const sql = `kqlf_ipv${version}_compare(${call.args[0]!.sql}, ${call.args[1]!.sql}, ${call.args[2]?.sql ?? most})`;
      return match ? { sql: `(${sql} = 0)`, type: 'bool' } : { sql, type: 'long' };
    };
  return [
    { name: `ipv${version}_compare`, takes: ['string', 'string', 'long?'], returns: 'long', emit: emit(false) },
    { name: `ipv${version}_is_match`, takes: ['string', 'string', 'long?'], returns: 'bool', emit: emit(true) },
  ];
}

function format(name: string, withMask: boolean): FunctionRow {
  const emit = ({ args, scope }: Call): Scalar => ({
    sql: `coalesce(kqlf_format_ipv4(${convert(scope, args[0]!, 'string').sql}, ${args[1]?.sql ?? 32}, ${withMask}), '')`,
    type: 'string',
  });
  return { name, takes: ['any', 'long?'], returns: 'string', emit };
}

/** Addresses of the internet, as text. */
export const ip: readonly FunctionRow[] = [
  ...compare(4, 32),
  ...compare(6, 128),
  { name: 'ipv4_is_in_range', takes: ['string', 'string'], returns: 'bool', sql: 'kqlf_ipv4_in_range({0}, {1})' },
  { name: 'ipv6_is_in_range', takes: ['string', 'string'], returns: 'bool', sql: 'kqlf_ipv6_in_range({0}, {1})' },
  anyRange('ipv4_is_in_any_range', 'kqlf_ipv4_in_any'),
  anyRange('ipv6_is_in_any_range', 'kqlf_ipv6_in_any'),
  { name: 'ipv4_is_private', takes: ['string'], returns: 'bool', sql: 'kqlf_ipv4_private({0})' },
  { name: 'ipv4_netmask_suffix', takes: ['string'], returns: 'long', sql: 'kqlf_ipv4_suffix({0})' },
  { name: 'parse_ipv4', takes: ['string'], returns: 'long', sql: 'kqlf_parse_ipv4({0}, 32)' },
  { name: 'parse_ipv4_mask', takes: ['string', 'long'], returns: 'long', sql: 'kqlf_parse_ipv4({0}, {1})' },
  { name: 'parse_ipv6', takes: ['string'], returns: 'string', sql: "coalesce(kqlf_parse_ipv6({0}, 128), '')" },
  { name: 'parse_ipv6_mask', takes: ['string', 'long'], returns: 'string', sql: "coalesce(kqlf_parse_ipv6({0}, {1}), '')" },
  { name: 'ipv4_range_to_cidr_list', takes: ['string', 'string'], returns: 'dynamic', sql: 'kqlf_ipv4_cidrs({0}, {1})' },
  format('format_ipv4', false),
  format('format_ipv4_mask', true),
  has('has_ipv4', false),
  has('has_any_ipv4', false),
  has('has_ipv4_prefix', true),
  has('has_any_ipv4_prefix', true),
  { name: 'geo_info_from_ip_address', takes: ['any'], returns: 'dynamic', refuse: 'it needs a database of places, which is not shipped' },
];

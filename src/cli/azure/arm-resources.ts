import type { OutputTable, OutputType } from '../../schema/output-table.ts';
import { streamDeclaration } from '../../schema/output-table.ts';
import { OUTPUT_TABLES } from '../../schema/output-tables.ts';

/** The versions of the management API that the bodies below are written for. */
export const API = {
  workspace: '2023-09-01',
  table: '2022-10-01',
  dcr: '2023-03-11',
  function: '2020-08-01',
  permissions: '2022-04-01',
} as const;

/** Names of the types in a custom table; they differ from a stream's only in `dateTime`. */
const TABLE_TYPES: Readonly<Record<OutputType, string>> = {
  string: 'string',
  int: 'int',
  long: 'long',
  real: 'real',
  bool: 'boolean',
  dynamic: 'dynamic',
  datetime: 'dateTime',
};

export interface TableBody {
  readonly properties: {
    readonly plan: 'Analytics';
    readonly schema: {
      readonly name: string;
      readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
    };
  };
}

/** A custom table. The plan is Analytics: alert rules do not work on the cheaper ones. */
export function tableBody({ name, columns }: OutputTable): TableBody {
  return {
    properties: {
      plan: 'Analytics',
      schema: { name, columns: columns.map((column) => ({ name: column.name, type: TABLE_TYPES[column.type], description: column.doc })) },
    },
  };
}

export interface DcrBody {
  readonly location: string;
  readonly kind: 'Direct';
  readonly properties: {
    readonly description: string;
    readonly streamDeclarations: Readonly<
      Record<string, { readonly columns: readonly { readonly name: string; readonly type: string }[] }>
    >;
    readonly destinations: { readonly logAnalytics: readonly { readonly workspaceResourceId: string; readonly name: string }[] };
    readonly dataFlows: readonly {
      readonly streams: readonly string[];
      readonly destinations: readonly string[];
      readonly transformKql: string;
      readonly outputStream: string;
    }[];
  };
}

const DESTINATION = 'workspace';

/** One rule for all our streams, with an endpoint of its own (kind Direct). */
export function dcrBody(workspaceResourceId: string, location: string): DcrBody {
  return {
    location,
    kind: 'Direct',
    properties: {
      description: 'Findings, rules and runs of Factorwatch.',
      streamDeclarations: Object.fromEntries(
        OUTPUT_TABLES.map((table) => {
          const { stream, columns } = streamDeclaration(table);
          return [stream, { columns }];
        }),
      ),
      destinations: { logAnalytics: [{ workspaceResourceId, name: DESTINATION }] },
      dataFlows: OUTPUT_TABLES.map(({ stream }) => ({
        streams: [stream],
        destinations: [DESTINATION],
        transformKql: 'source',
        outputStream: stream,
      })),
    },
  };
}

/** A file of queries/functions. */
export interface FunctionFile {
  readonly name: string;
  readonly text: string;
}

export interface FunctionBody {
  readonly properties: {
    readonly category: string;
    readonly displayName: string;
    readonly functionAlias: string;
    readonly functionParameters: string;
    readonly query: string;
    readonly version: 2;
  };
}

/** `(user:string, n:long=3)` and a body in braces, behind comments; a text without them is a function without parameters. */
const WITH_PARAMETERS = /^((?:\s*\/\/[^\n]*\n)*)\s*\(([^)]*)\)\s*\{([\s\S]*)\}\s*$/;

/** A saved function: Log Analytics keeps the parameters beside the body, Kusto's form has them before it. */
export function functionBody({ name, text }: FunctionFile): FunctionBody {
  const match = WITH_PARAMETERS.exec(text);
  const [comment, parameters, body] = match ? [match[1]!, match[2]!, match[3]!] : ['', '', text];
  const lines = body.replace(/^\n+|\s+$/g, '').split('\n');
  const indent = match ? Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length)) : 0;
  return {
    properties: {
      category: 'Factorwatch',
      displayName: name,
      functionAlias: name,
      functionParameters: parameters.replace(/\s*,\s*/g, ', ').trim(),
      query: comment.trimStart() + lines.map((line) => line.slice(indent)).join('\n'),
      version: 2,
    },
  };
}

import { ExitCode, FactorwatchError } from '../core/errors.ts';

export type FaultKind = 'syntax' | 'semantic' | 'unsupported';

/** One thing that is wrong with a query; line and column are 1-based. */
export interface KqlFault {
  readonly kind: FaultKind;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The function, operator or name the fault is about. */
  readonly name: string;
  /** Where the text is from when it is not the query itself: a stored function. */
  readonly file?: string | undefined;
}

const CODES = { syntax: 'kql-syntax', semantic: 'kql-semantic', unsupported: 'kql-unsupported' } as const;
const RANK: readonly FaultKind[] = ['syntax', 'semantic', 'unsupported'];

/** A query that is wrong or not supported; `faults` holds every fault of the text. */
export class KqlError extends FactorwatchError {
  readonly kind: FaultKind;
  readonly faults: readonly KqlFault[];

  /** `source` is the text of the query, for the excerpt. */
  constructor(faults: readonly KqlFault[], file?: string, source?: string) {
    const kind = RANK.find((k) => faults.some((f) => f.kind === k)) ?? 'semantic';
    const first = faults.find((f) => f.kind === kind);
    const text = faults.map((f) => `${f.file ?? file ?? 'query'}:${f.line}:${f.column}: ${f.message}`).join('\n');
    super(CODES[kind], text, {
      exitCode: ExitCode.invalid,
      where: { file: first?.file ?? file ?? 'query', line: first?.line, column: first?.column },
      excerpt: source === undefined || first === undefined || first.file !== undefined ? undefined : excerptOf(source, first),
    });
    this.name = 'KqlError';
    this.kind = kind;
    this.faults = faults;
  }
}

const WIDEST = 76;

/** The line of a fault with a caret under its column; a long line is cut around it. */
function excerptOf(source: string, { line, column }: KqlFault): string | undefined {
  const text = source.split(/\r\n?|\n/)[line - 1]?.replaceAll('\t', ' ');
  if (text === undefined) return undefined;
  const from = column > WIDEST - 10 ? column - WIDEST / 2 : 0;
  return `${text.slice(from, from + WIDEST)}\n${' '.repeat(Math.max(0, column - 1 - from))}^`;
}

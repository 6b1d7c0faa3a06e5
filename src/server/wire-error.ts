import { ExitCode, FactorwatchError } from '../core/errors.ts';

/** `error` of an answer, as the Log Analytics query API spells it. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly innererror?: InnerError | undefined;
}
export interface InnerError {
  readonly code: string;
  readonly message: string;
  readonly innererror?: InnerError | undefined;
  readonly line?: number | undefined;
  readonly pos?: number | undefined;
}

/** A request that is answered with an error: status, body and headers. */
export class WireError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, more: { inner?: InnerError; headers?: Record<string, string> } = {}) {
    super(message);
    this.name = 'WireError';
    this.status = status;
    this.body = { code, message, ...(more.inner && { innererror: more.inner }) };
    this.headers = more.headers ?? {};
  }

  get text(): string {
    return JSON.stringify({ error: this.body });
  }
}

export function badArgument(message: string): WireError {
  return new WireError(400, 'BadArgumentError', message, { inner: { code: 'InvalidArgument', message } });
}

/** The service's names for what can be wrong with a query, by the code of our error. */
const QUERY_FAULTS: Readonly<Record<string, { readonly code: string; readonly detail: string }>> = {
  'kql-syntax': { code: 'SyntaxError', detail: 'SYN0002' },
  'kql-semantic': { code: 'SemanticError', detail: 'SEM0100' },
  'kql-unsupported': { code: 'Unsupported', detail: 'Unsupported' },
};

const STATUS_OF_EXIT: Readonly<Partial<Record<ExitCode, readonly [status: number, code: string]>>> = {
  [ExitCode.usage]: [400, 'BadArgumentError'],
  [ExitCode.nothingUsable]: [400, 'BadArgumentError'],
  [ExitCode.noInput]: [400, 'BadArgumentError'],
  [ExitCode.invalid]: [400, 'BadArgumentError'],
  [ExitCode.noPermission]: [403, 'InsufficientAccessError'],
  [ExitCode.unavailable]: [503, 'ServiceUnavailable'],
  [ExitCode.held]: [503, 'ServiceUnavailable'],
  // The client went away, or the server is being stopped.
  [ExitCode.interrupted]: [503, 'ServiceUnavailable'],
};

function queryFault(error: FactorwatchError, { code, detail }: { code: string; detail: string }): WireError {
  const { line, column } = error.where ?? {};
  let message = error.message;
  if (code === 'Unsupported' && !message.includes('not supported')) message = `not supported: ${message}`;
  if (line !== undefined && column !== undefined && !message.includes(`${line}:${column}`)) message += ` (line ${line}, column ${column})`;
  // The SDKs show `error.message` alone, tools that know the service read `innererror`: both say what is wrong and where.
  return new WireError(400, 'BadArgumentError', `The request had some invalid properties: ${message}`, {
    inner: { code, message, innererror: { code: detail, message, line, pos: column } },
  });
}

/** Any error as an answer. What is not one of ours says nothing of its inside. */
export function toWireError(error: unknown): WireError {
  if (error instanceof WireError) return error;
  if (error instanceof FactorwatchError) {
    const fault = QUERY_FAULTS[error.code];
    if (fault) return queryFault(error, fault);
    const [status, code] = STATUS_OF_EXIT[error.exitCode] ?? [500, 'InternalServerError'];
    return new WireError(status, code, error.message, { inner: { code: error.code, message: error.message } });
  }
  return new WireError(500, 'InternalServerError', 'The server failed on this request; its own log has the reason.');
}

import type { PartialReason } from '../../workspace/workspace.ts';

/** Why an answer was cut, as the engine numbers it (0x80DA0003 as a signed number); the service's other numbers are not published. */
const ENGINE_CODES: Readonly<Record<PartialReason['code'], string>> = {
  rows: '-2133196797',
  bytes: '-2133196797',
  time: 'QueryTimeLimit',
  service: 'EngineFailure',
};

/** `error` beside a table that was cut: status 200, so that a client must look for it. */
export function partialError(reason: PartialReason): object {
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [
      {
        code: 'EngineError',
        message: 'Something went wrong processing your query on the server.',
        innererror: { code: ENGINE_CODES[reason.code], message: reason.message, severity: 2, severityName: 'Error' },
      },
    ],
  };
}

export function tooManyRows(limit: number): PartialReason {
  return {
    code: 'rows',
    message: `The results of this query exceed the set limit of ${limit} records, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). Narrow the time range or project fewer columns.`,
  };
}

export function tooManyBytes(limit: number): PartialReason {
  return {
    code: 'bytes',
    message: `The results of this query exceed the set limit of ${limit} bytes, so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). Narrow the time range or project fewer columns.`,
  };
}

export function tookTooLong(waitMs: number): PartialReason {
  return {
    code: 'time',
    message: `The query did not end within ${waitMs / 1000} s, so not all records were returned. Narrow the time range, or ask for more time with Prefer: wait.`,
  };
}

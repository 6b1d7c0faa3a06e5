import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { AnswerDecoder, type DecodedAnswer } from './decode/answer-decoder.ts';
import { MalformedAnswer } from './decode/json-bytes.ts';

/** The answer stopped in mid-body: the connection was cut, or what came is not a whole answer. */
export class AnswerCut extends Error {}

/** Where the tap leaves an answer for the query that asked; one for each try. */
export interface Tapped {
  answer: DecodedAnswer | undefined;
  /** 204, or 200 without a body. */
  empty: 'no-content' | 'empty-body' | undefined;
}

const NO_TABLES = '{"tables":[]}';

/**
 * A transport for the query client that decodes an answer while it streams in, and gives the SDK the same answer without its
 * rows. Stock 1.3.3 builds a property for every character of every cell: 30 s and 1.8 GB for one full answer.
 * `tapOf` finds the place for a request's answer; undefined leaves the request alone.
 */
export function tappedClient(inner: HttpClient, tapOf: (request: PipelineRequest) => Tapped | undefined): HttpClient {
  return {
    async sendRequest(request) {
      const tap = tapOf(request);
      if (tap === undefined) return inner.sendRequest(request);
      request.streamResponseStatusCodes = new Set([200]);
      const response = await inner.sendRequest(request);
      // The SDK must take the answer below for text.
      delete request.streamResponseStatusCodes;
      if (response.status === 204) {
        tap.empty = 'no-content';
        return whole(response, NO_TABLES);
      }
      if (response.status !== 200) return response;
      const answer = await decode(response);
      if (answer.envelope.trim() === '') {
        tap.empty = 'empty-body';
        return whole(response, NO_TABLES);
      }
      tap.answer = answer;
      return whole(response, answer.envelope);
    },
  };
}

async function decode(response: PipelineResponse): Promise<DecodedAnswer> {
  const decoder = new AnswerDecoder();
  try {
    const body = response.readableStreamBody;
    if (body) for await (const chunk of body) decoder.push(chunk as unknown as Uint8Array);
    else if (response.bodyAsText) decoder.push(Buffer.from(response.bodyAsText));
    return decoder.end();
  } catch (error) {
    if (error instanceof MalformedAnswer) throw new AnswerCut(`the answer cannot be read: ${error.message}`, { cause: error });
    throw new AnswerCut(`the answer was cut: ${(error as Error).message}`, { cause: error });
  }
}

/** The response as the SDK expects it of a body that was read as text. `status` 204 would be an error to it. */
function whole(response: PipelineResponse, bodyAsText: string): PipelineResponse {
  return { request: response.request, headers: response.headers, status: 200, bodyAsText };
}

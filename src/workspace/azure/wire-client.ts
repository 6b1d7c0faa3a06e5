import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { AnswerDecoder, type DecodedAnswer } from './decode/answer-decoder.ts';
import { MalformedAnswer } from './decode/json-bytes.ts';

/** The answer stopped in mid-body: the connection was cut, or what came is not a whole answer. */
export class AnswerCut extends Error {}

/** Where a query's answer is left for the one who asked; one for each try. */
export interface Tapped {
  answer: DecodedAnswer | undefined;
  /** 204, or 200 without a body. */
  empty: 'no-content' | 'empty-body' | undefined;
}

/** An answer may pause so long in its middle at least, whatever the retry settings: less would cut answers of a slow line. */
const LEAST_IDLE_MS = 10_000;

/** How long an answer may pause in its middle: what a pause between two tries may last, so that waiting costs no more than asking again. */
export function idleLimit({ maxWaitMs }: { readonly maxWaitMs: number }): number {
  return Math.max(LEAST_IDLE_MS, maxWaitMs);
}

/** So long the decoder may keep the event loop for itself. */
const TURN_MS = 10;
/** An error, or the answer to an upload, is some lines. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const NO_TABLES = '{"tables":[]}';
const ANY_STATUS = new Set([Number.POSITIVE_INFINITY]);

/**
 * Reads the bodies of answers in place of the SDK's transport, for two reasons. The transport pipes a compressed body into a
 * decompressor without passing errors on, so that an answer cut in its middle, or aborted, is waited for forever. And stock
 * monitor-query 1.3.3 builds a property for every character of every cell (30 s and 1.8 GB for one full answer): where `tapOf`
 * gives a place, rows are decoded as they stream in and the SDK gets the same answer without them.
 */
export function wireClient(
  inner: HttpClient,
  { idleMs, tapOf = () => undefined }: { readonly idleMs: number; readonly tapOf?: (request: PipelineRequest) => Tapped | undefined },
): HttpClient {
  return {
    async sendRequest(request) {
      // Codings are case-insensitive to servers, while the transport looks for "gzip": this keeps its hands off the body.
      request.headers.set('Accept-Encoding', 'GZIP');
      request.streamResponseStatusCodes = ANY_STATUS;
      const response = await inner.sendRequest(request);
      // The SDK must take what it gets below for text.
      delete request.streamResponseStatusCodes;
      const tap = tapOf(request);
      const body = bodyOf(response, idleMs);
      if (tap === undefined || (response.status !== 200 && response.status !== 204))
        return withText(response, body ? await readText(body) : '');
      if (response.status === 204) {
        body?.resume();
        tap.empty = 'no-content';
        return { ...withText(response, NO_TABLES), status: 200 };
      }
      const answer = await decode(body);
      if (answer.envelope.trim() === '') {
        tap.empty = 'empty-body';
        return withText(response, NO_TABLES);
      }
      tap.answer = answer;
      return withText(response, answer.envelope);
    },
  };
}

function withText({ request, status, headers }: PipelineResponse, bodyAsText: string): PipelineResponse {
  return { request, status, headers, bodyAsText };
}

/** The body, decompressed; an error of the connection, or nothing coming for too long, ends it with that error. */
function bodyOf(response: PipelineResponse, idleMs: number): Readable | undefined {
  const body = response.readableStreamBody as IncomingMessage | undefined;
  if (body !== undefined) endWhenIdle(body, idleMs);
  if (body === undefined || !/^(x-)?gzip$/i.test(response.headers.get('content-encoding') ?? '')) return body;
  return pipeline(body, createGunzip({ chunkSize: 65_536 }), () => {});
}

/**
 * A connection that stays open and brings nothing would hold the run until the time of the whole answer is over. Two looks without a
 * byte between them, as one alone may come right after detectors kept the event loop busy, before what came meanwhile is read.
 */
function endWhenIdle(body: IncomingMessage, idleMs: number): void {
  const { socket } = body;
  let before = socket.bytesRead;
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = socket.bytesRead === before ? quiet + 1 : 0;
    before = socket.bytesRead;
    if (quiet >= 2 && !body.complete) body.destroy(new Error(`nothing came for ${idleMs / 1000} s`));
  }, idleMs / 2);
  timer.unref();
  body.once('close', () => clearInterval(timer));
}

async function readText(body: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      size += part.length;
      // Leaving the loop ends the connection.
      if (size > MAX_TEXT_BYTES) throw new Error(`more than ${MAX_TEXT_BYTES} bytes of it came`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    throw new AnswerCut(`the answer was cut: ${(error as Error).message}`);
  }
}

async function decode(body: Readable | undefined): Promise<DecodedAnswer> {
  const decoder = new AnswerDecoder();
  try {
    if (body) {
      pour(body, decoder);
      await finished(body);
    }
    return decoder.end();
  } catch (error) {
    if (error instanceof MalformedAnswer) throw new AnswerCut(`the answer cannot be read: ${error.message}`);
    throw new AnswerCut(`the answer was cut: ${(error as Error).message}`);
  }
}

/**
 * Hands each chunk to the decoder as it comes. Up to 32 of them come in one turn of the event loop as long as the line is faster
 * than the decoder: timers and other connections get their turn in between.
 */
function pour(body: Readable, decoder: AnswerDecoder): void {
  let turned = performance.now();
  body.on('data', (chunk: Uint8Array) => {
    try {
      decoder.push(chunk);
    } catch (error) {
      body.destroy(error as Error);
      return;
    }
    if (performance.now() - turned < TURN_MS) return;
    body.pause();
    setImmediate(() => {
      turned = performance.now();
      body.resume();
    });
  });
}

import { setMaxListeners } from 'node:events';
import { isRecord, parseJson } from '../body.ts';
import { badArgument, toWireError, WireError } from '../wire-error.ts';
import { type AnswerPieces, type QueryServices, startQuery } from './answer-stream.ts';
import { preferences } from './prefer.ts';
import { type KnowsWorkspace, queryBody, unknownWorkspace } from './request.ts';

interface BatchItem {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads the items of a $batch; an item that is wrong in itself fails alone. */
export function batchItems(body: Uint8Array, limit: number): readonly BatchItem[] {
  const json = parseJson(body);
  const requests = json && isRecord(json.value) ? json.value['requests'] : undefined;
  if (!Array.isArray(requests)) throw badArgument('The request body has no array "requests".');
  if (requests.length > limit) throw badArgument(`A batch has at most ${limit} requests.`);
  const seen = new Set<string>();
  return requests.map((fields: unknown) => {
    const id = isRecord(fields) ? fields['id'] : undefined;
    if (!isRecord(fields) || typeof id !== 'string' || id === '')
      throw badArgument('Each request of a batch is an object with a text "id".');
    if (seen.has(id)) throw badArgument(`Two requests of the batch have the id "${id.slice(0, 100)}".`);
    seen.add(id);
    return { id, fields };
  });
}

function header(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const headers = fields['headers'];
  if (!isRecord(headers)) return undefined;
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}

async function startItem(
  { fields }: BatchItem,
  services: QueryServices,
  knows: KnowsWorkspace,
  signal: AbortSignal,
): Promise<AnswerPieces> {
  const { workspace, path, method, body } = fields;
  if (typeof workspace !== 'string' || !knows(workspace)) throw unknownWorkspace(String(workspace));
  if (path !== undefined && path !== '/query') throw new WireError(404, 'PathNotFoundError', 'A batch can ask for /query only.');
  if (method !== undefined && method !== 'POST') throw new WireError(404, 'PathNotFoundError', 'A request of a batch is a POST.');
  if (!isRecord(body)) throw badArgument('"body" is not an object.');
  const { query, timespan } = queryBody(body, knows);
  return startQuery(services, { kql: query, timespan, prefer: preferences(header(fields, 'prefer'), services.limits) }, signal);
}

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

interface Ready {
  readonly id: string;
  readonly pieces?: AnswerPieces | readonly Buffer[];
  readonly error?: WireError;
}

async function held(pieces: AnswerPieces): Promise<readonly Buffer[]> {
  const parts: Buffer[] = [];
  for await (const part of pieces) parts.push(part);
  return parts;
}

/**
 * The body of a $batch answer: each answer as soon as it is ready, so in any order. Answers are written one after another and read
 * from the workspace no faster than that, so that a batch of large ones is never held whole.
 */
export async function* batchPieces(
  items: readonly BatchItem[],
  services: QueryServices,
  knows: KnowsWorkspace,
  { reversed = false }: { reversed?: boolean } = {},
): AsyncGenerator<Buffer, void, undefined> {
  const stop = new AbortController();
  // Every item listens to it.
  setMaxListeners(0, stop.signal);
  const pending = new Map<string, Promise<Ready>>();
  for (const item of items) {
    pending.set(
      item.id,
      startItem(item, services, knows, stop.signal).then(
        // Whoever wants another order than that in which they are ready must hold them: those that come last give no place free.
        async (pieces) => ({ id: item.id, pieces: reversed ? await held(pieces) : pieces }),
        (error: unknown) => ({ id: item.id, error: toWireError(error) }),
      ),
    );
  }
  try {
    yield Buffer.from('{"responses":[');
    let comma = '';
    while (pending.size > 0) {
      const ready = await (reversed ? [...pending.values()].at(-1)! : Promise.race(pending.values()));
      pending.delete(ready.id);
      const head = `${comma}{"id":${JSON.stringify(ready.id)},"status":${ready.error?.status ?? 200},"headers":${JSON.stringify({ ...JSON_HEADERS, ...ready.error?.headers })},"body":`;
      comma = ',';
      if (ready.error) yield Buffer.from(`${head}${ready.error.text}}`);
      if (ready.pieces) {
        yield Buffer.from(head);
        yield* ready.pieces;
        yield Buffer.from('}');
      }
    }
    yield Buffer.from(']}');
  } finally {
    stop.abort();
    for (const left of pending.values()) {
      left.then(({ pieces }) => (pieces && 'return' in pieces ? pieces.return?.() : undefined)).catch(() => undefined);
    }
  }
}

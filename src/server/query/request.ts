import { isRecord, parseJson } from '../body.ts';
import { badArgument, WireError } from '../wire-error.ts';

/** The body of a query. */
export interface QueryBody {
  readonly query: string;
  readonly timespan: string | undefined;
}

/** Whether an id is one of the workspace's, whatever its case. */
export type KnowsWorkspace = (id: string) => boolean;

export function unknownWorkspace(id: string): WireError {
  return new WireError(404, 'PathNotFoundError', `There is no workspace "${id.slice(0, 100)}" here.`);
}

/** Reads a query's fields; every one of them comes from outside. */
export function queryBody(fields: Readonly<Record<string, unknown>>, knows: KnowsWorkspace): QueryBody {
  const { query, timespan, workspaces } = fields;
  if (typeof query !== 'string' || query.trim() === '') throw badArgument('"query" is missing or is not a text.');
  if (timespan !== undefined && timespan !== null && typeof timespan !== 'string') throw badArgument('"timespan" is not a text.');
  if (workspaces !== undefined && workspaces !== null) {
    if (!Array.isArray(workspaces)) throw badArgument('"workspaces" is not an array.');
    const foreign = workspaces.find((id) => typeof id !== 'string' || !knows(id));
    if (foreign !== undefined) throw badArgument(`"workspaces" names ${JSON.stringify(foreign).slice(0, 100)}, which is not here.`);
  }
  // The SDK sends an empty text where no time span was given.
  return { query, timespan: typeof timespan === 'string' && timespan !== '' ? timespan : undefined };
}

/** Reads the JSON body of a POST. */
export function queryBodyOf(contentType: string | undefined, body: Uint8Array, knows: KnowsWorkspace): QueryBody {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '')) throw badArgument('Content-Type must be application/json.');
  const json = parseJson(body);
  if (!json || !isRecord(json.value)) throw badArgument('The request body is not a JSON object in UTF-8.');
  return queryBody(json.value, knows);
}

const RESOURCE =
  /^\/?subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?(?:\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+)?$/i;

/**
 * Refuses to answer for a resource whose rows cannot be told from others': the embedded workspace is one workspace, so a
 * subscription, a resource group or a workspace means all of it, and anything else a part that nobody can name.
 */
export function requireWorkspaceResource(resourceId: string): void {
  if (!/^\/?subscriptions\//i.test(resourceId)) throw new WireError(404, 'PathNotFoundError', 'There is nothing at this path.');
  if (!RESOURCE.test(resourceId)) {
    throw badArgument(
      `Queries scoped to "${resourceId.slice(0, 200)}" are not supported: only a workspace, its resource group or its subscription.`,
    );
  }
}

import { Hono } from 'hono';
import type { OutputTable } from '../../schema/output-table.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { parseJson, readBody } from '../body.ts';
import type { ServerClock } from '../clock.ts';
import type { NodeBindings } from '../connection.ts';
import { type Observer, observed } from '../observe.ts';
import type { ServerLimits } from '../options.ts';
import { WireError } from '../wire-error.ts';
import { declaredRows } from './rows.ts';

const API_VERSIONS: ReadonlySet<string> = new Set(['2023-01-01', '2021-11-01-preview']);

/** Everything the ingestion route needs. */
export interface IngestionRoutes {
  readonly workspace: Workspace;
  readonly observer: Observer;
  readonly clock: ServerClock;
  readonly limits: ServerLimits;
  readonly knowsRule: (id: string) => boolean;
  readonly streams: ReadonlyMap<string, OutputTable>;
}

function checkVersion(version: string | undefined): void {
  if (version === undefined)
    throw new WireError(400, 'MissingApiVersionParameter', 'The query parameter api-version is missing; use 2023-01-01.');
  if (!API_VERSIONS.has(version)) {
    throw new WireError(400, 'InvalidApiVersionParameter', `api-version "${version.slice(0, 40)}" is not supported; use 2023-01-01.`);
  }
}

/** The Logs Ingestion API, to be mounted at /dataCollectionRules. 204 is said only when the rows are durable. */
export function ingestionRoutes({
  workspace,
  observer,
  clock,
  limits,
  knowsRule,
  streams,
}: IngestionRoutes): Hono<{ Bindings: NodeBindings }> {
  const bodyLimit = {
    bytes: limits.ingestBytes,
    tooLarge: (bytes: number) =>
      new WireError(413, 'ContentLengthLimitExceeded', `Maximum allowed content length: ${bytes} bytes, compressed and uncompressed both.`),
  };

  const routes = new Hono<{ Bindings: NodeBindings }>();
  routes.post('/:rule/streams/:stream', (c) =>
    observed(observer, c, 'ingest', async (fault) => {
      checkVersion(c.req.query('api-version'));
      const { rule, stream } = c.req.param();
      if (!knowsRule(rule))
        throw new WireError(404, 'NotFound', `Data collection rule with immutable Id '${rule.slice(0, 100)}' not found.`);
      const table = streams.get(stream);
      if (!table) {
        throw new WireError(400, 'InvalidStream', `The stream ${stream.slice(0, 100)} was not configured in the data collection rule.`);
      }
      if (c.req.header('content-type')?.includes('json') !== true) {
        throw new WireError(415, 'UnsupportedMediaType', 'Content-Type must be application/json.');
      }
      const json = parseJson(await readBody(c.req.raw, bodyLimit));
      if (!json) throw new WireError(400, 'InvalidRequestBody', 'The request body is not JSON in UTF-8.');
      const rows = declaredRows(json.value, table, limits.fieldBytes);
      if (fault?.kind === 'visible-after') {
        clock
          .sleep(fault.delayMs)
          .then(() => workspace.ingest(stream, rows))
          .catch(observer.onDefect);
        return new Response(null, { status: 204 });
      }
      const { rejected } = await workspace.ingest(stream, rows);
      const [first] = rejected;
      if (first) {
        // The service would drop them in silence; whoever sent them would believe them written.
        throw new WireError(
          400,
          'InvalidRecord',
          `${rejected.length} of ${rows.length} records were not taken; record ${first.row}: ${first.reason}`,
        );
      }
      return new Response(null, { status: 204 });
    }),
  );
  return routes;
}

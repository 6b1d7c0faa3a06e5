import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import type { Config } from '../config/config.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../option-values.ts';
import { usageError } from '../usage-error.ts';

const DEFAULT_PORT = 8765;
/** Requests under way get this long to end; less than what the process has to end in. */
const CLOSE_MS = 2_000;

export const command = defineCommand({
  name: 'serve',
  summary: 'show the findings in a browser, and serve the workspace over its API',
  description: `Holds the data directory and answers on 127.0.0.1: a page with findings, runs and a query box at /, the Log Analytics query API
under /v1, the Logs Ingestion API under /dataCollectionRules. The first line on standard output comes when it answers:
"listening on http://127.0.0.1:PORT". While it runs, import, query, findings, status and run on the same data directory work through it.
Any bearer token is let in unless FACTORWATCH_SERVE_TOKEN names the one. Ends with 69 when the port is in use, 75 when another process
holds the data directory. --faults, --limit, --check-audience, --journal and --fake-arm are for tests of clients; nothing stands in for Microsoft Graph, which no command calls.`,
  examples: [
    'factorwatch serve',
    'factorwatch serve --port 0 --data-dir /srv/factorwatch',
    'factorwatch serve --limit rows=1000 --limit queue=0',
  ],
  options: {
    port: { value: 'N', about: `port on 127.0.0.1; 0 takes a free one (default ${DEFAULT_PORT})`, parse: wholeNumber({ most: 65_535 }) },
    faults: { value: 'FILE', about: 'for tests: fail as this JSON file says' },
    limit: {
      value: 'NAME=N',
      repeat: true,
      about:
        'for tests: another limit than the service has, as in rows=1000, bytes=2000000, concurrent=1, rate=200/30; a wrong name shows all',
    },
    checkAudience: { about: 'for tests: refuse a token (JWT) that was made for another API' },
    journal: { value: 'FILE', about: 'for tests: append every request to this file' },
    fakeArm: { value: 'RESOURCE_ID', about: 'for tests: stand in for the management API with this workspace, for plan and deploy' },
  },
  async run(context, _args, options) {
    const target = await context.target();
    if (target.kind !== 'embedded') {
      throw new FactorwatchError('serve-not-embedded', `target ${target.name} is a workspace in Azure; serve works on an embedded one`, {
        exitCode: ExitCode.usage,
        hint: 'Choose a target of kind embedded with --target.',
      });
    }
    const { io, signal, env, dataDir } = context;
    const [{ randomBytes }, { join, resolve }, { createApp }, { listen }, { faultPlan }, { fileJournal }, serveFile, relay, relayHost] =
      await Promise.all([
        import('node:crypto'),
        import('node:path'),
        import('../../server/app.ts'),
        import('../../server/listen.ts'),
        import('../../server/faults.ts'),
        import('../../server/journal.ts'),
        import('../../server/serve-file.ts'),
        import('../relay.ts'),
        import('../relay-host.ts'),
      ]);
    const workspace = await context.openWorkspace();
    const token = randomBytes(32).toString('base64url');
    const app = createApp({
      workspace,
      ...configuredIds(await context.config()),
      token: env['FACTORWATCH_SERVE_TOKEN'] || undefined,
      checkAudience: options.checkAudience,
      limits: await limitsOf(options.limit ?? []),
      faults: faultPlan(options.faults === undefined ? [] : await readFaults(context, options.faults)),
      journal: options.journal === undefined ? undefined : fileJournal(resolve(context.cwd, options.journal)),
      arm: options.fakeArm === undefined ? undefined : await fakeArm(options.fakeArm),
      relay: { path: relay.RELAY_PATH, handle: relayHost.relayHandler({ dataDir, workspace, token, env, signal }) },
      onDefect: (error) => io.err(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    const server = await listen(app, options.port ?? DEFAULT_PORT);
    context.onEnd(() => server.close(CLOSE_MS));
    const record = { address: server.address, token, pid: process.pid };
    const path = join(dataDir, relay.SERVE_FILE);
    await serveFile.writeServeFile(path, record);
    context.onEnd(() => serveFile.removeServeFile(path, record));
    if (context.json) io.json({ address: server.address, pid: process.pid });
    else io.out(`listening on ${server.address}`);
    if (io.isTTY) io.err(`Open ${server.address}/ in a browser; Ctrl-C ends it.`);
    await new Promise<void>((ended) => {
      if (signal.aborted) ended();
      signal.addEventListener('abort', () => ended());
    });
    return ExitCode.done;
  },
});

async function fakeArm(resourceId: string) {
  const [{ FakeArm }, { workspaceResource }] = await Promise.all([import('../../server/fakes/arm.ts'), import('../azure/resource-id.ts')]);
  return new FakeArm(workspaceResource(resourceId).id);
}

/** Ids that clients of the Azure targets use: pointed at this server they work unchanged. */
function configuredIds({ targets }: Config): { workspaceIds: string[]; dcrIds: string[] } {
  const azure = Object.values(targets).filter((target) => target.kind === 'azure');
  return { workspaceIds: azure.flatMap((target) => target.workspaces), dcrIds: azure.map((target) => target.ingest.dcr_id) };
}

async function limitsOf(texts: readonly string[]) {
  const { limitOf } = await import('../../server/limit-names.ts');
  const limits = texts.map((text) => {
    const limit = limitOf(text);
    if (typeof limit === 'string') throw usageError(`--limit ${text}: ${limit}`);
    return limit;
  });
  return Object.assign({}, ...limits) as (typeof limits)[number];
}

async function readFaults({ cwd }: CommandContext, file: string) {
  const [{ readFile }, { resolve }, { faultRows }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../../server/faults-file.ts'),
  ]);
  const text = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new FactorwatchError('faults-unreadable', `cannot read ${file}`, { exitCode: ExitCode.noInput, where: { file }, cause });
  });
  return faultRows(text, file);
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ownTemporaryFolder } from '../test/support/temporary-folder.ts';

/** What can be measured. Each runs in a process of its own, so that its peak memory is its own. */
const BENCHES: Readonly<Record<string, (argv: readonly string[]) => Promise<unknown>>> = {
  'start-up': async () => (await import('./start-up.ts')).benchStartUp(),
  import: async () => (await import('./import.ts')).benchImport(),
  engine: async () => (await import('./engine.ts')).benchEngine(),
  pair: async (argv) => (await import('./pair.ts')).benchPair(argv),
  kql: async () => (await import('./kql.ts')).benchKql(),
  lookback: async () => (await import('./lookback.ts')).benchLookback(),
  azure: async () => (await import('./azure.ts')).benchAzure(),
  'end-to-end': async () => (await import('./end-to-end.ts')).benchEndToEnd(),
  quality: async (argv) => (await import('./quality.ts')).benchQuality(argv),
  fit: async (argv) => (await import('./fit.ts')).benchFit(argv),
  chaos: async (argv) => (await import('./chaos.ts')).benchChaos(argv),
};

const here = fileURLToPath(import.meta.url);
const [name, ...rest] = process.argv.slice(2);
/** Needs arguments: left out where all are run. */
const ON_REQUEST = new Set(['pair', 'quality', 'fit']);

if (name === undefined) {
  const failed = Object.keys(BENCHES)
    .filter((each) => !ON_REQUEST.has(each))
    .filter((each) => {
      process.stdout.write(`\n== ${each}\n`);
      return spawnSync(process.execPath, ['--import', 'tsx', here, each], { stdio: 'inherit' }).status !== 0;
    });
  if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
} else {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) throw new Error(`there is no bench "${name}"; there are ${Object.keys(BENCHES).join(', ')}`);
  const remove = ownTemporaryFolder();
  try {
    await bench(rest);
  } finally {
    remove();
  }
  process.stdout.write(`peak memory of this process  ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
}

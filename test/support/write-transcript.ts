import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { ROOT } from './source-files.ts';

/** Puts what `npm start` prints now into README.md: `npm run transcript`. */
const io = memoryIo();
const code = await runCommandInProcess(['demo'], io, { cwd: ROOT, env: {}, signal: new AbortController().signal });
if (code !== 0) throw new Error(io.stderr());
const text = io
  .stdout()
  .trimEnd()
  .replaceAll(/\S*factorwatch-demo-\w+/g, '/tmp/factorwatch-demo');
const readme = join(ROOT, 'README.md');
const [before, after] = readFileSync(readme, 'utf8').split(/```\nFactorwatch [\s\S]*?\n```/);
if (before === undefined || after === undefined) throw new Error('README.md has no transcript to replace');
writeFileSync(readme, `${before}\`\`\`\n${text}\n\`\`\`${after}`);
process.exit(0);

import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'test',
  summary: 'check the rules and run their cases',
  description: `Checks every rule of rules/ against the numbered limits of Sentinel and Azure-Sentinel, compiles its query, and runs the cases of
test/rules/<same name>.yaml in a workspace in memory: rows in, alerts out. A rule needs a case that hits and one that does not.
Ends with 5 when something failed.`,
  examples: ['factorwatch test', 'factorwatch test mfa-fatigue'],
  arguments: [{ name: 'NAME', about: 'only rules whose name contains this' }],
  async run(context, [name]) {
    const [{ loadRules }, { testRules }, { usageError }] = await Promise.all([
      import('../../rules/load-rules.ts'),
      import('../../rules/test-rules.ts'),
      import('../usage-error.ts'),
    ]);
    const all = loadRules(context.folder('rules'), context.cwd);
    const chosen = all.filter(({ slug }) => slug.includes(name ?? ''));
    if (chosen.length === 0) throw usageError(`no rule is named like "${name}"`, `There are: ${all.map(({ slug }) => slug).join(', ')}.`);
    const { io, json } = context;
    const results = await testRules(chosen, all, {
      fixtures: context.folder('test/rules'),
      functions: context.folder('queries/functions'),
      signal: context.signal,
    });
    const failed = results.filter(({ failures }) => failures.length > 0);
    if (json) io.json({ rules: results, passed: results.length - failed.length, failed: failed.length });
    else {
      const { plain } = await import('../text.ts');
      for (const { rule, cases, failures } of results) {
        io.out(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${rule} (${counted(cases, 'case')})`);
        for (const failure of failures) io.out(`       ${plain(failure)}`);
      }
      io.out(`\n${results.length - failed.length} passed, ${failed.length} failed`);
    }
    return failed.length === 0 ? ExitCode.done : ExitCode.testFailures;
  },
});

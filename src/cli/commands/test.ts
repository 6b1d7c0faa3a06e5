import { counted } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'test',
  summary: 'check the rules and workbooks, run the cases of the rules',
  description: `Checks every rule of rules/ against the numbered limits of Sentinel and Azure-Sentinel, compiles its query, and runs the cases of
test/rules/<same name>.yaml in a workspace in memory: rows in, alerts out. A rule needs a case that hits and one that does not.
Of every workbook of workbooks/ each query is compiled, and the columns and parameters that it speaks of are looked for.
Ends with 5 when something failed.`,
  examples: ['factorwatch test', 'factorwatch test mfa-fatigue'],
  arguments: [{ name: 'NAME', about: 'only rules and workbooks whose name contains this' }],
  async run(context, [name]) {
    const [{ loadRules }, { testRules }, { testWorkbooks }, { loadWorkbooks }, { usageError }] = await Promise.all([
      import('../../rules/load-rules.ts'),
      import('../../rules/test-rules.ts'),
      import('../../workbook/test-workbooks.ts'),
      import('../../workbook/load-workbooks.ts'),
      import('../usage-error.ts'),
    ]);
    const all = loadRules(context.folder('rules'), context.cwd);
    const chosen = all.filter(({ slug }) => slug.includes(name ?? ''));
    const workbooks = loadWorkbooks(context.folder('workbooks'), context.cwd);
    const named = workbooks.filter(({ slug }) => slug.includes(name ?? ''));
    if (chosen.length + named.length === 0) {
      const slugs = [...all, ...workbooks].map(({ slug }) => slug).join(', ');
      throw usageError(`no rule or workbook is named like "${name}"`, `There are: ${slugs}.`);
    }
    const { io, json } = context;
    const functions = context.folder('queries/functions');
    const rules = await testRules(chosen, all, { fixtures: context.folder('test/rules'), functions, signal: context.signal });
    const lists = await testWorkbooks(named, functions);
    const results = [
      ...rules.map((result) => ({ ...result, words: `${result.rule} (${counted(result.cases, 'case')})` })),
      ...lists.map((result) => ({ ...result, words: `${result.workbook} (workbook, ${counted(result.queries, 'query', 'queries')})` })),
    ];
    const failing = (all: readonly { readonly failures: readonly string[] }[]) => all.filter(({ failures }) => failures.length > 0).length;
    const failed = failing(results);
    // What is counted is rules; the workbooks stand beside them.
    if (json) io.json({ rules, passed: rules.length - failing(rules), failed: failing(rules), workbooks: lists });
    else {
      const { plain } = await import('../text.ts');
      for (const { words, failures } of results) {
        io.out(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${words}`);
        for (const failure of failures) io.out(`       ${plain(failure)}`);
      }
      io.out(`\n${results.length - failed} passed, ${failed} failed`);
    }
    return failed === 0 ? ExitCode.done : ExitCode.testFailures;
  },
});

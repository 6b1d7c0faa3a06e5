import type { RuleRow } from '../schema/factor-rules.ts';
import type { CommandContext } from './context.ts';
import { VERSION } from './version.ts';

/** Snapshot rows of every detector and every rule of the project, as their files say. */
export async function ruleBase(context: CommandContext): Promise<readonly RuleRow[]> {
  const [{ allDetectors }, { loadRules }, { detectorRows, ruleRows }, { LOG_ANALYTICS_TABLES }, { OUTPUT_TABLES }] = await Promise.all([
    import('../detectors/registry.ts'),
    import('../rules/load-rules.ts'),
    import('../rules/rule-rows.ts'),
    import('../schema/log-analytics-tables.ts'),
    import('../schema/output-tables.ts'),
  ]);
  const timeGenerated = new Date(context.clock()).toISOString();
  const tables = [...LOG_ANALYTICS_TABLES.keys(), ...OUTPUT_TABLES.map(({ name }) => name)];
  return [
    ...detectorRows(allDetectors, { timeGenerated, version: VERSION }),
    ...ruleRows(loadRules(context.folder('rules'), context.cwd), { timeGenerated, tables }),
  ];
}

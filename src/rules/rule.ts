import { z } from 'zod';
import { readYaml, unknownKeys, type YamlText } from '../core/yaml-text.ts';

/** Types only: the limits of each field are the numbered checks (checks.ts), so that each can say its limit and source. */
function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) });
}
const text = z.string();
const texts = z.array(text);

const entityMapping = object({
  entityType: text,
  fieldMappings: z.array(object({ identifier: text, columnName: text })),
});

const grouping = object({
  enabled: z.boolean(),
  reopenClosedIncident: z.boolean(),
  lookbackDuration: text,
  matchingMethod: text,
  groupByEntities: texts.default([]),
  groupByAlertDetails: texts.default([]),
  groupByCustomDetails: texts.default([]),
});

/** An analytics rule of Sentinel as Azure-Sentinel's repository writes it. */
export const ruleSchema = object({
  id: text,
  name: text,
  version: text,
  kind: text,
  description: text,
  severity: text,
  status: text.optional(),
  requiredDataConnectors: z.array(object({ connectorId: text, dataTypes: texts })),
  queryFrequency: text.optional(),
  queryPeriod: text.optional(),
  triggerOperator: text.optional(),
  triggerThreshold: z.int().optional(),
  tactics: texts,
  relevantTechniques: texts,
  tags: texts.optional(),
  query: text,
  entityMappings: z.array(entityMapping),
  customDetails: z.record(text, text).default({}),
  alertDetailsOverride: object({
    alertDisplayNameFormat: text.optional(),
    alertDescriptionFormat: text.optional(),
    alertSeverityColumnName: text.optional(),
    alertTacticsColumnName: text.optional(),
    alertDynamicProperties: z.array(object({ alertProperty: text, value: text })).optional(),
  }).optional(),
  eventGroupingSettings: object({ aggregationKind: text }).optional(),
  incidentConfiguration: object({ createIncident: z.boolean(), groupingConfiguration: grouping.optional() }).optional(),
  suppressionDuration: text.optional(),
  suppressionEnabled: z.boolean().optional(),
});

export type RuleText = z.output<typeof ruleSchema>;

/** A rule with the place of each of its values. */
export interface Rule extends RuleText {
  /** Name of its file without the ending; also its short name. */
  readonly slug: string;
  readonly file: string;
  readonly place: YamlText<RuleText>['place'];
}

/** Reads one rule file; a text that is no rule is a FactorwatchError with every fault (78). */
export function readRule(content: string, file: string): Rule {
  const { value, place } = readYaml(content, { file, schema: ruleSchema, code: 'rule-invalid' });
  return { ...value, slug: file.replace(/^.*\//, '').replace(/\.ya?ml$/, ''), file, place };
}

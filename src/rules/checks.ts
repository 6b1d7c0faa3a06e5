import type { Check } from './check.ts';
import { ALERT_CHECKS } from './checks-alert.ts';
import { ATTACK_CHECKS } from './checks-attack.ts';
import { FIELD_CHECKS } from './checks-fields.ts';
import { minutesOf } from './duration.ts';

/** The file name that a rule's name asks for. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** A rule among the others, and its query against its own period. */
const PROJECT_CHECKS: readonly Check[] = [
  {
    id: 'ES1301',
    source: 'repository',
    limit: 'id and name must be unique',
    find: (rule, { all }) => {
      const same = all.find((other) => other !== rule && (other.id === rule.id || other.name === rule.name));
      return same === undefined
        ? []
        : [{ message: `${same.file} has the same ${same.id === rule.id ? 'id' : 'name'}`, path: [same.id === rule.id ? 'id' : 'name'] }];
    },
  },
  {
    id: 'ES1302',
    source: 'Factorwatch',
    limit: 'the file must be named after the rule',
    find: ({ name, slug }) =>
      slug === slugOf(name) ? [] : [{ message: `a rule of this name belongs in ${slugOf(name)}.yaml`, path: ['name'] }],
  },
  {
    id: 'ES1303',
    source: 'Factorwatch',
    limit: 'the query must not look back further than queryPeriod: the service cuts it off without a word',
    find: ({ query, queryPeriod }) => {
      const period = minutesOf(queryPeriod ?? '') ?? Number.POSITIVE_INFINITY;
      const far = [...query.matchAll(/\bago\(\s*(\d+[mhd])\s*\)/g)].map(([, text]) => text!).filter((text) => minutesOf(text)! > period);
      return far.length === 0 ? [] : [{ message: `the query has ago(${far[0]}), queryPeriod is ${queryPeriod}`, path: ['queryPeriod'] }];
    },
  },
  {
    id: 'ES1304',
    source: 'Factorwatch',
    limit: 'the query must read new rows by ingestion_time(): by TimeGenerated late rows are lost or alert twice',
    find: ({ query, kind }) =>
      kind !== 'Scheduled' || /\bingestion_time\(\)/.test(query)
        ? []
        : [{ message: 'the query does not use ingestion_time()', path: ['query'] }],
  },
];

/** Every numbered check. */
export const CHECKS: readonly Check[] = [...FIELD_CHECKS, ...ATTACK_CHECKS, ...ALERT_CHECKS, ...PROJECT_CHECKS];

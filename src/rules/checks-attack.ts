import { TACTICS, TECHNIQUES, techniqueOf } from './attack.ts';
import type { Check } from './check.ts';

/** ATT&CK ids: they exist, and belong together. */
export const ATTACK_CHECKS: readonly Check[] = [
  {
    id: 'ES1101',
    source: 'service',
    limit: "tactics must be Sentinel's, at least one",
    find: ({ tactics }) => {
      if (tactics.length === 0) return [{ message: 'there is no tactic', path: ['tactics'] }];
      return tactics.flatMap((tactic, i) =>
        TACTICS.has(tactic) ? [] : [{ message: `"${tactic}" is no tactic of Sentinel`, path: ['tactics', i] }],
      );
    },
  },
  {
    id: 'ES1102',
    source: 'service',
    limit: 'techniques must be ids of ATT&CK that concern identities, at least one',
    find: ({ relevantTechniques: ids }) => {
      if (ids.length === 0) return [{ message: 'there is no technique', path: ['relevantTechniques'] }];
      return ids.flatMap((id, i) =>
        techniqueOf(id) === undefined ? [{ message: `"${id}" is no technique that is known here`, path: ['relevantTechniques', i] }] : [],
      );
    },
  },
  {
    id: 'ES1103',
    source: 'repository',
    limit: 'a technique must belong to one of the tactics',
    find: ({ relevantTechniques, tactics }) =>
      relevantTechniques.flatMap((id, i) => {
        const its = techniqueOf(id)?.tactics;
        if (its === undefined || its.some((tactic) => tactics.includes(tactic))) return [];
        return [{ message: `${id} belongs to ${its.join(', ')}; none of them is listed`, path: ['relevantTechniques', i] }];
      }),
  },
  {
    id: 'ES1104',
    source: 'repository',
    limit: "a technique that Sentinel's validator does not know needs another beside it",
    find: ({ relevantTechniques: ids }) => {
      const alone = ids.length > 0 && ids.every((id) => TECHNIQUES[id.split('.')[0]!]?.unknownToSentinel);
      return alone
        ? [{ message: `${ids.join(', ')} is not known to Sentinel's validator; name T1110 or T1556 too`, path: ['relevantTechniques'] }]
        : [];
    },
  },
  {
    id: 'ES1105',
    source: 'repository',
    limit: 'a tactic must have one of the techniques',
    find: ({ relevantTechniques, tactics }) =>
      tactics.flatMap((tactic, i) => {
        const has = relevantTechniques.some((id) => techniqueOf(id)?.tactics.includes(tactic));
        return has ? [] : [{ message: `no technique of the rule belongs to ${tactic}`, path: ['tactics', i] }];
      }),
  },
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unitKey } from '../../src/detectors/stream/unit.ts';
import type { Alert } from '../../src/evaluate/alert.ts';
import { readLabels, type Truth } from '../../src/evaluate/labels.ts';
import { Engine } from '../../src/scoring/engine.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { eventsOf } from './events.ts';

/** A judgement as evaluation sees a finding of it. */
export interface JudgedAlert extends Alert {
  readonly judgement: Judgement;
}

export interface JudgedTenant {
  readonly name: string;
  readonly truth: Truth;
  /** Open findings of every score. */
  readonly alerts: readonly JudgedAlert[];
}

export function alertOf(judgement: Judgement): JudgedAlert {
  const { kind, tenantId, subject, anchor, users, originalId, events, startMs, endMs, score, posterior } = judgement;
  const ids = events.map(({ id }) => id);
  return {
    judgement,
    id: unitKey(kind as 'source', tenantId, subject, anchor),
    users: [...new Set(users.flatMap(({ userId, upn }) => [userId.toLowerCase(), upn.toLowerCase()]).filter((name) => name !== ''))],
    eventIds: originalId === '' ? ids : [originalId, ...ids],
    startMs,
    endMs,
    score,
    confidence: posterior,
    isSource: kind === 'source',
  };
}

/** Runs the engine over a tenant and holds what it finds against the labels. */
export async function judgeTenant(directory: string): Promise<JudgedTenant> {
  const engine = new Engine();
  for (const { table, kind, batch } of await eventsOf(directory)) engine.add(table, kind, batch);
  engine.advance(Number.POSITIVE_INFINITY);
  const alerts = engine
    .takeJudgements()
    .filter(({ retracted, closedReason }) => retracted !== true && closedReason === undefined)
    .map(alertOf);
  const truth = readLabels(JSON.parse(readFileSync(join(directory, 'labels.json'), 'utf8')));
  return { name: directory.split('/').slice(-2).join('/'), truth, alerts };
}

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { allDetectors } from '../../src/detectors/registry.ts';
import { Stream } from '../../src/detectors/stream/stream.ts';
import type { Unit } from '../../src/detectors/stream/unit.ts';
import { readLabels } from '../../src/evaluate/labels.ts';
import { causeOf, concerns, shows } from '../../src/evaluate/match.ts';
import { compileAllowList } from '../../src/scoring/allow.ts';
import { BaseRate, type Ratings } from '../../src/scoring/base-rate.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import type { Contribution } from '../../src/scoring/judgement.ts';
import { weights } from '../../src/scoring/weights.ts';
import { eventsOf } from './events.ts';
import { alertOf } from './judge.ts';

/** A unit with its evidence, whatever its score, and what it is about in truth. */
export interface SavedUnit {
  readonly tenant: string;
  /** Who wrote the tenant: the folder that it lies in. */
  readonly generator: string;
  readonly kind: string;
  readonly subject: string;
  readonly at: string;
  readonly methods: readonly string[];
  readonly evidence: readonly Contribution[];
  /** Incidents that it shows. */
  readonly incidents: readonly { readonly id: string; readonly scenario: string; readonly variant: string; readonly mustDetect: boolean }[];
  /** It has to do with an attack: not a false one. */
  readonly isAttack: boolean;
  /** The look-alike that it belongs to, '' where none does. */
  readonly cause: string;
}

function baseRate(): BaseRate {
  const tenants = new Map<string, Ratings>();
  return new BaseRate({
    get: (key) => tenants.get(key),
    edit(key, create) {
      const found = tenants.get(key) ?? create();
      tenants.set(key, found);
      return found;
    },
  });
}

/** Every unit of a tenant with its evidence, also those that are never reported. */
export async function savedEvidence(directory: string): Promise<readonly SavedUnit[]> {
  const allowed = compileAllowList({});
  const rarity = baseRate();
  const stream = new Stream(allDetectors, {
    latenessMs: 15 * 60_000,
    maxUsers: 5_000_000,
    maxSources: 1_000_000,
    egress: allowed,
    isSharedTarget: allowed.isSharedTarget,
    isServiceAccount: allowed.isServiceAccount,
    isBreakGlass: allowed.isBreakGlass,
    detectors: undefined,
    parameters: {},
    closed: () => undefined,
    // What counts as reported and not yet taken is kept.
    judge: (unit) => {
      rarity.begin(unit);
      rarity.note(unit, fuse(unit.kind, Object.values(unit.evidence).flat(), weights));
      unit.reached = true;
      unit.changed = true;
    },
  });
  for (const { table, kind, batch } of await eventsOf(directory)) stream.add(table, kind, batch);
  stream.advance(Number.POSITIVE_INFINITY);
  const truth = readLabels(JSON.parse(readFileSync(join(directory, 'labels.json'), 'utf8')));
  return [...stream.units.keys()].map((key) => {
    const unit = stream.units.get(key) as Unit;
    const alert = alertOf({ ...unit, score: 0, posterior: 0, hardEvidence: false, parts: [], contributions: [], benignIf: [] });
    return {
      tenant: basename(directory),
      generator: basename(dirname(directory)),
      kind: unit.kind,
      subject: unit.subject,
      at: new Date(unit.openedMs).toISOString(),
      methods: unit.methods,
      evidence: Object.values(unit.evidence).flat(),
      incidents: truth.incidents
        .filter((incident) => shows(alert, incident))
        .map(({ id, scenario, variant, mustDetect }) => ({ id, scenario, variant, mustDetect })),
      isAttack: truth.incidents.some((incident) => concerns(alert, incident)),
      cause: causeOf(alert, truth.decoys),
    };
  });
}

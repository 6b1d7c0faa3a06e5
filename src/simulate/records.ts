import type { MethodKind } from './methods.ts';
import type { Tenant } from './model.ts';
import type { Rng } from './rng.ts';

/** Which records a change leaves. A passkey or a Temporary Access Pass has no entry in the twin's method list, so its own record is always there. */
export function pickRecords(tenant: Tenant, rng: Rng, kind: MethodKind): 'both' | 'methods-only' | 'twin-only' {
  if (kind === 'tap') return 'methods-only';
  return rng.weighted(tenant.assumptions.records);
}

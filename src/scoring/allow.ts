import { betweenNames, namedLocations } from '../detectors/evidence.ts';
import { addressOf, holds, vouchedRange } from './address-range.ts';
import type { AllowEntry, AllowList } from './engine-api.ts';
import { sharedTarget } from './shared-target.ts';

/** Questions that the stream asks of the allow-lists. */
export interface Allowed {
  /** False where no address is vouched for. */
  readonly hasAddresses: boolean;
  /** Until when (Unix ms, 0 = never) an address, or one of the named locations, is vouched for. */
  address(address: string): number;
  location(names: string): number;
  isSharedTarget(target: string, timeMs: number): boolean;
  isServiceAccount(names: readonly string[], timeMs: number): boolean;
  isUser(names: readonly string[], timeMs: number): boolean;
  isBreakGlass(names: readonly string[], timeMs: number): boolean;
}

const until = (entry: AllowEntry) => entry.untilMs ?? Number.MAX_VALUE;

function latest(entries: readonly AllowEntry[] | undefined, key: (value: string) => string): ReadonlyMap<string, number> {
  const map = new Map<string, number>();
  for (const entry of entries ?? []) map.set(key(entry.value), Math.max(until(entry), map.get(key(entry.value)) ?? 0));
  return map;
}

const lower = (text: string) => text.trim().toLowerCase();

/** Compiles the lists once; a range or target that cannot be vouched for is FactorwatchError allow-address or allow-target. */
export function compileAllowList(list: AllowList): Allowed {
  const ranges = (list.egress ?? []).map((entry) => ({ range: vouchedRange(entry.value), until: until(entry) }));
  const locations = latest(list.namedLocations, lower);
  const targets = latest(list.phoneTargets, sharedTarget);
  const services = latest(list.serviceAccounts, lower);
  const users = latest(list.users, lower);
  const emergency = latest(list.breakGlass, lower);
  const any = (map: ReadonlyMap<string, number>, names: readonly string[], timeMs: number) =>
    map.size > 0 && names.some((name) => timeMs < (map.get(lower(name)) ?? 0));
  return {
    hasAddresses: ranges.length > 0,
    address(text) {
      const address = ranges.length === 0 ? undefined : addressOf(text);
      if (address === undefined) return 0;
      return ranges.reduce((most, entry) => (holds(entry.range, address) ? Math.max(most, entry.until) : most), 0);
    },
    location(names) {
      if (locations.size === 0) return 0;
      const here = betweenNames(namedLocations(names).map(({ name }) => lower(name)));
      return Math.max(0, ...[...locations].map(([name, until]) => (here.includes(betweenNames([name])) ? until : 0)));
    },
    isSharedTarget: (target, timeMs) => timeMs < (targets.get(target) ?? 0),
    isServiceAccount: (names, timeMs) => any(services, names, timeMs),
    isUser: (names, timeMs) => any(users, names, timeMs) && !any(emergency, names, timeMs),
    isBreakGlass: (names, timeMs) => any(emergency, names, timeMs),
  };
}

import { Word } from '../../../events/event-record.ts';
import type { CountTable } from '../../../state/count-table.ts';
import type { Host } from '../../detector.ts';
import type { EventView } from '../../stream/event-view.ts';
import { UserWord } from '../../stream/layout.ts';
import { asn, client, country, type Feature, features, featureValue, HABITS_AT, prefix, slotOf } from '../habits.ts';
import { isKnown, usesOf } from '../slots.ts';

/** Novel values so far: six bits a feature. */
const NOVEL_AT = HABITS_AT + 20;
const NOVEL_BITS = 6;
const NOVEL_MASK = (1 << NOVEL_BITS) - 1;
/** Weight of the prior in sign-ins. */
export const PSEUDO = 20;
export const FLOOR = -3;
/** The count of novel values is full at 63: the rate is that of about so many sign-ins. */
const RATE_SIGN_INS = 250;

/** From when on a user, and a tenant, have habits. */
export interface Learning {
  readonly signIns: number;
  readonly days: number;
  readonly tenantSignIns: number;
}

/** What the tenant's sign-ins have. */
export interface TenantHabits {
  /** By a feature's index; a device is the user's own, not a habit of the tenant. */
  readonly tables: readonly (CountTable | undefined)[];
  /** Sign-ins without and with a device id. */
  readonly bare: CountTable;
  /** Devices that have become usual to somebody, and to somebody else as well. */
  readonly owned: CountTable;
}

export function tenantHabits(host: Host): TenantHabits {
  const byFeature = new Map([
    [country, host.counts('D1.country', 1000)],
    [asn, host.counts('D1.asn', 65_536)],
    [prefix, host.counts('D1.prefix', 262_144)],
    [client, host.counts('D1.client', 10_000)],
  ]);
  return { tables: features.map((feature) => byFeature.get(feature)), bare: host.counts('D1.bare', 4), owned: host.counts('D1.owned', 4) };
}

export const signInsOf = (event: EventView) => event.user[event.userAt + UserWord.signIns]!;

const shiftOf = (feature: Feature) => feature.index * NOVEL_BITS;

function novelOf(event: EventView, feature: Feature): number {
  return (event.user[event.userAt + NOVEL_AT]! >>> shiftOf(feature)) & NOVEL_MASK;
}

/** One more value of the feature was new to the user. */
export function countNovel(event: EventView, feature: Feature): void {
  const at = event.userAt + NOVEL_AT;
  if (novelOf(event, feature) < NOVEL_MASK) event.user[at] = event.user[at]! + (1 << shiftOf(feature));
}

/** The table of ranges is the one that no cache holds; see CountTable.warm. */
export function warmPrefix({ tables }: TenantHabits, words: Uint32Array, ats: Int32Array, count: number): number {
  const table = tables[prefix.index];
  let sum = 0;
  if (table !== undefined) for (let i = 0; i < count; i++) sum ^= table.warm(words[ats[i]! + Word.prefix]! | 0);
  return sum;
}

/** ln of how much likelier an attacker has this value than the tenant at large. */
export function rarity({ tables }: TenantHabits, feature: Feature, value: number): number {
  const table = tables[feature.index];
  if (table === undefined) return 0;
  const distinct = Math.max(table.distinct, feature.choices, 1);
  const popularity = (table.get(value) + 0.5) / (table.total + 0.5 * (distinct + 1));
  return Math.log((0.5 * popularity + 0.5 / distinct) / popularity);
}

/** The log-likelihood ratio of one feature's value for a user with habits: of a new one by the user's rate of new ones, of a known one by its share. */
export function habitRatio(tenant: TenantHabits, event: EventView, feature: Feature): number {
  const value = featureValue(event, feature);
  const at = slotOf(event, feature);
  const word = at < 0 ? 0 : event.user[at]!;
  const n = signInsOf(event);
  const rho = (novelOf(event, feature) + PSEUDO * feature.rate) / (Math.min(n, RATE_SIGN_INS) + PSEUDO);
  if (!isKnown(word)) {
    return Math.min(feature.cap, Math.max(0, Math.log(feature.attackerNovelty / Math.min(1, rho)) + rarity(tenant, feature, value)));
  }
  const own = Math.max(1, usesOf(word)) / Math.max(1, n);
  const table = tenant.tables[feature.index];
  const background = table === undefined ? 0.02 : (table.get(value) + 0.5) / (table.total + 1);
  const ratioOfKnown = ((1 - feature.attackerNovelty) * background) / ((1 - Math.min(0.99, rho)) * Math.min(1, own));
  return Math.min(0, Math.max(FLOOR, Math.log(ratioOfKnown)));
}

import type { EventView } from '../../stream/event-view.ts';
import { type Feature, featureValue, HABITS_AT, isUsual, residents, slotOf } from '../habits.ts';
import { knownValues, usesOf } from '../slots.ts';
import { signInsOf, type TenantHabits } from './habit-ratio.ts';

/** What the event's value of a feature is called; '' where the log does not say. */
const names: Readonly<Record<string, (event: EventView) => string>> = {
  country: (event) => event.text('Country'),
  asn: (event) => (event.text('Asn') === '' ? '' : `AS${event.text('Asn')}`),
  prefix: (event) => `the range of ${event.text('IPAddress')}`,
  device: (event) => event.text('DeviceName') || event.text('DeviceId') || 'a device without id',
  client: (event) => event.clientText(),
};

const nameOf = (event: EventView, feature: Feature) => names[feature.name]?.(event) || `this ${feature.label}`;

/** A feature's value in words, with the counts behind them. */
export function noveltyWords({ tables }: TenantHabits, event: EventView, feature: Feature, llr: number): string {
  const n = signInsOf(event);
  const value = featureValue(event, feature);
  const known = knownValues(event.user, event.userAt + HABITS_AT + feature.at, feature.slots);
  const table = tables[feature.index];
  const share = table === undefined ? undefined : (100 * table.get(value)) / Math.max(1, table.total);
  const tenant = share === undefined ? '' : `; ${share < 0.01 ? 'under 0.01' : share.toFixed(2)} % of the tenant's sign-ins have it`;
  const name = nameOf(event, feature);
  if (llr > 0) {
    const past =
      n === 0 ? 'no earlier sign-in is known' : `${known} ${known === 1 ? 'is' : 'are'} usual, in ${n} ${n === 1 ? 'sign-in' : 'sign-ins'}`;
    return `Not a usual ${feature.label} of the user: ${name} (${past})${tenant}.`;
  }
  if (!isUsual(event, feature)) {
    return `New to the user, but usual to colleagues: ${name}${tenant}; about ${Math.round(residents(event))} of them live at this address.`;
  }
  const at = slotOf(event, feature);
  return `A usual ${feature.label} of the user: ${name}, in ${usesOf(event.user[at]!)} of ${n} sign-ins${tenant}.`;
}

export function noveltyCounts({ tables }: TenantHabits, event: EventView, feature: Feature): Readonly<Record<string, number>> {
  return {
    sign_ins: signInsOf(event),
    known: knownValues(event.user, event.userAt + HABITS_AT + feature.at, feature.slots),
    tenant: tables[feature.index]?.get(featureValue(event, feature)) ?? 0,
  };
}

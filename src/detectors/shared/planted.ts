import { HOUR_MS } from '../../core/durations.ts';
import { keyText } from '../../core/key-text.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import { combine, hashText } from '../../events/hash.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { lookUpPlace, newLevel } from './habits.ts';

const MOST_DEVICES = 20_000;
const isShortlyBefore = (timeMs: number, thenMs: number) => thenMs >= timeMs && thenMs - timeMs <= 2 * HOUR_MS;

/** Devices that an account registered by itself from a new place, or shortly after a sign-in that looked wrong: whoever did so holds them. */
export interface PlantedDevices {
  /** Notes a device of an audit record, where it is such a one. */
  note(fact: AuditFact, event: EventView): void;
  /** Whether the event's device is one of its user's, registered at most `withinMs` before. */
  has(event: EventView, withinMs: number): boolean;
}

/** Under a name of the detector's own. Memory: a line a device, 20,000 at most. */
export function plantedDevices(host: Host, name: string): PlantedDevices {
  const planted = host.objects<{ touchedMs: number; id: string }>(name, MOST_DEVICES);
  const key = (deviceHash: number, event: EventView) => keyText(combine(deviceHash, event.userLo), event.userHi);
  return {
    note(fact, event) {
      if (fact.happening !== 'device-registered' || !fact.succeeded || fact.byOther || fact.deviceId === '' || event.userAt < 0) return;
      lookUpPlace(event);
      const led = fact.ip === '' && host.person(event)?.sessions.some((session) => isShortlyBefore(session.timeMs, event.timeMs));
      if (led !== true && (fact.ip === '' || newLevel(event) === undefined)) return;
      const entry = planted.edit(key(hashText(fact.deviceId)[0], event), () => ({ touchedMs: event.timeMs, id: fact.id }));
      entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
    },
    has(event, withinMs) {
      const at = event.device === 0 || planted.size === 0 ? undefined : planted.get(key(event.device, event))?.touchedMs;
      return at !== undefined && event.timeMs >= at && event.timeMs - at <= withinMs;
    },
  };
}

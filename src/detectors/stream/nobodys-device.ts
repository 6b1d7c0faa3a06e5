import type { Host } from '../detector.ts';
import { deviceUsers } from './crowds.ts';
import type { DeviceSystems } from './device-systems.ts';
import type { EventView } from './event-view.ts';
import { type Nobodys, NobodysKind } from './nobodys.ts';

/** Users known by a device from which on it is none; the bitmap of a crowd can tell some 260 from more. */
const MOST_USERS = 200;

/**
 * Takes from the event a DeviceId that is none: a counter's or a classroom's computer has tens of users, and a value by which hundreds are known was
 * written by an exporter or a filter in the place of every id. Taken for a device it would be everybody's own, the intruder's too, so it is taken for
 * absent. So is each id of a tenant whose ids are made up.
 */
export function dropNobodysDevice(nobodys: Nobodys, systems: DeviceSystems, view: EventView): void {
  if (view.device === 0) return;
  if (systems.areMadeUp(view) || nobodys.has(NobodysKind.device, view.device, view.seconds)) view.dropDevice();
}

/** To be called when one more user is known by the event's device. */
export function noteIfNobodys({ crowds, nobodys }: Pick<Host, 'crowds' | 'nobodys'>, view: EventView): void {
  if (deviceUsers(crowds, view) >= MOST_USERS) nobodys.add(NobodysKind.device, view.device, view.seconds);
}

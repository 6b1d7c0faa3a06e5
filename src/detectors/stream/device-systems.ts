import { EventClass, systemOf } from '../../events/event-record.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';
import type { Stores } from './stores.ts';

/** A bit for each kind of operating system that showed the id. */
const SYSTEMS = RECORD_HEAD;
const WORDS = RECORD_HEAD + 1;
const MOST_DEVICES = 65_536;
const MOST_TENANTS = 1000;
/** Second half of a device's key. */
const KEY = 0x73797374;

/** Ids of a tenant that were looked at, and how many of them showed two kinds of system. */
interface Tally extends Kept {
  ids: number;
  mixed: number;
}

/** Ids whose hash has none of these bits are looked at: every fourth tells enough, and the others cost nothing. */
const SAMPLED = 3;
/** A few computers are emulated, renamed or stolen from; what an export made up shows both wherever a user has a computer and a telephone. */
const LEAST_MIXED = 5;
const LEAST_SHARE = 0.1;

/**
 * DeviceIds that are none: a device has one kind of operating system (Windows; Apple's, as a tablet says both of them; Android, Linux and ChromeOS). Where
 * many ids of a tenant are seen on two, an exporter or a filter made them up from what is not the device, as from the user: everything that the user
 * does then bears one id, the intruder's doings too, so that the ids are taken for absent. Memory: 16 bytes and an index an id, 65,536 at most; a
 * line a tenant.
 */
export class DeviceSystems {
  readonly #devices: RecordTable;
  readonly #tenants: ObjectTable<Tally>;

  constructor(stores: Stores) {
    this.#devices = stores.records('device-systems', WORDS, MOST_DEVICES);
    this.#tenants = stores.objects('device-tally', MOST_TENANTS);
  }

  /** Whether the ids of the event's tenant are none; notes what the event shows, which has one. */
  areMadeUp(view: EventView): boolean {
    const system = (view.device & SAMPLED) === 0 ? systemOf(view.flags) : 0;
    const isIn = view.eventClass === EventClass.signIn || view.eventClass === EventClass.backgroundSignIn;
    if (system !== 0 && isIn) this.#note(view, 1 << system);
    return this.#tenants.size > 0 && isMadeUp(this.#tenants.get(view.tenantId()));
  }

  #note(view: EventView, bit: number): void {
    const record = this.#devices.obtain(view.device, KEY);
    this.#devices.touch(record);
    const words = this.#devices.segment(record);
    const at = this.#devices.offset(record);
    words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, view.seconds);
    const before = words[at + SYSTEMS]!;
    if ((before & bit) !== 0) return;
    words[at + SYSTEMS] = before | bit;
    const tally = this.#tenants.edit(view.tenantId(), () => ({ touchedMs: view.timeMs, ids: 0, mixed: 0 }));
    tally.touchedMs = Math.max(tally.touchedMs, view.timeMs);
    if (before === 0) tally.ids++;
    else if ((before & (before - 1)) === 0) tally.mixed++;
  }

  /** Tenants whose ids are none. */
  madeUp(): number {
    return [...this.#tenants.keys()].filter((tenant) => isMadeUp(this.#tenants.get(tenant))).length;
  }
}

const isMadeUp = (tally: Readonly<Tally> | undefined) =>
  tally !== undefined && tally.mixed >= LEAST_MIXED && tally.mixed >= LEAST_SHARE * tally.ids;

import { DAY_MS } from '../../core/durations.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import { hashText } from '../../events/hash.ts';
import { looksRandom } from '../../events/identity-text.ts';
import type { Kept } from '../../state/object-table.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { oncePerHost } from './once-per-host.ts';
import { targetKey } from './target-key.ts';

/** Whose one target is, by hashes of users; and the names that their records give the phone. */
interface Owners extends Kept {
  users: readonly number[];
  names: readonly number[];
  /** UTC days on which another of them came. */
  days: readonly number[];
  isCommon: boolean;
}
/** Targets of one kind in a tenant, and users of them: each pair counts once. */
interface Tally extends Kept {
  targets: number;
  pairs: number;
}
const MOST_TARGETS = 100_000;
/** More owners are not told apart; by then it is decided what it is. */
const MAX_OWNERS = 32;
/** Names that no one phone has, however often it is renamed; and so many among few users, who would have to rename it from one to the next. */
const MANY_NAMES = 3;
const FEW_USERS = 4;
/**
 * Where a target has so many users, who came on so many days, and a tenant's targets of the kind so many each, the log has one text for many phones. A token
 * that a service drew has to have such a crowd whatever its phone is called, for whoever holds the phone calls it what they like: where its names
 * differ as well, it may be what a filter made of the text for phones without one.
 */
const MANY_USERS = 8;
const MANY_DAYS = 5;
const USERS_EACH = 4;

/** One for all detectors of a stream; D7 writes it. */
export const commonTargets = oncePerHost((host) => new CommonTargets(host));

/**
 * Phones and devices that are none: a privacy filter or an exporter wrote one text for many. Such a text comes with different names of phones, or is
 * nearly all that a tenant's log has of its kind, day after day; an attacker's one phone is one among the many phones of others, and keeps its name, or
 * is called anew for each of a few. Once it is known to be one it stays so. Memory: three short lists a target, 100,000 at most, and two counts a tenant and kind.
 */
class CommonTargets {
  readonly #owners;
  readonly #tallies;

  constructor(host: Host) {
    this.#owners = host.objects<Owners>('targets.owners', MOST_TARGETS);
    this.#tallies = host.objects<Tally>('targets.tallies', 2000);
  }

  /** Takes what a record says of its user's phones and devices. */
  note({ tenantId, targets, held, names }: AuditFact, event: EventView): void {
    for (const target of [...targets, ...held]) this.#note(tenantId, target, names.get(target) ?? '', event);
  }

  #note(tenantId: string, target: string, name: string, { userLo, timeMs }: EventView): void {
    const owners = this.#owners.edit(targetKey(tenantId, target), () => ({
      touchedMs: timeMs,
      users: [],
      names: [],
      days: [],
      isCommon: false,
    }));
    owners.touchedMs = Math.max(owners.touchedMs, timeMs);
    const isNewPair = !owners.users.includes(userLo) && owners.users.length < MAX_OWNERS;
    if (isNewPair) {
      const tally = this.#tallies.edit(tallyOf(tenantId, target), () => ({ touchedMs: timeMs, targets: 0, pairs: 0 }));
      tally.touchedMs = Math.max(tally.touchedMs, timeMs);
      if (owners.users.length === 0) tally.targets++;
      tally.pairs++;
      owners.users = [...owners.users, userLo];
      const day = Math.floor(timeMs / DAY_MS);
      if (!owners.days.includes(day) && owners.days.length < MANY_DAYS) owners.days = [...owners.days, day];
    }
    const hash = name === '' ? 0 : hashText(name.toLowerCase())[0] | 0;
    if (hash !== 0 && !owners.names.includes(hash) && owners.names.length < MANY_NAMES) owners.names = [...owners.names, hash];
    if (!owners.isCommon) owners.isCommon = this.#isCommon(owners, target, this.#tallies.get(tallyOf(tenantId, target)));
  }

  #isCommon({ users, names, days }: Readonly<Owners>, target: string, tally: Readonly<Tally> | undefined): boolean {
    const hasManyNames = names.length >= MANY_NAMES || (names.length > 1 && users.length <= FEW_USERS);
    if (users.length > 1 && hasManyNames && !looksRandom(target)) return true;
    if (users.length < MANY_USERS || days.length < MANY_DAYS) return false;
    return hasManyNames || (tally !== undefined && tally.pairs >= USERS_EACH * tally.targets);
  }

  /** Whether the log has this text for more phones than one. */
  has(tenantId: string, target: string): boolean {
    return this.#owners.get(targetKey(tenantId, target))?.isCommon === true;
  }
}

const tallyOf = (tenantId: string, target: string) => `${target.slice(0, target.indexOf(':'))} ${tenantId}`;

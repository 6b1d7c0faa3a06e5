import { EventClass, systemOf } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';

/** Keys of a session and the kind of operating system it was begun on; 0 is a kind that is not known. */
const KINDS = [1, 2, 3] as const;
const SALT = 0x73797374;
const MOST_SESSIONS = 500_000;

export interface SessionSystems {
  /** Whether the session was begun on another kind of operating system: a cookie stays in its browser, a stolen one need not. */
  readonly moved: (event: EventView) => boolean;
  /** Keeps the kind of system of a session's first sign-in by hand. */
  readonly note: (event: EventView) => void;
}

/**
 * On what kind of operating system each session began. Only where no device id is shown: a sign-in with one proves itself. Kinds are coarse (Windows;
 * Apple's; Android, Linux and ChromeOS), since one tablet names itself iOS in an app and macOS in the browser. Memory: 16 to 32 bytes a session.
 */
export function sessionSystems(host: Host): SessionSystems {
  const begun = host.counts('D13.systems', MOST_SESSIONS);
  const baseKey = (event: EventView) => combine(event.session, event.userLo);
  const applies = (event: EventView) => event.session !== 0 && event.device === 0 && systemOf(event.flags) !== 0;
  const another = (base: number, own: number) => {
    for (const kind of KINDS) if (kind !== own && begun.get(combine(base, SALT + kind)) > 0) return true;
    return false;
  };
  return {
    moved: (event) => applies(event) && another(baseKey(event), systemOf(event.flags)),
    note(event) {
      if (event.eventClass !== EventClass.signIn || !applies(event)) return;
      const base = baseKey(event);
      const own = systemOf(event.flags);
      const key = combine(base, SALT + own);
      if (begun.get(key) === 0 && !another(base, own)) begun.add(key);
    },
  };
}

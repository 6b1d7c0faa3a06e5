import type { CheckpointStore, LockOptions } from '../../state/checkpoint-store.ts';

/** A state whose lock is held; `store` may be locked again on the way (by a run, by a verdict), which does nothing. */
export interface HeldState {
  readonly store: CheckpointStore;
  release(): Promise<void>;
}

/**
 * Locks several states before anything else is done, or none of them. Always in the order of their names: two runs that wait for
 * each other's states would both wait in vain.
 */
export async function lockStates(
  stores: ReadonlyMap<string, CheckpointStore>,
  { warn, ...options }: LockOptions & { readonly warn: (text: string) => void },
): Promise<ReadonlyMap<string, HeldState>> {
  const held = new Map<string, HeldState>();
  try {
    for (const [name, store] of [...stores].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const lock = await store.lock(options);
      let released: Promise<void> | undefined;
      held.set(name, {
        store: { ...store, lock: async () => ({ takenOverFrom: undefined, release: async () => {} }) },
        release: () => (released ??= lock.release()),
      });
      if (lock.takenOverFrom !== undefined) warn(`took over the lock of ${lock.takenOverFrom}, which is gone`);
    }
  } catch (error) {
    await releaseStates(held);
    throw error;
  }
  return held;
}

/** Gives all of them back, also where one cannot be. */
export async function releaseStates(held: ReadonlyMap<string, HeldState>): Promise<void> {
  await Promise.allSettled([...held.values()].map(({ release }) => release()));
}

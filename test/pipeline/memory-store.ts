import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';

/** A store in memory; its lock is always free, as after a crash. */
export function memoryStore(): CheckpointStore & { readonly blobs: Map<string, Uint8Array> } {
  const blobs = new Map<string, Uint8Array>();
  return {
    blobs,
    place: 'memory',
    lock: async () => ({ takenOverFrom: undefined, release: async () => {} }),
    read: async (name) => blobs.get(name)?.slice(),
    write: async (name, bytes) => void blobs.set(name, bytes),
    remove: async (name) => void blobs.delete(name),
    list: async (prefix) => [...blobs.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';

/** Thrown at a boundary instead of a kill. */
export class Crash extends Error {}

/** Counts each durable act of a store and workspace, and crashes before or after the nth. */
export class Boundaries {
  count = 0;
  crashAt = Number.POSITIVE_INFINITY;
  when: 'before' | 'after' = 'before';

  async cross<T>(act: () => Promise<T>): Promise<T> {
    this.count += 1;
    const here = this.count === this.crashAt;
    // What is in flight dies with the process: after the crash nothing more gets through.
    if (this.count > this.crashAt || (here && this.when === 'before')) throw new Crash();
    const result = await act();
    if (here) throw new Crash();
    return result;
  }
  store(inner: CheckpointStore): CheckpointStore {
    return {
      ...inner,
      write: (name, bytes) => this.cross(() => inner.write(name, bytes)),
      remove: (name) => this.cross(() => inner.remove(name)),
    };
  }
}

import type { ByteReader, ByteWriter } from '../core/bytes.ts';

/**
 * Keyed state of the engine. Between begin() and rollback() every change is undone at the end: that is how pending events are judged
 * on a copy without copying. Stores do not evict meanwhile, and nothing is written.
 */
export interface Store {
  begin(): void;
  rollback(): void;
  /** Everything; clears the marks of change. */
  write(writer: ByteWriter): void;
  /** What changed since the last write or writeChanges. */
  writeChanges(writer: ByteWriter): void;
  /** Lays what write or writeChanges wrote over the present content. */
  read(reader: ByteReader): void;
}

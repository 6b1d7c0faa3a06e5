import { crc32 } from 'node:zlib';
import type { Ticks } from '../core/ticks.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import { sealOf } from '../state/seal.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

/** Written into every checkpoint; one of another version is rebuilt from the workspace, never read. */
export const CHECKPOINT_VERSION = 2;

/** How far a pipeline has come. */
export interface Checkpoint {
  /** Exclusive end of ingestion time that was read. */
  readonly until: Ticks;
  /** Newest arrival number that was read; undefined where the workspace has none. */
  readonly arrival: bigint | undefined;
  /** Windows of the next fetch. */
  readonly span: number;
  /** Names of the engine's snapshot and of the deltas after it, in order. */
  readonly engine: readonly EnginePart[];
  readonly ledger: Ledger;
}

/** What a checkpoint's blob holds. */
export interface Saved {
  /** Undefined where rows were written (by a backfill) before the pipeline itself has ever read any. */
  readonly checkpoint: Checkpoint | undefined;
  readonly ledger: Ledger;
  /** Entries as they were before findings of this checkpoint's outbox: what holds of those that the workspace refuses. */
  readonly undo?: ReadonlyMap<string, LedgerEntry | undefined> | undefined;
}

/** A snapshot or delta of the engine, which seals them itself; the checkpoint holds those with these seals and no others. */
export interface EnginePart {
  readonly name: string;
  readonly bytes: number;
  readonly seal: number;
}

/** The one blob that says which checkpoint holds; until `delivered` its outbox is still on the way. */
export interface Head {
  readonly version: number;
  readonly sequence: number;
  readonly crc: number;
  readonly delivered: boolean;
  /** Which run left it. */
  readonly runId: string;
  /** ISO 8601. */
  readonly writtenAt: string;
}

const HEAD = 'head.json';
/** In the place of a head that cannot be read; no program writes this version. */
const DAMAGED: Head = { version: 0, sequence: 0, crc: 0, delivered: true, runId: '', writtenAt: '' };

export function checkpointName(sequence: number): string {
  return `checkpoint-${String(sequence).padStart(9, '0')}.json`;
}

export function enginePartName(sequence: number, kind: 'snapshot' | 'delta'): string {
  return `engine-${String(sequence).padStart(9, '0')}.${kind}`;
}

export async function readHead(store: CheckpointStore): Promise<Head | undefined> {
  const bytes = await store.read(HEAD);
  if (bytes === undefined) return undefined;
  const head = parse(bytes) as Head | undefined;
  return typeof head?.sequence === 'number' ? head : DAMAGED;
}

export async function writeHead(store: CheckpointStore, head: Head): Promise<void> {
  await store.write(HEAD, encode(head));
}

/** Writes the checkpoint's blob and gives its check sum, for the head. */
export async function writeCheckpoint(store: CheckpointStore, sequence: number, { checkpoint, ledger, undo }: Saved): Promise<number> {
  const told = JSON.stringify({
    version: CHECKPOINT_VERSION,
    until: checkpoint === undefined ? null : String(checkpoint.until),
    arrival: checkpoint?.arrival === undefined ? null : String(checkpoint.arrival),
    span: checkpoint?.span ?? null,
    engine: checkpoint?.engine ?? [],
  });
  const rest = undo === undefined ? '' : `,"undo":${JSON.stringify([...undo].map(([uid, entry]) => [uid, entry ?? null]))}`;
  const bytes = joined([utf8(`${told.slice(0, -1)},"ledger":`), ledgerBytes(ledger), utf8(`${rest}}`)]);
  await store.write(checkpointName(sequence), bytes);
  return crc32(bytes);
}

/** The checkpoint of a head with its engine parts, or why it cannot be used. */
export async function readCheckpoint(
  store: CheckpointStore,
  head: Head,
  { withParts = true } = {},
): Promise<(Saved & { readonly parts: readonly Uint8Array[] }) | { readonly unusable: string }> {
  if (head.version === DAMAGED.version) return { unusable: `${HEAD} is damaged` };
  if (head.version !== CHECKPOINT_VERSION)
    return { unusable: `it is of version ${head.version}, this program writes version ${CHECKPOINT_VERSION}` };
  const bytes = await store.read(checkpointName(head.sequence));
  if (bytes === undefined) return { unusable: `${checkpointName(head.sequence)} is missing` };
  if (crc32(bytes) !== head.crc) return { unusable: `${checkpointName(head.sequence)} is damaged` };
  const raw = parse(bytes) as {
    until: string | null;
    arrival: string | null;
    span: number | null;
    engine: EnginePart[];
    ledger: [string, LedgerEntry][];
    undo?: [string, LedgerEntry | null][];
  };
  const parts: Uint8Array[] = [];
  for (const { name, bytes: length, seal } of withParts ? raw.engine : []) {
    const part = await store.read(name);
    if (part === undefined || part.length !== length || sealOf(part) !== seal) return { unusable: `${name} is missing or damaged` };
    // A store may give a Buffer, whose slice() is a view where a Uint8Array's is a copy: the engine counts on a copy.
    parts.push(new Uint8Array(part.buffer, part.byteOffset, part.length));
  }
  const ledger = new Map(raw.ledger);
  const undo = raw.undo && new Map(raw.undo.map(([uid, entry]) => [uid, entry ?? undefined]));
  if (raw.until === null || raw.span === null) return { checkpoint: undefined, ledger, undo, parts };
  const arrival = raw.arrival === null ? undefined : BigInt(raw.arrival);
  return { checkpoint: { until: BigInt(raw.until), arrival, span: raw.span, engine: raw.engine, ledger }, ledger, undo, parts };
}

/** Of 10,000 findings 3 MB, and by far the most of what a commit takes; most commits change none of them. */
const written = new WeakMap<Ledger, Uint8Array>();

function ledgerBytes(ledger: Ledger): Uint8Array {
  const known = written.get(ledger);
  if (known !== undefined) return known;
  const bytes = encode([...ledger]);
  written.set(ledger, bytes);
  return bytes;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const encode = (value: unknown) => utf8(JSON.stringify(value));

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

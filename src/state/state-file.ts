import { ByteReader, ByteWriter } from '../core/bytes.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { isIntact, seal } from './seal.ts';

const MAGIC = 0x46575331; // FWS1
/** In the place of it in bytes that an engine has taken over. */
const TAKEN = 0x46575330;

/** What a state says about itself: of what version it is, how its records are laid out, whether it is whole or a set of changes. */
export interface StateHead {
  readonly version: number;
  readonly layout: string;
  readonly part: 'whole' | 'changes';
}

/** Where a state is written to: the bytes that are expected, and memory for them. */
export interface StateRoom {
  readonly capacity: number;
  readonly memory: ArrayBufferLike | undefined;
}

/** A state with its head and its seal; `write` writes its body. */
export function sealState(head: StateHead, room: StateRoom, write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(room.capacity, room.memory);
  writer.u32(MAGIC);
  writer.u32(head.version);
  writer.text(head.layout);
  writer.text(head.part);
  writer.section(() => write(writer));
  return seal(writer);
}

function refuse(code: string, message: string, hint: string): never {
  throw new FactorwatchError(code, message, { exitCode: ExitCode.unexpected, hint });
}

/**
 * Opens what sealState made, which is its reader's from then on: what is read of it may be kept and written to where it lies, so that it cannot be
 * opened again. FactorwatchError state-damaged when bytes differ, state-version when it is of another version or layout.
 */
export function openState(bytes: Uint8Array, expected: StateHead): ByteReader {
  const reader = new ByteReader(bytes);
  const magic = reader.u32();
  if (magic === TAKEN) refuse('state-damaged', 'This state was taken over by an engine', 'Read it from its store again');
  if (magic !== MAGIC) refuse('state-damaged', 'This is not a state of the engine', 'Rebuild it from the workspace');
  const version = reader.u32();
  if (version !== expected.version) {
    refuse('state-version', `The state is of version ${version}; this program writes ${expected.version}`, 'Rebuild it from the workspace');
  }
  const layout = reader.text();
  if (layout !== expected.layout) {
    refuse('state-version', `The state is laid out as ${layout}; this program as ${expected.layout}`, 'Rebuild it from the workspace');
  }
  const part = reader.text();
  if (part !== expected.part)
    refuse('state-damaged', `The state is ${part} where ${expected.part} belongs`, 'Rebuild it from the workspace');
  if (!isIntact(bytes)) refuse('state-damaged', 'The checksum of the state is wrong', 'Rebuild it from the workspace');
  const body = reader.inPlace();
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, TAKEN, true);
  return new ByteReader(body);
}

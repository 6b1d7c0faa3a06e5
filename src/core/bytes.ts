import { ExitCode, FactorwatchError } from './errors.ts';

const decoder = new TextDecoder();

/** Bytes that are all going to be written: to fill them with zeros first takes as long as to write them. */
function unwritten(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** A growing little-endian buffer. Arrays are written with their length and start on a multiple of 8, so that they can be read in place. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** `capacity`: bytes that are expected; what is not used costs address space only. They lie in `memory` where it has as many. */
  constructor(capacity = 1024, memory?: ArrayBufferLike) {
    this.#bytes = memory !== undefined && memory.byteLength >= capacity ? new Uint8Array(memory) : unwritten(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #reserve(count: number): number {
    const at = this.#length;
    if (at + count > this.#bytes.length) {
      const grown = unwritten(Math.max(this.#bytes.length * 2, at + count));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = at + count;
    return at;
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    const at = this.#space(length);
    Buffer.from(this.#bytes.buffer, at, length).write(value);
  }

  array(values: Uint8Array | Uint32Array | Int32Array | Float64Array | Int8Array): void {
    const at = this.#space(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  }

  /** An array of words of 32 bits, to be filled in place before anything else is written. */
  words(count: number): Uint32Array {
    const at = this.#space(4 * count);
    return new Uint32Array(this.#bytes.buffer, at, count);
  }

  /** Length and padding of an array, and its space. */
  #space(byteLength: number): number {
    this.u32(byteLength);
    const pad = (8 - (this.#length % 8)) % 8;
    const padding = this.#reserve(pad);
    this.#bytes.fill(0, padding, padding + pad);
    return this.#reserve(byteLength);
  }

  /** What `write` writes here, as an array of bytes: nothing is copied once more. */
  section(write: () => void): void {
    const lengthAt = this.#length;
    const start = this.#space(0);
    write();
    this.#view.setUint32(lengthAt, this.#length - start, true);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what ByteWriter wrote; a read past the end is FactorwatchError state-damaged. Arrays are copies, but for inPlace and wordsInPlace. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) {
      throw new FactorwatchError('state-damaged', 'The state ends before its last section', { exitCode: ExitCode.unexpected });
    }
    this.#at = at + count;
    return at;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    return decoder.decode(this.inPlace());
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.inPlace());
  }

  /** An array of bytes where it lies. */
  inPlace(): Uint8Array {
    const length = this.u32();
    this.#take((8 - (this.#at % 8)) % 8);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** As u32s; where it lies, if it lies on a multiple of four. To be kept by who owns all that was read: it keeps it. */
  wordsInPlace(): Uint32Array {
    const bytes = this.inPlace();
    return bytes.byteOffset % 4 === 0
      ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
      : new Uint32Array(bytes.slice().buffer);
  }

  u32s(): Uint32Array {
    return new Uint32Array(this.bytes().buffer);
  }

  i32s(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.bytes().buffer);
  }

  f64s(): Float64Array {
    return new Float64Array(this.bytes().buffer);
  }

  i8s(): Int8Array {
    return new Int8Array(this.bytes().buffer);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }
}

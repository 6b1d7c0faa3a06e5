import { ExitCode, FactorwatchError } from './errors.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A growing little-endian buffer. Arrays are written with their length and start on a multiple of 8, so that they can be read in place. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  #reserve(count: number): number {
    const at = this.#length;
    if (at + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + count));
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
    this.array(encoder.encode(value));
  }

  array(values: Uint8Array | Uint32Array | Int32Array | Float64Array | Int8Array): void {
    this.u32(values.byteLength);
    const pad = (8 - (this.#length % 8)) % 8;
    const padding = this.#reserve(pad);
    this.#bytes.fill(0, padding, padding + pad);
    const at = this.#reserve(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what ByteWriter wrote; a read past the end is FactorwatchError state-damaged. Arrays are copies. */
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
    return decoder.decode(this.bytes());
  }

  bytes(): Uint8Array {
    const length = this.u32();
    this.#take((8 - (this.#at % 8)) % 8);
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  u32s(): Uint32Array {
    return new Uint32Array(this.bytes().buffer);
  }

  i32s(): Int32Array {
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

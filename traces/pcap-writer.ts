/** Writes classic captures: little endian, version 2.4, nanoseconds or microseconds. */

import { splitTime } from "./formats/format.ts";
import { OutputFile } from "./output-file.ts";

/** Bytes gathered before the sink is called. */
const CHUNK = 256 * 1024;

export interface PcapOptions {
  /** LINKTYPE_ number of every packet. */
  linkType: number;
  /** Nanoseconds since the Unix epoch that packets' times count from; 0n unless given. */
  origin?: bigint;
  /** Longest packet kept, in bytes; 262144 unless given. */
  snaplen?: number;
  /** Microseconds instead of nanoseconds, for tools that know nothing else; times are cut. */
  microseconds?: boolean;
}

/** Takes the file's bytes, chunk after chunk. The chunk is the sink's to keep. */
export type PcapSink = (chunk: Uint8Array) => void;

export class PcapWriter {
  readonly #sink: PcapSink;
  readonly #snaplen: number;
  readonly #unit: 1 | 1000;
  readonly #originSeconds: number;
  readonly #originNanoseconds: number;
  #chunk = new Uint8Array(CHUNK);
  #view = new DataView(this.#chunk.buffer);
  #used = 0;

  constructor(options: PcapOptions, sink: PcapSink) {
    const { linkType, origin = 0n, snaplen = 262144, microseconds = false } = options;
    this.#sink = sink;
    this.#snaplen = snaplen;
    this.#unit = microseconds ? 1000 : 1;
    const { seconds, nanoseconds } = splitTime(origin);
    this.#originSeconds = seconds;
    this.#originNanoseconds = nanoseconds;
    const view = this.#view;
    view.setUint32(0, microseconds ? 0xa1b2c3d4 : 0xa1b23c4d, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, snaplen, true);
    view.setUint32(20, linkType, true);
    this.#used = 24;
  }

  /**
   * Writes the packet in `bytes` from `offset` on, `length` bytes long, of which the snaplen's worth
   * is kept. It was `wire` bytes on the wire.
   * @param time nanoseconds since the origin
   */
  write(time: number, bytes: Uint8Array, offset: number, length: number, wire = length): void {
    const kept = Math.min(length, this.#snaplen);
    if (this.#used + 16 + kept > this.#chunk.length) this.#turn(16 + kept);
    const view = this.#view;
    const at = this.#used;
    const second = Math.floor(time / 1e9);
    const nanosecond = time - second * 1e9 + this.#originNanoseconds;
    const carry = nanosecond >= 1e9 ? 1 : 0;
    view.setUint32(at, this.#originSeconds + second + carry, true);
    view.setUint32(at + 4, Math.floor((nanosecond - carry * 1e9) / this.#unit), true);
    view.setUint32(at + 8, kept, true);
    view.setUint32(at + 12, wire, true);
    const to = at + 16;
    if (kept < 128) for (let i = 0; i < kept; i++) this.#chunk[to + i] = bytes[offset + i];
    else this.#chunk.set(bytes.subarray(offset, offset + kept), to);
    this.#used = to + kept;
  }

  /** Hands out what is gathered so far: to be called at the end, and wherever readers are waiting. */
  flush(): void {
    if (this.#used > 0) this.#sink(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
    this.#chunk = new Uint8Array(0);
  }

  #turn(needed: number): void {
    if (this.#used > 0) this.#sink(this.#chunk.subarray(0, this.#used));
    this.#chunk = new Uint8Array(Math.max(CHUNK, needed));
    this.#view = new DataView(this.#chunk.buffer);
    this.#used = 0;
  }
}

/** A capture file being written. */
export interface PcapFile {
  writer: PcapWriter;
  /** Writes what is left and closes the file. */
  close(): void;
}

/**
 * Creates the capture `path`, or empties it.
 * @throws the system's error when it cannot be opened or written
 */
export function createPcapFile(path: string, options: PcapOptions): PcapFile {
  const file = new OutputFile(path);
  const writer = new PcapWriter(options, (chunk) => file.write(chunk));
  return {
    writer,
    close() {
      writer.flush();
      file.close();
    },
  };
}

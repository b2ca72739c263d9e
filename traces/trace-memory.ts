/**
 * Memory of one trace: the bytes of its captures, what they are decoded to and the connections that
 * are followed, where JavaScript and WebAssembly read them in place, from whatever thread. An
 * engine that replays a capture works there, too; a listing has a memory of its own.
 */
import { LimitError } from "./errors.ts";
import { wasmMemory } from "./wasm-module.ts";

const LINE_BYTES = 64;
const PAGE_BYTES = 65_536;
/** The word that says how much is given out; whoever takes more, in any thread, adds it there. */
const TAKEN = 0;

export class TraceMemory {
  readonly memory: WebAssembly.Memory;
  readonly #taken: Int32Array;
  /** Places given back, by their size. */
  readonly #free = new Map<number, number[]>();

  /** Of `most` bytes at most, if not of all that there can be. */
  constructor(most?: number) {
    this.memory = wasmMemory(PAGE_BYTES, most);
    this.#taken = new Int32Array(this.buffer, TAKEN, 1);
    this.#taken[0] = LINE_BYTES;
  }

  get buffer(): SharedArrayBuffer {
    return this.memory.buffer;
  }

  /**
   * A place for `bytes` bytes, whatever stands there, at the beginning of a cache line.
   * @throws {LimitError} when there is no more memory
   */
  place(bytes: number): number {
    const size = roundUp(bytes);
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) return free;
    const at = Atomics.add(this.#taken, 0, size) >>> 0;
    const missing = at + size - this.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** Gives back the place at `at`, which was for `bytes` bytes. */
  giveBack(at: number, bytes: number): void {
    const size = roundUp(bytes);
    const free = this.#free.get(size) ?? [];
    free.push(at);
    this.#free.set(size, free);
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      throw new LimitError("expected captures that fit into 4 GiB, found more open at once");
    }
  }
}

const roundUp = (bytes: number): number => LINE_BYTES * Math.ceil(bytes / LINE_BYTES);

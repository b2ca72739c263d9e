/** The part of a source that a reader looks at: one buffer, filled behind and emptied in front. */
import { type ByteSource, Interruption, SourceError } from "./sources/source.ts";

/** Bytes held at first, and of a file that goes on behind them. */
const FIRST_BYTES = 256 * 1024;
/**
 * More would fall out of the processor's cache. With less, what is done once a window, reads and
 * promises, is done so often that V8 spends a tenth of a run of half a second on compiling it.
 */
const STEADY_BYTES = 512 * 1024;

export class ByteWindow {
  bytes: Uint8Array;
  view: DataView;
  /** First byte not used yet. Beyond `end` when bytes that are still to come are to be passed over. */
  start = 0;
  /** One past the last byte held. */
  end = 0;
  /** Offset in the (decompressed) file of byte 0 of the window. */
  base = 0;
  /** No byte comes after `end`. */
  ended = false;
  /** Set when the source broke off instead of ending. */
  failure: SourceError | null = null;
  readonly #source: ByteSource;
  readonly #make: (length: number) => Uint8Array;
  /** Offset in the file up to which the next `fill` has to go. */
  #wanted = 0;

  /** `make` gives it the bytes that it holds. */
  constructor(
    source: ByteSource,
    make: (length: number) => Uint8Array = (length) => new Uint8Array(length),
  ) {
    this.#source = source;
    this.#make = make;
    this.bytes = make(FIRST_BYTES);
    this.view = viewOf(this.bytes);
  }

  /** What the source broke off by, unless it was its reader who would not wait. */
  get fault(): SourceError | null {
    return this.failure instanceof Interruption ? null : this.failure;
  }

  /**
   * Asks that the next `fill` bring the window up to position `until`, if the file goes that far.
   * The buffer grows by doubling, and only once the bytes before have come: a lie costs nothing.
   */
  want(until: number): void {
    this.#wanted = Math.max(this.#wanted, this.base + until);
  }

  /** Drops what was used and reads on: once, and then until what was wanted is there. */
  async fill(): Promise<void> {
    this.#dropUsed();
    if (this.base + this.end >= FIRST_BYTES && this.bytes.length < STEADY_BYTES) this.#grow();
    while (!this.ended) {
      await this.#readOnce();
      if (this.start >= this.end) this.#dropUsed();
      else if (this.base + this.end >= this.#wanted) break;
    }
  }

  /** The first `length` bytes of the file, fewer if it is shorter; to be called before anything else. */
  async head(length: number): Promise<Uint8Array> {
    this.want(length);
    await this.fill();
    return this.bytes.subarray(0, Math.min(length, this.end));
  }

  #dropUsed(): void {
    const used = Math.min(this.start, this.end);
    if (used === 0) return;
    this.bytes.copyWithin(0, used, this.end);
    this.start -= used;
    this.end -= used;
    this.base += used;
  }

  async #readOnce(): Promise<void> {
    if (this.end === this.bytes.length) this.#grow();
    try {
      const reading = this.#source.read(this.bytes, this.end, this.bytes.length - this.end);
      const count = typeof reading === "number" ? reading : await reading;
      this.end += count;
      this.ended = count === 0;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.failure = error;
      this.ended = true;
    }
  }

  #grow(): void {
    const bytes = this.#make(2 * this.bytes.length);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** Where a capture's bytes come from, whatever holds them. */

/** A readable run of bytes, pulled by its reader: nothing is read that nobody asked for. */
export interface ByteSource {
  /**
   * Puts up to `length` bytes into `into` from index `at` on; resolves to how many, 0 at the end.
   * A source that has them at hand answers at once, without a promise.
   * @throws {SourceError} when no more bytes can be had although the end was not reached
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>;
  /** Bytes taken from the file or stream so far, as it lies on disk (compressed, maybe). */
  readonly taken: number;
  /** Bytes of the file on disk; null for a stream. */
  readonly size: number | null;
  /** Whether the same name can be opened once more for the same bytes. */
  readonly reopenable: boolean;
  close(): void;
}

/** A source broke off: what was to be expected there and what was found, for `Damage`. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly expected: string;
  readonly found: string;
  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

/** Nobody waits for a stream's next bytes any more, which is no fault of theirs. */
export class Interruption extends SourceError {
  constructor() {
    super("more bytes", "an interruption");
  }
}

/** A source whose bytes are made of another's, which alone knows the file. */
export abstract class DerivedSource implements ByteSource {
  protected source: ByteSource;

  constructor(source: ByteSource) {
    this.source = source;
  }

  get taken(): number {
    return this.source.taken;
  }

  get size(): number | null {
    return this.source.size;
  }

  get reopenable(): boolean {
    return this.source.reopenable;
  }

  abstract read(into: Uint8Array, at: number, length: number): number | Promise<number>;

  close(): void {
    this.source.close();
  }
}

/** A source whose first bytes were read to see what it is, and are read again from the start. */
export class PeekedSource extends DerivedSource {
  #head: Uint8Array;
  /** What looking ahead ran into, for the reader who gets there. */
  #failure: SourceError | null;

  private constructor(source: ByteSource, head: Uint8Array, failure: SourceError | null) {
    super(source);
    this.#head = head;
    this.#failure = failure;
  }

  /** Reads up to `length` bytes ahead; fewer at the end, or where the source breaks off. */
  static async peek(
    source: ByteSource,
    length: number,
  ): Promise<{ head: Uint8Array; source: ByteSource }> {
    const head = new Uint8Array(length);
    let held = 0;
    let failure: SourceError | null = null;
    try {
      while (held < length) {
        const count = await source.read(head, held, length - held);
        if (count === 0) break;
        held += count;
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failure = error;
    }
    const seen = head.subarray(0, held);
    return { head: seen, source: new PeekedSource(source, seen, failure) };
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    if (this.#head.length === 0) {
      if (this.#failure) throw this.#failure;
      return this.source.read(into, at, length);
    }
    const count = Math.min(length, this.#head.length);
    into.set(this.#head.subarray(0, count), at);
    this.#head = this.#head.subarray(count);
    return count;
  }
}

/** gzip (RFC 1952), any number of members, through node:zlib. */
import { createGunzip, type Gunzip } from "node:zlib";
import { type ByteSource, DerivedSource, SourceError } from "./source.ts";

/** Compressed bytes handed over at once; they become a thousand times as many at worst. */
const PIECE = 64 * 1024;
/** The same on a second try, close to damage. */
const FINE_PIECE = 16;

/** Bytes zlib gives back at once: its default of 16 KiB costs a third of the speed. */
const CHUNK = 256 * 1024;
const FINE_CHUNK = 16 * 1024;

export class GzipSource extends DerivedSource {
  #gunzip: Gunzip;
  readonly #output: Uint8Array[] = [];
  #failure: Error | null = null;
  #finished = false;
  /** The piece that is being worked on, if any. */
  #feeding: Promise<void> | null = null;
  /** Ends the wait for what comes of the bytes handed over. */
  #fed: () => void = () => {};
  /** Bytes given back so far, and how many of them are to be passed over on the second try. */
  #given = 0;
  #known = 0;
  /** Compressed offset of the piece handed over last. */
  #piece = 0;
  /** Opens the same file again; used up by the second try. */
  #reopen: (() => ByteSource) | null;
  /** Compressed offset from which the second try goes by small steps. */
  #fineFrom = Number.POSITIVE_INFINITY;

  /**
   * Takes over `source`, whose bytes are compressed. zlib drops what it had worked out when it meets
   * damage; with `reopen`, that is worked out again, up to the damage.
   */
  constructor(source: ByteSource, reopen: (() => ByteSource) | null) {
    super(source);
    this.#reopen = reopen;
    this.#gunzip = this.#start(CHUNK);
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#output.length === 0) {
      if (this.#failure) throw new SourceError("gzip data", gzipFault(this.#failure));
      if (this.#finished) return 0;
      this.#feeding ??= this.#feed();
      await this.#feeding;
      this.#feeding = null;
    }
    const chunk = this.#output[0];
    const count = Math.min(length, chunk.length);
    into.set(chunk.subarray(0, count), at);
    if (count === chunk.length) this.#output.shift();
    else this.#output[0] = chunk.subarray(count);
    // zlib works in a thread of its own: the next piece is on its way while this one is read.
    if (this.#output.length === 0 && !this.#finished && !this.#failure) {
      this.#feeding ??= this.#feed();
      // What goes wrong is for the next read to tell.
      this.#feeding.catch(() => {});
    }
    return count;
  }

  override close(): void {
    this.#reopen = null;
    this.#gunzip.destroy();
    super.close();
  }

  #start(chunkSize: number): Gunzip {
    const gunzip = createGunzip({ chunkSize });
    gunzip.on("data", (chunk: Uint8Array) => {
      const skip = Math.min(this.#known, chunk.length);
      this.#known -= skip;
      if (skip === chunk.length) return;
      this.#output.push(chunk.subarray(skip));
      this.#given += chunk.length - skip;
    });
    gunzip.on("error", (error) => {
      if (this.#reopen) this.#startAgain(this.#reopen);
      else this.#failure = error;
      this.#fed();
    });
    gunzip.on("end", () => {
      this.#finished = true;
      this.#fed();
    });
    return gunzip;
  }

  #startAgain(reopen: () => ByteSource): void {
    this.#reopen = null;
    this.#known = this.#given;
    this.#fineFrom = this.#piece;
    this.source.close();
    this.source = reopen();
    this.#gunzip = this.#start(FINE_CHUNK);
  }

  /** Hands over one piece and waits until all that comes of it has come. */
  async #feed(): Promise<void> {
    this.#piece = this.source.taken;
    const left = this.#fineFrom - this.#piece;
    const length = left > 0 ? Math.min(PIECE, left) : FINE_PIECE;
    const piece = new Uint8Array(length);
    const count = await this.source.read(piece, 0, length);
    const gunzip = this.#gunzip;
    await new Promise<void>((resolve) => {
      this.#fed = resolve;
      if (count > 0) gunzip.write(piece.subarray(0, count), () => resolve());
      else gunzip.end();
    });
  }
}

/** zlib's complaint in words. */
function gzipFault(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return "the end of the compressed file in the middle of its data";
  return `damaged compressed data (${error.message})`;
}

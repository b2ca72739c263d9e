/** gzip (RFC 1952), any number of members, through node:zlib. */
import { createGunzip, type Gunzip } from "node:zlib";
import { type ByteSource, SourceError } from "./source.ts";

/** Compressed bytes handed over at once; they become a thousand times as many at worst. */
const PIECE = 64 * 1024;

/** Bytes zlib gives back at once: its default of 16 KiB costs a third of the speed. */
const CHUNK = 256 * 1024;

export class GzipSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #gunzip: Gunzip;
  readonly #output: Uint8Array[] = [];
  #failure: Error | null = null;
  #finished = false;
  /** Ends the wait for what comes of the bytes handed over. */
  #fed: () => void = () => {};

  /** Takes over `source`, whose bytes are compressed. */
  constructor(source: ByteSource) {
    this.#source = source;
    this.#gunzip = createGunzip({ chunkSize: CHUNK });
    this.#gunzip.on("data", (chunk: Uint8Array) => this.#output.push(chunk));
    this.#gunzip.on("error", (error) => {
      this.#failure = error;
      this.#fed();
    });
    this.#gunzip.on("end", () => {
      this.#finished = true;
      this.#fed();
    });
  }

  get taken(): number {
    return this.#source.taken;
  }

  get size(): number | null {
    return this.#source.size;
  }

  get reopenable(): boolean {
    return this.#source.reopenable;
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#output.length === 0) {
      if (this.#failure) throw new SourceError("gzip data", gzipFault(this.#failure));
      if (this.#finished) return 0;
      await this.#feed();
    }
    const chunk = this.#output[0];
    const count = Math.min(length, chunk.length);
    into.set(chunk.subarray(0, count), at);
    if (count === chunk.length) this.#output.shift();
    else this.#output[0] = chunk.subarray(count);
    return count;
  }

  close(): void {
    this.#gunzip.destroy();
    this.#source.close();
  }

  /** Hands over one piece and waits until all that comes of it has come. */
  async #feed(): Promise<void> {
    const piece = new Uint8Array(PIECE);
    const count = await this.#source.read(piece, 0, PIECE);
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

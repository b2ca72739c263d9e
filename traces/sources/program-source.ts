/** Compressed files that another program decompresses: its standard output. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type ByteSource, DerivedSource, Interruption, SourceError } from "./source.ts";
import { StreamSource } from "./stream-source.ts";

const PIECE = 256 * 1024;

export class ProgramSource extends DerivedSource {
  readonly #program: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #output: StreamSource;
  readonly #exit: Promise<number | null>;
  readonly #signal: AbortSignal | undefined;
  #complaint = "";
  #closed = false;

  private constructor(
    program: string,
    child: ChildProcessWithoutNullStreams,
    source: ByteSource,
    signal?: AbortSignal,
  ) {
    super(source);
    this.#signal = signal;
    this.#program = program;
    this.#child = child;
    this.#output = new StreamSource(child.stdout, signal);
    this.#exit = new Promise((resolve) => child.once("close", resolve));
    child.stderr.on("data", (text: Buffer) => {
      if (this.#complaint.length < 400) this.#complaint += text.toString();
    });
    // The program may leave before it has taken everything; its status says why.
    child.stdin.on("error", () => {});
    void this.#feed();
  }

  /** Starts `program -dc` over `source`; null when there is no such program. */
  static async start(
    program: string,
    source: ByteSource,
    signal?: AbortSignal,
  ): Promise<ProgramSource | null> {
    const child = spawn(program, ["-dc"], { stdio: "pipe" });
    const started = await new Promise<boolean>((resolve) => {
      child.once("spawn", () => resolve(true));
      child.once("error", () => resolve(false));
    });
    return started ? new ProgramSource(program, child, source, signal) : null;
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    const count = await this.#output.read(into, at, length);
    if (count > 0 || this.#closed) return count;
    const status = await this.#exit;
    if (status === 0) return 0;
    // Ctrl-C in a terminal ends the program, too.
    if (this.#signal?.aborted) throw new Interruption();
    const complaint = this.#complaint.trim().split("\n").at(-1);
    throw new SourceError(`whole ${this.#program} data`, complaint || `status ${status}`);
  }

  override close(): void {
    this.#closed = true;
    this.#child.kill();
    this.#output.close();
    super.close();
  }

  async #feed(): Promise<void> {
    const { stdin } = this.#child;
    try {
      while (!this.#closed && stdin.writable) {
        const piece = new Uint8Array(PIECE);
        const count = await this.source.read(piece, 0, PIECE);
        if (count === 0) break;
        await new Promise<void>((resolve) =>
          stdin.write(piece.subarray(0, count), () => resolve()),
        );
      }
    } catch {
      // A source that breaks off ends the program's input; what is missing shows in its status.
    }
    stdin.end();
  }
}
